/**
 * Packs that take too long for the rate of events are called for one event in so many, and the
 * events that they miss are counted. The host decides which, after it had the calls timed.
 */
import { PACKS_MAX } from "../schema/generated/memory";
import { SKIPPED_BASE } from "../state/counters";

/** Per pack: stride u32 (0 and 1: every event), events since the last call u32, skipped u64. */
const ROWS: usize = memory.data(2_048, 8); // 16 bytes × PACKS_MAX

export class Pacing {
  /** Anything of this is in use: one test keeps the usual path short. */
  static isOn: bool = false;
  static timed: bool = false;
  static paced: u32 = 0;

  /** The host is told when a pack has answered. */
  static time(on: bool): void {
    Pacing.timed = on;
    Pacing.isOn = on || Pacing.paced != 0;
  }

  /** From now on `pack` sees one event in `stride`. */
  static set(pack: u32, stride: u32): void {
    if (pack >= PACKS_MAX) return;
    const row = ROWS + (<usize>pack << 4);
    if (load<u32>(row) > 1) Pacing.paced--;
    if (stride > 1) Pacing.paced++;
    store<u32>(row, stride);
    store<u32>(row, 0, 4);
    Pacing.isOn = Pacing.timed || Pacing.paced != 0;
  }

  /** Whether `pack` misses this event; counts it then. */
  static skips(pack: u32): bool {
    const row = ROWS + (<usize>pack << 4);
    const stride = load<u32>(row);
    if (stride <= 1) return false;
    const turn = load<u32>(row, 4) + 1;
    if (turn >= stride) {
      store<u32>(row, 0, 4);
      return false;
    }
    store<u32>(row, turn, 4);
    store<u64>(row, load<u64>(row, 8) + 1, 8);
    store<u64>(SKIPPED_BASE, load<u64>(SKIPPED_BASE) + 1);
    return true;
  }

  /** Events that `pack` missed since this engine started. */
  static skipped(pack: u32): u64 {
    return pack < PACKS_MAX ? load<u64>(ROWS + (<usize>pack << 4), 8) : 0;
  }
}
