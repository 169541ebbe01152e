import { describe, expect, test } from "vitest";
import type { Pulse } from "../../host/engine/state-window.ts";
import { Watchdog } from "../../host/engine/watchdog.ts";

const IDLE: Pulse = {
  heartbeat: 7n,
  changing: 0,
  pack: undefined,
  eventNumber: 1n,
  eventType: 5,
  canary: 0,
};

interface Scene {
  pulse: Pulse;
  awaited: boolean;
  offered: number;
  owed: boolean;
  cpuMs: number;
  isRunnable: boolean;
}

function watch(): { scene: Scene; stuck: boolean[]; look: (times: number) => void } {
  const scene: Scene = {
    pulse: IDLE,
    awaited: false,
    offered: 0,
    owed: false,
    cpuMs: 0,
    isRunnable: false,
  };
  const stuck: boolean[] = [];
  const watchdog = new Watchdog({
    timeoutMs: 1_000,
    read: () => scene.pulse,
    awaited: () => scene.awaited,
    owed: () => scene.owed,
    cpuMs: () => scene.cpuMs,
    isRunnable: () => scene.isRunnable,
    offered: () => scene.offered,
    onStuck: (_, ran) => stuck.push(ran),
  });
  const look = (times: number): void => {
    for (let i = 0; i < times; i++) watchdog.look();
  };
  look(1);
  return { scene, stuck, look };
}

describe("the watchdog", () => {
  test("leaves an idle engine alone, however long", () => {
    const { stuck, look } = watch();
    look(100);
    expect(stuck).toEqual([]);
  });

  const busy: readonly (readonly [string, (scene: Scene) => void])[] = [
    ["inside a pack", (scene) => (scene.pulse = { ...IDLE, pack: 3 })],
    ["inside an update", (scene) => (scene.pulse = { ...IDLE, changing: 1 })],
    ["while an answer is awaited", (scene) => (scene.awaited = true)],
    ["while events wait in a ring", (scene) => (scene.offered = 1)],
  ];
  test.each(busy)("reports an engine that stands still %s", (_, change) => {
    const { scene, stuck, look } = watch();
    change(scene);
    look(3);
    expect(stuck).toEqual([]);
    look(1);
    expect(stuck).toHaveLength(1);
  });

  test("starts anew with every beat", () => {
    const { scene, stuck, look } = watch();
    for (let beat = 8n; beat < 20n; beat++) {
      scene.pulse = { ...IDLE, pack: 0, heartbeat: beat };
      look(3);
    }
    expect(stuck).toEqual([]);
  });

  test("does not count looks while the engine waits for the agent", () => {
    const { scene, stuck, look } = watch();
    scene.awaited = true;
    scene.owed = true;
    look(100);
    expect(stuck).toEqual([]);
    scene.owed = false;
    look(4);
    expect(stuck).toHaveLength(1);
  });

  test.each([
    [100, false],
    [700, true],
  ])("tells whether the engine ran while it stood still: %i ms", (cpuMs, ran) => {
    const { scene, stuck, look } = watch();
    scene.awaited = true;
    scene.cpuMs = 5_000;
    look(1);
    scene.cpuMs += cpuMs;
    look(3);
    expect(stuck).toEqual([ran]);
  });

  test("gives an engine that waits for a CPU the time it was kept from running", () => {
    const { scene, stuck, look } = watch();
    scene.pulse = { ...IDLE, pack: 3 };
    scene.isRunnable = true;
    look(12);
    expect(stuck).toEqual([]);
    scene.cpuMs += 700;
    look(1);
    expect(stuck).toEqual([true]);
  });

  test("does not wait for ever for an engine that never runs", () => {
    const { scene, stuck, look } = watch();
    scene.awaited = true;
    scene.isRunnable = true;
    look(100);
    expect(stuck[0]).toBe(false);
  });

  test("takes events that were drained meanwhile for movement", () => {
    const { scene, stuck, look } = watch();
    scene.offered = 5;
    scene.pulse = { ...IDLE, heartbeat: 8n };
    look(1);
    look(5);
    expect(stuck).toEqual([]);
  });
});
