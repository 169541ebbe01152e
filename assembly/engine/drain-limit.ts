/** How many records the drain under way may take; whoever needs it to end sets 0. */
export class DrainLimit {
  static events: u32 = 0;
  /** The host wants the replay under way to end behind the current block. */
  static replayPaused: bool = false;
}
