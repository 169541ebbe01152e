import { describe, expect, test } from "vitest";
import type { Pulse } from "../../host/engine/state-window.ts";
import { Watchdog } from "../../host/engine/watchdog.ts";

const IDLE: Pulse = { heartbeat: 7n, changing: 0, pack: undefined, eventNumber: 1n, eventType: 5 };

interface Scene {
  pulse: Pulse;
  awaited: boolean;
  offered: number;
  now: number;
}

function watch(): { scene: Scene; stuck: Pulse[]; look: (advanceMs: number) => void } {
  const scene: Scene = { pulse: IDLE, awaited: false, offered: 0, now: 0 };
  const stuck: Pulse[] = [];
  const watchdog = new Watchdog({
    timeoutMs: 1_000,
    read: () => scene.pulse,
    awaited: () => scene.awaited,
    offered: () => scene.offered,
    onStuck: (pulse) => stuck.push(pulse),
    now: () => scene.now,
  });
  const look = (advanceMs: number): void => {
    scene.now += advanceMs;
    watchdog.look();
  };
  look(0);
  return { scene, stuck, look };
}

describe("the watchdog", () => {
  test("leaves an idle engine alone, however long", () => {
    const { stuck, look } = watch();
    for (let i = 0; i < 100; i++) look(10_000);
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
    look(500);
    look(499);
    expect(stuck).toEqual([]);
    look(1);
    expect(stuck).toHaveLength(1);
  });

  test("starts anew with every beat", () => {
    const { scene, stuck, look } = watch();
    for (let beat = 8n; beat < 20n; beat++) {
      scene.pulse = { ...IDLE, pack: 0, heartbeat: beat };
      look(900);
    }
    expect(stuck).toEqual([]);
  });

  test("takes events that were drained meanwhile for movement", () => {
    const { scene, stuck, look } = watch();
    scene.offered = 5;
    scene.pulse = { ...IDLE, heartbeat: 8n };
    look(500);
    look(5_000);
    expect(stuck).toEqual([]);
  });
});
