/**
 * Keeps an engine process running on one state window: starts it, watches it, and when it dies or
 * stands still starts another on the same state and the same rings, without the pack that was at
 * fault. What was in the rings meanwhile is drained by the successor.
 */
import { readSync, writeSync } from "node:fs";
import { REPLAY_BASE } from "../schema/memory.ts";
import { EngineChild, windowsInChild } from "./child.ts";
import { type Report, type ReportLimits, shortReason, type Totals } from "./protocol.ts";
import {
  EngineFault,
  type HostFacts,
  type Match,
  type PackFault,
  type SessionOptions,
  type StateOrigin,
} from "./session.ts";
import {
  blockEnd,
  FRAME_AT,
  MATCHES_AT,
  type Pulse,
  readPulse,
  STATE_HEAD_BYTES,
} from "./state-window.ts";
import { Watchdog } from "./watchdog.ts";
import type { WindowFiles } from "./windows.ts";

export interface SupervisorListener {
  onMatch(match: Match): void;
  onFault(fault: PackFault): void;
  /** So many recorded bytes lie in the replay window, until this has settled. */
  onRecorded(bytes: number): void | Promise<void>;
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

export const WATCHDOG_MS_DEFAULT = 2_000;
/** A pack's `init` and the compilation of all modules get this many watchdog periods. */
const LOADING_PERIODS = 10;
const STOP_MS_MAX = 3_000;
/** Deaths without a pack to blame, in a row, until the engine is given up. */
const DEATHS_MAX = 5;

interface PendingReplay {
  readonly end: number;
  offset: number;
  readonly start: number;
  readonly resolve: (consumed: number) => void;
  readonly reject: (error: EngineFault) => void;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #listener: SupervisorListener;
  readonly #watchdog: Watchdog;
  readonly #disabled = new Set<number>();
  #child: EngineChild | undefined;
  #phase: "new" | "loading" | "running" | "stopping" | "ended" = "new";
  #loading: number | undefined;
  #blamed: PackFault | undefined;
  #deaths = 0;
  #live = false;
  #pending: PendingReplay | undefined;
  #ready: ((origin: StateOrigin) => void) | undefined;
  #failed: ((error: EngineFault) => void) | undefined;
  #reason: string | undefined;
  #totals: Totals = { hostCalls: 0, renderFaults: 0 };
  #matchesHeard = 0;
  #matchesLost = 0;
  #ended: (() => void) | undefined;
  #loadingTimer: NodeJS.Timeout | undefined;

  constructor(options: SupervisorOptions, listener: SupervisorListener) {
    this.#options = options;
    this.#listener = listener;
    this.#watchdog = new Watchdog({
      timeoutMs: options.watchdogMs,
      read: () => this.pulse(),
      awaited: () => this.#pending !== undefined,
      offered: () => (this.#live ? options.offered() : 0),
      onStuck: (pulse) => {
        this.#onStuck(pulse);
      },
      now: () => performance.now(),
    });
  }

  /** Process id of the engine, or undefined when none runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the engine on a fresh state window. Throws EngineFault when it cannot be started. */
  async start(): Promise<StateOrigin> {
    return await this.#spawn(false);
  }

  /** Applies and evaluates scap blocks that lie in the replay window. Returns the bytes consumed. */
  async replay(offset: number, length: number): Promise<number> {
    if (this.#pending !== undefined) throw new EngineFault("a replay is under way already");
    return await new Promise<number>((resolve, reject) => {
      this.#pending = { start: offset, offset, end: offset + length, resolve, reject };
      this.#child?.send({ kind: "replay", offset, length });
    });
  }

  /** Tells what the engine must know of the host that the events come from. */
  setHost(facts: HostFacts): void {
    this.#child?.send({ kind: "host", facts });
  }

  /** Begins to drain the rings. */
  live(): void {
    this.#live = true;
    this.#child?.send({ kind: "live" });
  }

  /** Matches that an engine rendered but that were never heard of. */
  get matchesLost(): number {
    return this.#matchesLost;
  }

  /** Drains what is left and ends the engine. */
  async stop(): Promise<Totals> {
    if (this.#phase === "ended" || this.#child === undefined) return this.#totals;
    this.#phase = "stopping";
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    this.#child.send({ kind: "stop" });
    const timer = setTimeout(() => {
      this.#child?.kill();
    }, STOP_MS_MAX);
    await ended;
    clearTimeout(timer);
    return this.#totals;
  }

  /** Ends the engine at once and for good. */
  kill(): void {
    this.#phase = "stopping";
    this.#child?.kill();
  }

  /** What the engine is doing, read from the state window. */
  pulse(): Pulse {
    const head = new DataView(new ArrayBuffer(STATE_HEAD_BYTES));
    readSync(this.#options.windows.state.fd, head, 0, STATE_HEAD_BYTES, 0);
    return readPulse(head);
  }

  async #spawn(takeOver: boolean): Promise<StateOrigin> {
    this.#phase = "loading";
    this.#loading = undefined;
    const { windows, limits, session, record } = this.#options;
    this.#child = new EngineChild(windows, limits, {
      onReport: (report) => {
        this.#onReport(report);
      },
      onNonsense: () => {
        this.#end("the engine process sent something that no engine sends");
      },
      onDeath: (how) => {
        this.#onDeath(how);
      },
    });
    this.#loadingTimer = setTimeout(() => {
      this.#end("the engine did not get ready in time");
    }, this.#options.watchdogMs * LOADING_PERIODS);
    const ready = new Promise<StateOrigin>((resolve, reject) => {
      this.#ready = resolve;
      this.#failed = reject;
    });
    const options = { ...session, windows: windowsInChild(windows), takeOver };
    this.#child.send({
      kind: "start",
      options: { ...options, disabled: [...this.#disabled] },
      record,
    });
    return await ready;
  }

  #onReport(report: Report): void {
    switch (report.kind) {
      case "loading":
        this.#loading = report.pack;
        return;
      case "ready":
        this.#onReady(report.origin);
        return;
      case "matches":
        this.#matchesHeard += report.matches.length;
        for (const match of report.matches) this.#listener.onMatch(match);
        return;
      case "fault":
        this.#disabled.add(report.fault.pack);
        this.#listener.onFault(report.fault);
        return;
      case "replayed":
        this.#onReplayed(report.consumed);
        return;
      case "recorded":
        void this.#hand(report.bytes);
        return;
      case "failed":
        this.#reason = report.reason;
        return;
      case "stopped":
        this.#totals = report.totals;
        return;
      default:
        report satisfies never;
    }
  }

  async #hand(bytes: number): Promise<void> {
    const child = this.#child;
    await this.#listener.onRecorded(bytes);
    child?.send({ kind: "taken" });
  }

  #onReady(origin: StateOrigin): void {
    clearTimeout(this.#loadingTimer);
    this.#loading = undefined;
    if (this.#phase !== "loading") return;
    this.#phase = "running";
    this.#watchdog.start();
    this.#ready?.(origin);
  }

  #onReplayed(consumed: number): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    this.#deaths = 0;
    pending.resolve(Math.min(pending.offset + consumed, pending.end) - pending.start);
  }

  #onStuck(pulse: Pulse): void {
    const waited = `did not come back within ${String(this.#options.watchdogMs)} ms`;
    if (pulse.pack !== undefined && pulse.pack < this.#options.session.packs.length) {
      this.#blame(pulse.pack, waited, pulse);
      this.#end(`pack ${String(pulse.pack)} ${waited}`);
    } else {
      this.#end(`the engine ${waited}`);
    }
  }

  #blame(pack: number, reason: string, pulse: Pulse): void {
    const event = { event: pulse.eventNumber, eventType: pulse.eventType };
    this.#blamed = { pack, reason: shortReason(reason), ...event };
  }

  /** Ends this process for `reason`; its death brings the successor. */
  #end(reason: string): void {
    this.#reason ??= reason;
    this.#child?.kill();
  }

  /** Everything that the process said has been heard by now; the rest went with it. */
  #countLostMatches(): void {
    const { fd } = this.#options.windows.state;
    const word = new DataView(new ArrayBuffer(8));
    readSync(fd, word, 0, 8, MATCHES_AT);
    const lost = Number(word.getBigUint64(0, true)) - this.#matchesHeard;
    this.#matchesLost += Math.max(lost, 0);
    this.#matchesHeard = 0;
    word.setBigUint64(0, 0n);
    writeSync(fd, word, 0, 8, MATCHES_AT);
  }

  #onDeath(how: string): void {
    this.#watchdog.stop();
    this.#countLostMatches();
    clearTimeout(this.#loadingTimer);
    this.#child = undefined;
    const wasStopping = this.#phase === "stopping";
    const reason = this.#reason ?? `the engine process ended: ${how}`;
    this.#reason = undefined;
    if (wasStopping) {
      this.#phase = "ended";
      this.#ended?.();
      return;
    }
    this.#findCulprit(how);
    this.#deaths = this.#blamed === undefined ? this.#deaths + 1 : 0;
    if (this.#blamed !== undefined) {
      this.#disabled.add(this.#blamed.pack);
      this.#listener.onFault(this.#blamed);
      this.#blamed = undefined;
    }
    if (this.#deaths >= DEATHS_MAX || this.#phase === "new") this.#giveUp(reason);
    else void this.#succeed(reason);
  }

  /** A process that died inside a pack, or in its `init`, died of that pack. */
  #findCulprit(how: string): void {
    if (this.#blamed !== undefined) return;
    const pulse = this.pulse();
    const inside = this.#phase === "loading" ? this.#loading : pulse.pack;
    if (inside === undefined || inside >= this.#options.session.packs.length) return;
    this.#blame(inside, `ended the engine process (${how})`, pulse);
  }

  async #succeed(reason: string): Promise<void> {
    const starting = this.#phase === "loading" ? this.#ready : undefined;
    const failed = this.#phase === "loading" ? this.#failed : undefined;
    const rest = this.#afterCurrentBlock();
    try {
      const origin = await this.#spawn(true);
      if (starting !== undefined) {
        starting(origin);
        return;
      }
      await this.#listener.onRestart(reason, origin);
      if (this.#live) this.#child?.send({ kind: "live" });
      this.#continueReplay(rest);
    } catch (error) {
      failed?.(error as EngineFault);
    }
  }

  #giveUp(reason: string): void {
    this.#phase = "ended";
    const error = new EngineFault(
      `the engine was given up after ${String(this.#deaths)} failures in a row; last: ${reason}`,
    );
    this.#failed?.(error);
    this.#pending?.reject(error);
    this.#pending = undefined;
    this.#listener.onGivenUp(error);
  }

  #continueReplay(rest: number | undefined): void {
    const pending = this.#pending;
    if (pending === undefined || rest === undefined) return;
    pending.offset = Math.min(Math.max(rest, pending.offset), pending.end);
    const length = pending.end - pending.offset;
    this.#child?.send({ kind: "replay", offset: pending.offset, length });
  }

  /** Offset in the replay window of the block behind the event that was being evaluated. */
  #afterCurrentBlock(): number | undefined {
    if (this.#pending === undefined) return undefined;
    const { state, replay } = this.#options.windows;
    const event = wordAt(state.fd, FRAME_AT.event) - REPLAY_BASE;
    if (event < this.#pending.start || event >= this.#pending.end) return this.#pending.offset;
    return blockEnd(event, (offset) => wordAt(replay.fd, offset));
  }
}

function wordAt(fd: number, offset: number): number {
  const word = new DataView(new ArrayBuffer(4));
  readSync(fd, word, 0, 4, offset);
  return word.getUint32(0, true);
}
