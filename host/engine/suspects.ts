/**
 * Packs in which engines were killed from outside. One kill says nothing about the pack that
 * happened to be called; when the kernel ends engines for want of memory, the same pack is called
 * each time.
 */
const KILLS_MIN = 2;

export class Suspects {
  #pack: number | undefined;
  #kills = 0;

  /**
   * An engine was killed while `pack` was called (undefined: none). Returns whether the pack is to
   * blame: it was the one that was called at the last kill, too.
   */
  isGuilty(pack: number | undefined): boolean {
    this.#kills = pack !== undefined && pack === this.#pack ? this.#kills + 1 : 1;
    this.#pack = pack;
    if (pack === undefined || this.#kills < KILLS_MIN) return false;
    this.#pack = undefined;
    return true;
  }
}
