/**
 * Keeps an engine process running on one state window: when it dies or stands still, another goes
 * on with the same state and rings, without the pack at fault, and drains what came meanwhile.
 */
import { EngineChild, windowsInChild } from "./child.ts";
import { cpuMs, endedByOwnFault, isRunnable } from "./culprit.ts";
import { Deaths } from "./deaths.ts";
import { HandOver } from "./hand-over.ts";
import type { HostFacts } from "./host-facts.ts";
import { LoadingGuard } from "./loading-guard.ts";
import { MatchLedger } from "./match-ledger.ts";
import { PendingReplay } from "./pending-replay.ts";
import { type News, type Report, shortReason, type Totals } from "./protocol.ts";
import { EngineFault, type PackFault, type StateOrigin } from "./session.ts";
import { pulseOf } from "./state-file.ts";
import type { Pulse } from "./state-window.ts";
import { STILL_MS_MAX, StopGuard } from "./stop-guard.ts";
import type { SupervisorListener, SupervisorOptions } from "./supervisor-options.ts";
import { Suspects } from "./suspects.ts";
import { Watchdog } from "./watchdog.ts";

export const WATCHDOG_MS_DEFAULT = 2_000;
/** A pack's `init` and the compilation of all modules get this many watchdog periods. */
const LOADING_PERIODS = 10;
/** An engine that ran for so long got going. */
const LASTING_MS = 10_000;

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #listener: SupervisorListener;
  readonly #watchdog: Watchdog;
  readonly #disabled = new Set<number>();
  #child: EngineChild | undefined;
  #phase: "new" | "loading" | "running" | "stopping" | "ended" = "new";
  #loading: number | undefined;
  #blamed: PackFault | undefined;
  readonly #deaths = new Deaths();
  #facts: HostFacts | undefined;
  #live = false;
  #draining: EngineChild | undefined;
  #restored: Promise<void> = Promise.resolve();
  #readyAt: { readonly event: bigint; readonly ms: number } | undefined;
  readonly #handOver: HandOver;
  #stopped = false;
  #pending: PendingReplay | undefined;
  #ready: ((origin: StateOrigin) => void) | undefined;
  #failed: ((error: EngineFault) => void) | undefined;
  #reason: string | undefined;
  #totals: Totals = { hostCalls: 0, renderFaults: 0 };
  readonly #ledger: MatchLedger;
  readonly #suspects = new Suspects();
  #ended: (() => void) | undefined;
  readonly #loadingGuard: LoadingGuard;

  constructor(options: SupervisorOptions, listener: SupervisorListener) {
    this.#options = options;
    this.#listener = listener;
    this.#ledger = new MatchLedger(options.windows.state.fd);
    this.#handOver = new HandOver({
      windows: options.windows,
      onRecorded: (bytes) => listener.onRecorded(bytes),
      onFailure: (reason) => {
        this.#giveUp(reason);
      },
    });
    this.#watchdog = new Watchdog({
      timeoutMs: options.watchdogMs,
      read: () => this.pulse(),
      awaited: () => this.#pending !== undefined,
      offered: () => (this.#live ? options.offered() : 0),
      owed: () => this.#handOver.isUnderWay,
      cpuMs: () => cpuMs(this.pid),
      isRunnable: () => isRunnable(this.pid),
      onStuck: (pulse, ran) => {
        this.#onStuck(pulse, ran);
      },
    });
    this.#loadingGuard = new LoadingGuard({
      timeoutMs: options.watchdogMs * LOADING_PERIODS,
      cpuMs: () => cpuMs(this.pid),
      isRunnable: () => isRunnable(this.pid),
      onLate: (ran) => {
        this.#onLate(ran);
      },
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

  /**
   * Applies and evaluates scap blocks that lie in the replay window. Returns the bytes consumed.
   */
  async replay(offset: number, length: number): Promise<number> {
    if (this.#pending !== undefined) throw new EngineFault("a replay is under way already");
    if (this.#phase === "ended") throw new EngineFault("the engine has ended");
    this.#pending = new PendingReplay(this.#options.windows, offset, length);
    this.#pending.orderFrom(this.#child);
    return await this.#pending.done;
  }

  /** Tells what the engine must know of the host that the events come from. */
  setHost(facts: HostFacts): void {
    this.#facts = facts;
    this.#child?.send({ kind: "host", facts });
  }

  /** Answers `onProcess`, or says who is alive. A successor asks again. */
  tell(news: News): void {
    this.#child?.send(news);
  }

  /** Begins to drain the rings. */
  live(): void {
    this.#live = true;
    this.#drain();
  }

  /** Matches that an engine rendered but that were never heard of. */
  get matchesLost(): number {
    return this.#ledger.lost;
  }

  /** Drains what is left and ends the engine. */
  async stop(): Promise<Totals> {
    if (this.#child === undefined) return this.#totals;
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    // One that was given up is being killed; what it left is still read when it has died.
    if (this.#phase === "ended") {
      await ended;
      return this.#totals;
    }
    this.#phase = "stopping";
    // Also one that is only just starting drains once.
    this.#drain();
    this.#child.send({ kind: "stop" });
    const guard = new StopGuard({
      progress: () =>
        [
          this.pulse().eventNumber,
          this.#ledger.heard,
          this.#handOver.isUnderWay && performance.now(),
        ].join(),
      onStill: () => {
        this.#end(`the engine stood still for ${String(STILL_MS_MAX)} ms while it was to stop`);
      },
    });
    await guard.during(ended);
    return this.#totals;
  }

  /** Ends the engine at once and for good. */
  kill(): void {
    this.#phase = "stopping";
    this.#child?.kill();
  }

  /** What the engine is doing, read from the state window. */
  pulse(): Pulse {
    return pulseOf(this.#options.windows.state.fd);
  }

  async #spawn(takeOver: boolean): Promise<StateOrigin> {
    this.#phase = "loading";
    this.#loading = undefined;
    this.#readyAt = undefined;
    const { windows, session, record } = this.#options;
    const limits = { ...this.#options.limits, record };
    this.#child = new EngineChild(windows, limits, {
      onReport: (report) => {
        this.#onReport(report);
      },
      onNonsense: (what) => {
        this.#end(`the engine process ${what}`);
      },
      onDeath: (how) => {
        this.#onDeath(how);
      },
    });
    this.#loadingGuard.start();
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
        this.#ledger.hear(report.matches.length);
        for (const match of report.matches) this.#listener.onMatch(match);
        return;
      case "merged":
        this.#ledger.hear(report.merges.reduce((sum, { count }) => sum + count, 0));
        for (const merge of report.merges) this.#listener.onMerged?.(merge);
        return;
      case "throttled":
        this.#listener.onThrottled?.(report.throttling);
        return;
      case "fault":
        this.#disabled.add(report.fault.pack);
        this.#listener.onFault(report.fault);
        return;
      case "replayed":
        this.#onReplayed(report.consumed);
        return;
      case "recorded":
        void this.#handOver.hand(report.bytes, this.#child);
        return;
      case "process":
        this.#listener.onProcess?.(report.process);
        return;
      case "told":
        this.#listener.onTold?.(report.container);
        return;
      case "failed":
        this.#reason = report.reason;
        return;
      case "stopped":
        this.#stopped = true;
        this.#totals = { ...report.totals, unfinished: undefined };
        return;
      default:
        report satisfies never;
    }
  }

  #onReady(origin: StateOrigin): void {
    this.#loadingGuard.stop();
    this.#loading = undefined;
    this.#readyAt = { event: this.pulse().eventNumber, ms: performance.now() };
    if (this.#phase !== "loading") return;
    this.#phase = "running";
    // State that was laid out anew lacks what the old one was told.
    if (origin !== "taken-over" && this.#facts !== undefined) this.setHost(this.#facts);
    this.#watchdog.start();
    this.#ready?.(origin);
  }

  #onReplayed(consumed: number): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    this.#deaths.forget();
    pending.finish(consumed);
  }

  #onLate(ran: boolean): void {
    const reason = "the engine did not get ready in time";
    if (ran && this.#loading !== undefined) this.#blame(this.#loading, reason, this.pulse());
    this.#end(reason);
  }

  #onStuck(pulse: Pulse, ran: boolean): void {
    const waited = `did not come back within ${String(this.#options.watchdogMs)} ms`;
    if (ran && pulse.pack !== undefined && pulse.pack < this.#options.session.packs.length) {
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

  #onDeath(how: string): void {
    this.#watchdog.stop();
    this.#ledger.close();
    this.#loadingGuard.stop();
    this.#child = undefined;
    if (this.#options.record) this.#handOver.handRest();
    if (this.#phase === "ended") {
      this.#ended?.();
      return;
    }
    const stopping = this.#phase === "stopping";
    const wasWanted = this.#reason !== undefined || stopping;
    const reason = this.#reason ?? `the engine process ended: ${how}`;
    this.#reason = undefined;
    this.#findCulprit(how, wasWanted);
    if (this.#blamed !== undefined || this.#madeProgress()) this.#deaths.forget();
    if (this.#blamed === undefined) this.#deaths.count(performance.now());
    else {
      this.#disabled.add(this.#blamed.pack);
      this.#listener.onFault(this.#blamed);
      this.#blamed = undefined;
    }
    if (stopping) this.#endStop(reason);
    else if (this.#deaths.areTooMany || this.#phase === "new") this.#giveUp(reason);
    else void this.#succeed(reason);
  }

  #endStop(reason: string): void {
    this.#phase = "ended";
    if (!this.#stopped) this.#totals = { ...this.#totals, unfinished: reason };
    this.#fail(new EngineFault(`the engine was stopped: ${reason}`));
    this.#ended?.();
  }

  /** Rules saw events since this process got ready, or it ran for long. */
  #madeProgress(): boolean {
    const at = this.#readyAt;
    if (at === undefined) return false;
    return this.pulse().eventNumber !== at.event || performance.now() - at.ms >= LASTING_MS;
  }

  /** A process that failed by itself inside a pack, or in its `init`, died of that pack. */
  #findCulprit(how: string, wasWanted: boolean): void {
    if (this.#blamed !== undefined || wasWanted) return;
    const pulse = this.pulse();
    const inside = this.#readyAt === undefined ? this.#loading : pulse.pack;
    const isGuilty = endedByOwnFault(how) || this.#suspects.isGuilty(inside, performance.now());
    if (!isGuilty || inside === undefined || inside >= this.#options.session.packs.length) return;
    this.#blame(inside, `ended the engine process (${how})`, pulse);
  }

  async #succeed(reason: string): Promise<void> {
    const starting = this.#phase === "loading" ? this.#ready : undefined;
    const failed = this.#phase === "loading" ? this.#failed : undefined;
    this.#pending?.passCurrent();
    try {
      const origin = await this.#spawn(true);
      if (starting === undefined) await this.#restore(reason, origin);
      else starting(origin);
    } catch (error) {
      failed?.(error as EngineFault);
      this.#giveUp(error instanceof Error ? error.message : String(error));
    }
  }

  /** One at a time: the successor of an engine that dies meanwhile carries on for it. */
  async #restore(reason: string, origin: StateOrigin): Promise<void> {
    const child = this.#child;
    // First of all, since restoring the state may have to wait for it.
    this.#pending?.orderFrom(this.#child);
    const before = this.#restored;
    this.#restored = (async () => {
      await before;
      await this.#listener.onRestart(reason, origin);
    })();
    this.#restored.catch(() => undefined);
    await this.#restored;
    if (this.#phase === "running" && this.#child === child) this.#drain();
  }

  #drain(): void {
    if (!this.#live || this.#draining === this.#child) return;
    this.#draining = this.#child;
    this.#child?.send({ kind: "live" });
  }

  #giveUp(reason: string): void {
    if (this.#phase === "ended" || this.#phase === "stopping") return;
    this.#phase = "ended";
    this.#loadingGuard.stop();
    this.#watchdog.stop();
    this.#child?.kill();
    const error = new EngineFault(`the engine was given up ${this.#deaths.text}; last: ${reason}`);
    this.#fail(error);
    this.#listener.onGivenUp(error);
  }

  /** Nobody waits any longer for what will not come. */
  #fail(error: EngineFault): void {
    this.#failed?.(error);
    this.#pending?.fail(error);
    this.#pending = undefined;
  }
}
