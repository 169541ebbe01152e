import { expect, test } from "vitest";
import { type Canaries, provesItself } from "../../host/capture/canary.ts";

/** Programs that write what they expect, or nothing. */
class FakePrograms implements Canaries {
  expected = 0;
  arrived = 0;
  #written = 0;
  readonly #sees: boolean;
  readonly #delivers: (call: number) => boolean;
  #calls = 0;

  constructor(sees: boolean, delivers: (call: number) => boolean) {
    this.#sees = sees;
    this.#delivers = delivers;
  }
  expect(number: number): void {
    this.expected = number;
  }
  send(number: number): void {
    if (!this.#sees || number !== this.expected) return;
    this.#written++;
    if (this.#delivers(this.#calls++)) this.arrived = number;
  }
  forget(): void {
    this.expected = 0;
  }
  written(): number {
    return this.#written;
  }
}

async function trial(programs: FakePrograms): Promise<string | undefined> {
  const sleep = (): Promise<void> => Promise.resolve();
  return await provesItself({ canaries: programs, arrived: () => programs.arrived, sleep });
}

test("a canary that arrives proves the capture, be it a later one", async () => {
  const programs = new FakePrograms(true, (call) => call === 3);
  expect(await trial(programs)).toBeUndefined();
  expect(programs.arrived).toBeGreaterThan(2 ** 31);
  expect(programs.expected).toBe(0);
});

test("it is said where a canary was lost", async () => {
  const blind = new FakePrograms(false, () => true);
  expect(await trial(blind)).toMatch(/did not see a system call/);
  const stuck = new FakePrograms(true, () => false);
  expect(await trial(stuck)).toMatch(/none .* reached the engine/);
});
