/** What a supervisor is told, and what it tells. */
import type { Merge } from "./merges.ts";
import type { Throttling } from "./pack-pace.ts";
import type { ContainerProcess, ReportLimits } from "./protocol.ts";
import type { EngineFault, Match, PackFault, SessionOptions, StateOrigin } from "./session.ts";
import type { WindowFiles } from "./windows.ts";

export interface SupervisorListener {
  onMatch(match: Match): void;
  /** Matches that were counted instead of reported one by one. */
  onMerged?(merge: Merge): void;
  /** A pack takes too long and misses events. */
  onThrottled?(throttling: Throttling): void;
  onFault(fault: PackFault): void;
  /**
   * So many recorded bytes lie in the replay window, until this returns; the engine waits until it
   * has settled.
   */
  onRecorded(bytes: number): void | Promise<void>;
  /** A program runs in a container; answer with `Supervisor.tell`. */
  onProcess?(process: ContainerProcess): void;
  /** What was told of this container holds for the events that are handed over next. */
  onTold?(container: string): void;
  /** A successor runs. After `torn` or `laid-out` the state is empty and has to be read again. */
  onRestart(reason: string, origin: StateOrigin): void | Promise<void>;
  /** The engine cannot be kept running. */
  onGivenUp(error: EngineFault): void;
}

export interface SupervisorOptions {
  readonly session: Omit<SessionOptions, "windows" | "disabled" | "takeOver">;
  readonly windows: WindowFiles;
  readonly limits: ReportLimits;
  /** Keep every event block (live capture only). */
  readonly record: boolean;
  /** Milliseconds without movement until the engine is stopped by force. */
  readonly watchdogMs: number;
  /** Events that were put into the rings so far; only ever goes up. */
  readonly offered: () => number;
}
