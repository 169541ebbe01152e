/** What a session tells while it runs. */
import type { Match, PackFault } from "./session.ts";

export interface SessionListener {
  /** `chars`: about what the alert will be long. */
  onMatch(match: Match, chars: number): void;
  /** False: this match is only counted, by whoever is asked. */
  admits?(pack: number, rule: number, time: bigint): boolean;
  /** While packs are timed: this one has answered, or (NO_PACK) the first is called now. */
  onEvaluated?(pack: number): void;
  onFault(fault: PackFault): void;
  /** `init` of this pack is about to be called. */
  onLoading?(pack: number): void;
  /** A program runs in a container (its short id); true: draining stops for news of it. */
  onProcess?(pid: number, container: string): boolean;
}
