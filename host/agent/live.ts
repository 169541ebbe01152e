/**
 * Live capture wired to an engine: the rings are made, then the engine process starts while the
 * programs are loaded and enabled and /proc is read; the rings are drained when the state is in.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { provesItself } from "../capture/canary.ts";
import { selectInterest } from "../capture/interest.ts";
import { type LiveCapture, openLive, type StartState } from "../capture/live.ts";
import { LOSS_REASONS, type LossReason } from "../capture/losses.ts";
import { type CaptureScope, ScopeError } from "../capture/scope.ts";
import type { Config } from "../config/keys.ts";
import { EngineFault } from "../engine/session.ts";
import { NativeError } from "../native/native.ts";
import type { Losses } from "../output/statistics.ts";
import { CaptureFileError } from "../replay/capture-file-error.ts";
import { sliceBlocks } from "../replay/replay-parts.ts";
import { ContainerAccounts } from "./container-accounts.ts";
import { DropActions } from "./drop-actions.ts";
import { type EngineHost, networkOf } from "./engine-host.ts";
import { Evaluation } from "./evaluation.ts";
import { AgentError, EXIT } from "./io.ts";
import { LossMonitor } from "./loss-monitor.ts";
import type { Prepared } from "./prepare.ts";
import { PurgeTimer } from "./purge-timer.ts";
import { RecordFiles, type Rotation } from "./record-files.ts";

export interface LiveWatchOptions {
  readonly scope: CaptureScope;
  /** System calls to capture besides those that state needs. */
  readonly syscalls: readonly string[];
  /** Record to this file as well. */
  readonly write?: string;
  /** Several files in turn instead of one. */
  readonly rotation?: Rotation;
  /** What is kept of the events; all of them when left out. */
  readonly filter?: (blocks: Uint8Array) => Uint8Array;
  readonly onGivenUp: (error: EngineFault) => void;
  /** Has a waiting command make the call that proves the capture; else this process makes it. */
  readonly sendCanary?: (number: number) => void;
  /** The terminal is somebody else's: no status line. */
  readonly sharesTerminal?: boolean;
  /** The recording cannot go on; when left out, everything else does. */
  readonly onRecordingFailed?: (error: EngineFault) => void;
}

/** Bytes of a ring by Falco's preset: 1 is 1 MiB, each further one twice as much. */
export function ringBytes(preset: number): number {
  return 2 ** (preset - 1) * (1 << 20);
}

export class LiveWatch {
  readonly #prepared: Prepared;
  readonly #capture: LiveCapture;
  readonly #evaluation: Evaluation;
  readonly #writer: RecordFiles | undefined;
  readonly #accounts: ContainerAccounts;
  readonly #purging: PurgeTimer;
  readonly #losses: LossMonitor;
  readonly #status: NodeJS.Timeout | undefined;
  /** Losses outside the engine. */
  #outside: readonly Losses[] = [];
  #events = 0n;

  private constructor(
    prepared: Prepared,
    parts: {
      readonly capture: LiveCapture;
      readonly evaluation: Evaluation;
      readonly writer: RecordFiles | undefined;
      readonly accounts: ContainerAccounts;
      readonly showsStatus: boolean;
      readonly onExit: (error: EngineFault) => void;
    },
  ) {
    this.#prepared = prepared;
    this.#capture = parts.capture;
    this.#evaluation = parts.evaluation;
    this.#writer = parts.writer;
    this.#accounts = parts.accounts;
    this.#purging = new PurgeTimer(parts.evaluation.host);
    this.#losses = lossMonitor(prepared, parts);
    this.#losses.start();
    if (!parts.showsStatus) return;
    this.#status = setInterval(() => {
      this.#showStatus();
    }, STATUS_MS).unref();
  }

  /** Starts to watch. Throws NativeError when this machine cannot capture. */
  static async start(prepared: Prepared, options: LiveWatchOptions): Promise<LiveWatch> {
    const capture = openCapture(prepared.config, options);
    try {
      return await LiveWatch.#startEngine(prepared, options, capture);
    } catch (error) {
      capture.close();
      throw error;
    }
  }

  static async #startEngine(
    prepared: Prepared,
    options: LiveWatchOptions,
    capture: LiveCapture,
  ): Promise<LiveWatch> {
    const { onGivenUp } = options;
    prepared.printer.goLive();
    const writer = openRecording(prepared, options, capture);
    const wakeup = { fd: capture.wakeupFd(), fdOffset: 0 };
    const live = { rings: capture.rings(), wakeup, record: writer !== undefined };
    const parts: { evaluation?: Evaluation } = {};
    const accounts = new ContainerAccounts({
      tell: (news) => parts.evaluation?.host.tell(news),
      record: (container, blocks) => writer?.accounts(container, blocks),
      procNumber: (pid) => capture.procNumber(pid),
    });
    const feed = (state: StartState): Promise<void> =>
      feedState(parts.evaluation?.host, state, prepared.hostname);
    const starting = Evaluation.start(
      prepared,
      {
        restoreState: async () => {
          await feed(capture.scan());
        },
        onRecorded: async (blocks) => {
          await writer?.events(blocks);
        },
        onProcess: (process) => {
          accounts.onProcess(process);
        },
        onTold: (container) => {
          accounts.onTold(container);
        },
        onGivenUp,
      },
      { ...live, written: () => capture.losses().written },
    );
    // The kernel verifies the programs and /proc is read while the engine process gets ready.
    const loading = capture.start().then(() => capture.scan());
    const [engine, loaded] = await Promise.allSettled([starting, loading]);
    if (engine.status === "rejected") throw engine.reason;
    parts.evaluation = engine.value;
    if (loaded.status === "rejected") {
      await engine.value.stop();
      throw loaded.reason;
    }
    const state = loaded.value;
    try {
      await writer?.start(state.lists);
      await feed(state);
      parts.evaluation.host.live();
      await prove(capture, parts.evaluation.host, options.sendCanary);
    } catch (error) {
      parts.evaluation.host.kill();
      throw error instanceof CaptureFileError ? recordingProblem(options.write, error) : error;
    }
    const showsStatus = prepared.notices.isInteractive && options.sharesTerminal !== true;
    const { evaluation } = parts;
    return new LiveWatch(prepared, {
      capture,
      evaluation,
      writer,
      accounts,
      showsStatus,
      onExit: onGivenUp,
    });
  }

  /** Drains what is left and ends everything. Closing words are in `summary` afterwards. */
  async stop(): Promise<void> {
    clearInterval(this.#status);
    this.#purging.stop();
    this.#prepared.notices.clearStatus();
    await this.#evaluation.stop();
    this.#losses.stop();
    this.#prepared.printer.flush();
    this.#events = this.#evaluation.events;
    const dropped = new Map([["entries beyond a bound", BigInt(this.#accounts.dropped)]]);
    this.#outside = [
      ...kernelLosses(this.#capture),
      { place: "the users of containers", reasons: dropped },
    ];
    this.#capture.close();
    await this.#writer?.close();
    const unrecorded = new Map([["events not recorded", BigInt(this.unrecorded)]]);
    this.#outside = [...this.#outside, { place: "the recording", reasons: unrecorded }];
  }

  /** Processes of a watched tree that are running. */
  get members(): readonly number[] {
    return this.#capture.members();
  }

  /** Events that the recording lacks. */
  get unrecorded(): number {
    return this.#writer?.lostEvents ?? 0;
  }

  /** What was recorded so far. */
  get files(): readonly string[] {
    return this.#writer?.files ?? [];
  }

  /** After `stop`. */
  get events(): bigint {
    return this.#events;
  }

  /** After `stop`. */
  summary(): readonly string[] {
    return this.#evaluation.summary(this.#outside);
  }

  /** The part of it that tells what was lost. */
  losses(): readonly string[] {
    return this.#evaluation.lossSummary(this.#outside);
  }

  /** The same for programs; after `stop`. */
  report(): object {
    return this.#evaluation.report(this.#outside);
  }

  /** Events or alerts were lost; after `stop`. */
  get isIncomplete(): boolean {
    return this.#evaluation.isIncomplete(this.#outside);
  }

  #showStatus(): void {
    const { statistics } = this.#prepared.printer;
    const { lost } = this.#capture.losses();
    const counts = [
      `${String(this.#evaluation.host.pulse.eventNumber)} events`,
      `${String(statistics.alerts)} alerts`,
      `${String(lost)} lost`,
    ];
    this.#prepared.notices.status(`watching: ${counts.join(", ")}`);
  }
}

const STATUS_MS = 1_000;
/** The state of a large host does not fit the replay window at once. */
const ROW_BYTES = 4 << 20;

/** Hands what existed before the first event to the engine. */
async function feedState(
  host: EngineHost | undefined,
  state: StartState,
  hostname: string,
): Promise<void> {
  const networks = state.lists.interfaces.map(networkOf);
  host?.setHost({ networks, hostname });
  for (const row of sliceBlocks(state.blocks, ROW_BYTES)) await host?.feed(row);
  await host?.settle();
}

/** Throws AgentError when what the capture programs write does not reach the engine. */
async function prove(
  capture: LiveCapture,
  host: EngineHost,
  send: ((number: number) => void) | undefined,
): Promise<void> {
  const arrived = (): number => host.pulse.canary;
  const trial = { canaries: capture.canaries, arrived, sleep };
  const problem = await provesItself(send === undefined ? trial : { ...trial, send });
  if (problem === undefined) return;
  throw new AgentError(EXIT.noCapture, `cannot capture: ${problem}`);
}

function openRecording(
  prepared: Prepared,
  options: LiveWatchOptions,
  capture: LiveCapture,
): RecordFiles | undefined {
  const { write: path, rotation, filter, onRecordingFailed } = options;
  if (path === undefined) return undefined;
  return new RecordFiles({
    path,
    ...(rotation === undefined ? {} : { rotation }),
    ...(filter === undefined ? {} : { filter }),
    lists: () => capture.scan().lists,
    now: () => performance.now(),
    onFailure: ({ file, cause }) => {
      const reason = `the recording ends with what is in ${file}: ${cause.message}`;
      if (onRecordingFailed === undefined) prepared.notices.say(reason);
      else onRecordingFailed(new EngineFault(reason, { cause }));
    },
  });
}

function recordingProblem(path: string | undefined, cause: CaptureFileError): AgentError {
  return new AgentError(EXIT.usage, `cannot record to ${path ?? ""}: ${cause.message}`, { cause });
}

function openCapture(config: Config, options: LiveWatchOptions): LiveCapture {
  const { cpus_for_each_buffer, buf_size_preset, drop_failed_exit } = config.engine.modern_ebpf;
  const custom = config.base_syscalls.custom_set;
  const { bits } = selectInterest({ rules: options.syscalls, custom });
  return openLive({
    scope: options.scope,
    interest: bits,
    ringBytes: ringBytes(buf_size_preset),
    // 0 stands for one buffer that all CPUs share.
    cpusPerRing: cpus_for_each_buffer === 0 ? CPUS_MAX : cpus_for_each_buffer,
    snaplen: config.falco_libs.snaplen,
    dropFailed: drop_failed_exit,
  });
}

const CPUS_MAX = 1_024;

const REASON_TEXT: Readonly<Record<LossReason, string>> = {
  ringFull: "buffer full",
  tooLarge: "record too large",
  unreadable: "memory not readable",
  bug: "inner bound",
  compat: "32-bit system call",
};

function lossMonitor(
  prepared: Prepared,
  parts: {
    readonly capture: LiveCapture;
    readonly evaluation: Evaluation;
    readonly onExit: (error: EngineFault) => void;
  },
): LossMonitor {
  const { config, notices, printer } = prepared;
  const { capture, evaluation, onExit } = parts;
  const hooks = {
    alert: printer.printInternal.bind(printer),
    exit: (reason: string) => {
      onExit(new EngineFault(reason));
    },
  };
  return new LossMonitor({
    kernel: () => capture.losses(),
    reasonText: REASON_TEXT,
    engine: () => evaluation.lossesSoFar,
    drops: new DropActions(config.syscall_event_drops, hooks, performance.now()),
    printer,
    notices,
  });
}

/** Losses in the kernel: by reason, and by class of event. */
function kernelLosses(capture: LiveCapture): readonly Losses[] {
  const { byReason, byClass } = capture.losses();
  const reasons = LOSS_REASONS.map((reason) => [REASON_TEXT[reason], byReason[reason]] as const);
  return [
    { place: "the kernel", reasons: counted(reasons) },
    { place: "the kernel, by class", detail: true, reasons: counted(Object.entries(byClass)) },
  ];
}

function counted(rows: readonly (readonly [string, number])[]): ReadonlyMap<string, bigint> {
  return new Map(rows.map(([name, count]) => [name, BigInt(count)]));
}

/** A failure of capture in words, with what would help; undefined for other errors. */
export function captureProblem(error: unknown): AgentError | undefined {
  if (error instanceof ScopeError) return new AgentError(EXIT.usage, error.message);
  if (!(error instanceof NativeError)) return undefined;
  return new AgentError(EXIT.noCapture, `cannot capture: ${error.message}`, { cause: error });
}
