/**
 * Threads that exited a moment ago. The parent's half of a clone may come after the child has come
 * and gone, and must not bring it back. Private to the engine: a restart forgets it, and the worst
 * that follows is a stale entry.
 */
import { Hash } from "../state/hash";

const SLOTS: u32 = 8_192;
/** tid i64, time u64 */
const TABLE: usize = memory.data(131_072, 8);
/** ns. */
const RECENT: u64 = 2_000_000_000;

export class RecentExits {
  static note(tid: i64, time: u64): void {
    const slot = RecentExits.slot(tid);
    store<i64>(slot, tid);
    store<u64>(slot, time, 8);
  }
  static has(tid: i64, now: u64): bool {
    const slot = RecentExits.slot(tid);
    return load<i64>(slot) == tid && now - load<u64>(slot, 8) < RECENT;
  }
  static clear(): void {
    memory.fill(TABLE, 0, 131_072);
  }
  @inline private static slot(tid: i64): usize {
    return TABLE + (<usize>(Hash.of(<u64>tid) & (SLOTS - 1)) << 4);
  }
}
