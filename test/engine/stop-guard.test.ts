import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { STILL_MS_MAX, StopGuard } from "../../host/engine/stop-guard.ts";

describe("the wait for an engine that is to stop", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("goes on while the engine gets on", async () => {
    let events = 0;
    const onStill = vi.fn();
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const guard = new StopGuard({ progress: () => String(events), onStill });
    const waited = guard.during(ended);
    for (let round = 0; round < 10; round++) {
      events++;
      vi.advanceTimersByTime(STILL_MS_MAX);
    }
    expect(onStill).not.toHaveBeenCalled();
    end();
    await waited;
    vi.advanceTimersByTime(2 * STILL_MS_MAX);
    expect(onStill).not.toHaveBeenCalled();
  });

  test("ends when it stands still", () => {
    const onStill = vi.fn();
    const guard = new StopGuard({ progress: () => "7", onStill });
    void guard.during(new Promise(() => undefined));
    vi.advanceTimersByTime(STILL_MS_MAX - 1);
    expect(onStill).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onStill).toHaveBeenCalledOnce();
  });
});
