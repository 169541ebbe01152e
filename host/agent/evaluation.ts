/**
 * Events through rules to alerts: one engine with its listeners, however the events arrive. Keeps
 * what has to be told at the end.
 */
import {
  COUNTERS_END,
  type EngineCounters,
  engineLosses,
  readCounters,
} from "../engine/counters.ts";
import type { ContainerProcess, Totals } from "../engine/protocol.ts";
import type { EngineFault, StateOrigin } from "../engine/session.ts";
import { type Losses, lossLines } from "../output/statistics.ts";
import { EngineHost, type EngineHostListener, type EngineHostOptions } from "./engine-host.ts";
import { faultText, throttlingText } from "./notices.ts";
import type { Prepared } from "./prepare.ts";

export interface EvaluationHooks {
  /** The state was lost: read it again from wherever it came from. */
  readonly restoreState?: () => Promise<void>;
  readonly onRecorded?: (blocks: Uint8Array) => Promise<void>;
  readonly onProcess?: (process: ContainerProcess) => void;
  readonly onTold?: (container: string) => void;
  /** The engine cannot be kept running; everything ends. */
  readonly onGivenUp: (error: EngineFault) => void;
}

const LOST_ALERTS = "alerts lost in transit";
const NOT_PRINTED = "alerts not written to standard output";
/** Losses that hide no event and no alert. */
const HARMLESS: ReadonlySet<string> = new Set([
  "text too long",
  "records of unknown type",
  "fields that could not be rendered",
  "no room in the recording",
  "events not recorded",
  "entries beyond a bound",
]);

export class Evaluation {
  readonly #prepared: Prepared;
  readonly #hooks: EvaluationHooks;
  #host: EngineHost;
  /** What the engines that have ended counted. */
  readonly #ended: Ended[] = [];
  #running = true;
  #peakBytes = 0;

  private constructor(prepared: Prepared, hooks: EvaluationHooks, host: EngineHost) {
    this.#prepared = prepared;
    this.#hooks = hooks;
    this.#host = host;
  }

  static async start(
    prepared: Prepared,
    hooks: EvaluationHooks,
    live?: EngineHostOptions["live"],
  ): Promise<Evaluation> {
    const options = { ...prepared.engine, ...(live === undefined ? {} : { live }) };
    const host = await EngineHost.start(options, listener(prepared, hooks));
    return new Evaluation(prepared, hooks, host);
  }

  get host(): EngineHost {
    return this.#host;
  }

  /** Events that rules could see so far. */
  get events(): bigint {
    const ended = this.#ended.reduce((sum, { events }) => sum + events, 0n);
    return this.#running ? ended + this.#host.pulse.eventNumber : ended;
  }

  /** Resident bytes of the largest engine process so far. */
  get peakBytes(): number {
    if (this.#running) this.#peakBytes = Math.max(this.#peakBytes, this.#host.peakBytes);
    return this.#peakBytes;
  }

  /** Replaces the engine by one with empty state: a new recording begins. Counts go on. */
  async restart(): Promise<void> {
    await this.#host.settle();
    this.#peakBytes = this.peakBytes;
    await this.stop();
    this.#host = await EngineHost.start(
      this.#prepared.engine,
      listener(this.#prepared, this.#hooks),
    );
    this.#running = true;
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    const host = this.#host;
    const read: { last?: Pick<Ended, "counters" | "events"> } = {};
    const totals = await host.stop(() => {
      read.last = { counters: this.#readCounters(), events: host.pulse.eventNumber };
    });
    this.#running = false;
    if (totals.unfinished !== undefined) this.#prepared.notices.warn(totals.unfinished);
    const { matchesLost, refusedBlocks } = host;
    if (read.last === undefined) return;
    this.#ended.push({ ...read.last, totals, matchesLost, refusedBlocks });
  }

  /** Closing words; after `stop`. `kernel` are the losses before the engine. */
  summary(kernel: readonly Losses[]): readonly string[] {
    return [...this.#prepared.printer.statistics.lines(), ...this.lossSummary(kernel)];
  }

  /** The part of the closing words that tells what was lost; after `stop`. */
  lossSummary(kernel: readonly Losses[]): readonly string[] {
    return lossLines(this.#losses(kernel));
  }

  /** The same for programs; after `stop`. */
  report(kernel: readonly Losses[]): object {
    const losses = this.#losses(kernel).filter(({ detail }) => detail !== true);
    const byReason = losses.flatMap(({ reasons }) => [...reasons]);
    const total = byReason.reduce((sum, [, count]) => sum + count, 0n);
    return {
      events: Number(this.events),
      ...this.#prepared.printer.statistics.counts(),
      hostCalls: this.#ended.reduce((sum, { totals }) => sum + totals.hostCalls, 0),
      drops: {
        total: Number(total),
        ...Object.fromEntries(byReason.map(([reason, count]) => [reason, Number(count)])),
      },
    };
  }

  /** Whether events or alerts were lost, so that a finding may be missing; after `stop`. */
  isIncomplete(kernel: readonly Losses[]): boolean {
    return this.#losses(kernel).some(({ reasons }) =>
      [...reasons].some(([reason, count]) => count > 0n && !HARMLESS.has(reason)),
    );
  }

  /** What was lost in the engine and behind it so far. */
  get lossesSoFar(): ReadonlyMap<string, bigint> {
    const losses = new Map<string, bigint>();
    if (this.#running) {
      for (const [reason, count] of engineLosses(this.#readCounters())) add(losses, reason, count);
      add(losses, LOST_ALERTS, BigInt(this.#host.matchesLost));
    } else {
      for (const { counters, matchesLost } of this.#ended) {
        for (const [reason, count] of engineLosses(counters)) add(losses, reason, count);
        add(losses, LOST_ALERTS, BigInt(matchesLost));
      }
    }
    add(losses, NOT_PRINTED, BigInt(this.#prepared.printer.unprinted));
    return losses;
  }

  #losses(kernel: readonly Losses[]): readonly Losses[] {
    const engine = new Map<string, bigint>();
    const agent = new Map<string, bigint>();
    for (const { counters, totals, matchesLost, refusedBlocks } of this.#ended) {
      for (const [reason, count] of engineLosses(counters)) add(engine, reason, count);
      add(agent, LOST_ALERTS, BigInt(matchesLost));
      add(agent, "fields that could not be rendered", BigInt(totals.renderFaults));
      add(agent, "blocks that are no events", BigInt(refusedBlocks));
    }
    add(agent, NOT_PRINTED, BigInt(this.#prepared.printer.unprinted));
    return [
      ...kernel,
      { place: "the engine", reasons: engine },
      { place: "the agent", reasons: agent },
    ];
  }

  #readCounters(): EngineCounters {
    return readCounters(this.#host.readState(COUNTERS_END));
  }
}

/** One engine's last words. */
interface Ended {
  readonly counters: EngineCounters;
  readonly events: bigint;
  readonly totals: Totals;
  readonly matchesLost: number;
  readonly refusedBlocks: number;
}

function add(sums: Map<string, bigint>, reason: string, count: bigint): void {
  sums.set(reason, (sums.get(reason) ?? 0n) + count);
}

function listener(prepared: Prepared, hooks: EvaluationHooks): EngineHostListener {
  const { notices, printer } = prepared;
  const manifests = prepared.packs.map((pack) => pack.manifest);
  return {
    onMatch: (match) => {
      notices.clearStatus();
      printer.print(match);
    },
    onMerged: (merge) => {
      printer.merge(merge);
    },
    onThrottled: (throttling) => {
      const text = throttlingText(throttling, manifests);
      if (throttling.skipped === 0 || throttling.stride === 1) notices.warn(text);
    },
    onFault: (fault) => {
      notices.warn(faultText(fault, manifests));
    },
    onRecorded: async (blocks) => {
      await hooks.onRecorded?.(blocks);
    },
    onProcess: (process) => hooks.onProcess?.(process),
    onTold: (container) => hooks.onTold?.(container),
    onRestart: async (reason, origin) => {
      notices.warn(`${reason}; a new engine runs ${originText(origin)}`);
      if (origin !== "taken-over") await hooks.restoreState?.();
    },
    onGivenUp: hooks.onGivenUp,
  };
}

function originText(origin: StateOrigin): string {
  if (origin === "taken-over") return "on the same state";
  return origin === "torn"
    ? "with new state, because an update was under way"
    : "with new state, because the old one could not be used";
}
