import { describe, expect, test, vi } from "vitest";
import { ContainerQuestions } from "../../host/engine/container-questions.ts";

function scene(isPressing = false): {
  readonly questions: ContainerQuestions;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const ask = ({ pid, container }: { readonly pid: number; readonly container: string }): void => {
    asked.push(`${container} of ${String(pid)}`);
  };
  const questions = new ContainerQuestions(ask, () => isPressing);
  return { questions, asked };
}

describe("questions about containers", () => {
  test("are asked once, until the answer is final", () => {
    const { questions, asked } = scene();
    expect(questions.onProcess({ pid: 1, container: "a" })).toBe(true);
    expect(questions.onProcess({ pid: 2, container: "a" })).toBe(true);
    questions.onAnswer("a", false);
    expect(questions.onProcess({ pid: 3, container: "a" })).toBe(true);
    questions.onAnswer("a", true);
    expect(questions.onProcess({ pid: 4, container: "a" })).toBe(false);
    expect(asked).toEqual(["a of 1", "a of 3"]);
  });

  test("end, whatever the answers", () => {
    const { questions, asked } = scene();
    for (let i = 0; i < 100; i++) {
      questions.onProcess({ pid: i, container: "a" });
      questions.onAnswer("a", false);
      questions.onAnswer("b", false);
    }
    expect(asked).toHaveLength(16);
  });

  test("are asked of new containers however many there were", () => {
    const { questions, asked } = scene();
    for (let i = 0; i < 10_000; i++) {
      questions.onProcess({ pid: i, container: String(i) });
      questions.onAnswer(String(i), true);
    }
    expect(asked).toHaveLength(10_000);
  });

  test("are waited for until all are answered, and not for ever", async () => {
    const { questions } = scene();
    await questions.settled();
    for (const container of ["a", "b"]) questions.onProcess({ pid: 1, container });
    const order: string[] = [];
    const settled = questions.settled().then(() => order.push("settled"));
    questions.onAnswer("a", true);
    await Promise.resolve();
    order.push("one");
    questions.onAnswer("b", true);
    await settled;
    expect(order).toEqual(["one", "settled"]);
    questions.onProcess({ pid: 1, container: "never" });
    await questions.settled();
  });

  test("are waited for only as long as the rings have room", async () => {
    vi.useFakeTimers();
    try {
      for (const [isPressing, ms] of [
        [true, 5],
        [false, 1_000],
      ] as const) {
        const { questions } = scene(isPressing);
        questions.onProcess({ pid: 1, container: "never" });
        let hasSettled = false;
        const settled = questions.settled().then(() => (hasSettled = true));
        await vi.advanceTimersByTimeAsync(ms - 1);
        expect(hasSettled).toBe(false);
        await vi.advanceTimersByTimeAsync(1);
        await settled;
      }
    } finally {
      vi.useRealTimers();
    }
  });
});
