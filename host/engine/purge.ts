/** Lets the engine's thread table go of threads whose exit was lost. */
import { ANSWER_BYTES_MAX, REPLAY_BASE, REPLAY_BYTES_MAX } from "../schema/memory.ts";
import type { EngineExports } from "./engine-module.ts";

/** ns of event time: a thread that did something since is not looked at. As in Falco. */
const IDLE_NS = 300_000_000_000n;
/** Nothing else lies there, whatever is under way. */
const LIST_BASE = REPLAY_BASE + REPLAY_BYTES_MAX - ANSWER_BYTES_MAX;
const ROW = ANSWER_BYTES_MAX / Uint32Array.BYTES_PER_ELEMENT;

/**
 * `living` holds the ids of all threads that are alive, `memory` is the engine's. Returns how many
 * threads went.
 */
export function purgeThreads(
  engine: EngineExports,
  memory: Uint8Array,
  living: Uint32Array,
): number {
  for (let at = 0; at < living.length; at += ROW) {
    const row = living.slice(at, at + ROW);
    memory.set(new Uint8Array(row.buffer), LIST_BASE);
    engine.keepAlive(LIST_BASE, row.length);
  }
  return engine.purge(IDLE_NS) >>> 0;
}
