import { describe, expect, test } from "vitest";
import { PackPace, type Throttling } from "../../host/engine/pack-pace.ts";
import { NO_PACK } from "../../host/engine/state-window.ts";

/** Packs that cost what `costs` says, ms an event, behind a ring of that fill. */
function scene(costs: readonly number[]) {
  const clock = { now: 10_000 };
  const strides = costs.map(() => 1);
  const skipped = costs.map(() => 0);
  const hiccup = { event: -1, pack: 0, ms: 0 };
  const told: Throttling[] = [];
  const engine = {
    ringFill: 0,
    timed: false,
    timePacks: (on: boolean) => {
      engine.timed = on;
    },
    pacePack: (pack: number, stride: number) => {
      strides[pack] = stride;
    },
    skippedOf: (pack: number) => skipped[pack] ?? 0,
  };
  const pace = new PackPace(
    engine,
    costs.length,
    (throttling) => told.push(throttling),
    () => clock.now,
  );
  const drain = (events: number): void => {
    const begun = clock.now;
    for (let i = 0; i < events; i++) {
      if (engine.timed) pace.onEvaluated(NO_PACK);
      for (const [pack, cost] of costs.entries()) {
        if (i % (strides[pack] ?? 1) !== 0) {
          skipped[pack] = (skipped[pack] ?? 0) + 1;
          continue;
        }
        clock.now += cost + (i === hiccup.event && pack === hiccup.pack ? hiccup.ms : 0);
        if (engine.timed) pace.onEvaluated(pack);
      }
    }
    pace.afterDrain(events, clock.now - begun);
  };
  return { engine, strides, told, drain, clock, pace, skipped, hiccup };
}

describe("the pace of packs", () => {
  test("one that takes too long sees a share of the events, and the others all", () => {
    const { engine, strides, told, drain, skipped, pace } = scene([0.0005, 0.08, 0.0005]);
    engine.ringFill = 0.3;
    for (let i = 0; i < 20; i++) drain(512);
    expect(strides[1]).toBeGreaterThan(15);
    expect([strides[0], strides[2]]).toEqual([1, 1]);
    expect(told[0]).toMatchObject({ pack: 1, skipped: 0 });
    expect(told[0]?.cost).toBeCloseTo(80_000, -3);
    pace.flush();
    expect(told.reduce((sum, each) => sum + each.skipped, 0)).toBe(skipped[1]);
  });

  test("one that was kept from the CPU in between is left alone", () => {
    const { engine, strides, drain, hiccup } = scene([0.0005, 0.08, 0.0005]);
    engine.ringFill = 0.3;
    Object.assign(hiccup, { event: 20, pack: 2, ms: 4 });
    for (let i = 0; i < 7; i++) drain(100);
    expect(strides[1]).toBeGreaterThan(15);
    expect(strides[2]).toBe(1);
    // A pack that always does that takes the time of the others.
    for (let i = 0; i < 10; i++) drain(100);
    expect(strides[2]).toBeGreaterThan(1);
  });

  test("is given back when there is time", () => {
    const { engine, strides, drain, clock, told } = scene([0.0005, 0.08]);
    engine.ringFill = 0.3;
    for (let i = 0; i < 8; i++) drain(512);
    engine.ringFill = 0;
    for (let i = 0; i < 10; i++) {
      clock.now += 3_000;
      drain(1);
    }
    expect(strides).toEqual([1, 1]);
    expect(told.at(-1)).toMatchObject({ pack: 1, stride: 1 });
  });

  test("is nobody's business while events are evaluated in time, or for one pack alone", () => {
    const idle = scene([0.08, 0.001]);
    for (let i = 0; i < 10; i++) idle.drain(512);
    expect(idle.strides).toEqual([1, 1]);
    const alone = scene([0.08]);
    alone.engine.ringFill = 0.9;
    for (let i = 0; i < 10; i++) alone.drain(512);
    expect(alone.strides).toEqual([1]);
    expect(alone.engine.timed).toBe(false);
  });
});
