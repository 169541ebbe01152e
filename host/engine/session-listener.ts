/** What a session tells while it runs. */
import type { FieldValue } from "../schema/value.ts";

/** One rule that matched one event. */
export interface Match {
  readonly pack: number;
  readonly rule: number;
  /** `evt.num`. */
  readonly event: bigint;
  /** ns since the epoch. */
  readonly time: bigint;
  readonly values: readonly FieldValue[];
}

/** A pack did what it must not do and was switched off. */
export interface PackFault {
  readonly pack: number;
  readonly reason: string;
  /** `evt.num`, 0 before the first event. */
  readonly event: bigint;
  /** Event type code. */
  readonly eventType: number;
}

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
