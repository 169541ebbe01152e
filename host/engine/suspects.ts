/**
 * Packs in which engines were killed from outside. One kill says nothing about the pack that
 * happened to be called; when the kernel ends engines for want of memory, it is the same one each
 * time.
 */
const KILLS_MIN = 3;
const KILLS_WITHIN_MS = 60_000;

export class Suspects {
  #pack: number | undefined;
  #times: readonly number[] = [];

  /**
   * An engine was killed while `pack` was called (undefined: none). Returns whether the pack is to
   * blame: it was called at the last few kills, too. `now`: monotonic, ms.
   */
  isGuilty(pack: number | undefined, now: number): boolean {
    const earlier = pack === this.#pack ? this.#times : [];
    this.#pack = pack;
    this.#times = [...earlier.filter((time) => now - time < KILLS_WITHIN_MS), now];
    if (pack === undefined || this.#times.length < KILLS_MIN) return false;
    this.#times = [];
    return true;
  }
}
