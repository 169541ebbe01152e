/**
 * The engine process. It gets everything from the agent: descriptors at birth, code and sizes with
 * the first order. After that it opens no file, needs no network and no privilege; everything that
 * it will ever import is imported here, at the top.
 */
import { Socket } from "node:net";
import { enterJail, Waiter } from "../native/native.ts";
import { ANSWER_BYTES_MAX, REPLAY_BYTES_MAX } from "../schema/memory.ts";
import { Channel } from "./channel.ts";
import { ContainerQuestions } from "./container-questions.ts";
import { LiveLoop } from "./live-loop.ts";
import { LiveMatches } from "./live-matches.ts";
import { MatchQueue } from "./match-queue.ts";
import { orderCodec, reportCodec } from "./messages.ts";
import { PackPace } from "./pack-pace.ts";
import {
  CHANNEL_FD,
  type ContainerNews,
  type Order,
  type Report,
  shortReason,
} from "./protocol.ts";
import { ReplayRun } from "./replay-run.ts";
import { sendReport } from "./send-report.ts";
import { Session, type SessionOptions } from "./session.ts";
import type { SessionListener } from "./session-listener.ts";

/** Above this share of a ring nothing is waited for. */
const RING_FILL_MAX = 0.25;
/** Far below the agent's patience (`WATCHDOG_MS_DEFAULT`). */
const BEAT_MS = 200;

class EngineProcess {
  readonly #channel: Channel<Order, Report>;
  readonly #replayed: MatchQueue;
  readonly #liveMatches: LiveMatches;
  readonly #replays = new ReplayRun();
  readonly #questions = new ContainerQuestions(
    (process) => {
      this.#send({ kind: "process", process });
    },
    () => this.#running().ringFill > RING_FILL_MAX,
  );
  #session: Session | undefined;
  #options: SessionOptions | undefined;
  #loop: LiveLoop | undefined;
  #recording = false;
  #pace: PackPace | undefined;
  #taken: (() => void) | undefined;
  #valuesLeftOut = 0;
  #beats: NodeJS.Timeout | undefined;

  constructor(channel: Channel<Order, Report>) {
    this.#channel = channel;
    const send = this.#send.bind(this);
    this.#replayed = new MatchQueue(send);
    this.#liveMatches = new LiveMatches(send);
  }

  obey(order: Order): void {
    // A replay that pauses ends before anything else begins.
    const isAnswer = order.kind === "taken" || order.kind === "container";
    if (this.#replays.isUnderWay && !isAnswer) this.#replays.postpone(() => this.obey(order));
    else this.#obey(order);
  }

  #obey(order: Order): void {
    switch (order.kind) {
      case "start":
        this.#start(order.options, order.record);
        return;
      case "replay":
        void this.#replay(order.offset, order.length);
        return;
      case "host":
        this.#running().setHost(order.facts);
        return;
      case "live":
        this.#drain();
        return;
      case "taken":
        this.#taken?.();
        return;
      case "container":
        this.#tell(order.news);
        return;
      case "living":
        this.#running().purge(order.threads);
        return;
      case "stop":
        void this.#stop();
        return;
      default:
        order satisfies never;
    }
  }

  fail(error: unknown): void {
    const reason = shortReason(error instanceof Error ? error.message : String(error));
    this.#flush();
    this.#send({ kind: "failed", reason }, () => process.exit(1));
  }

  #send(report: Report, sent?: () => void): void {
    this.#valuesLeftOut += sendReport(this.#channel, report, sent);
  }

  #start(options: SessionOptions, record: boolean): void {
    this.#options = options;
    const isLive = options.windows.rings.length > 0;
    this.#session = new Session(options, {
      onProcess: (pid, container) =>
        isLive && pid > 0 && this.#questions.onProcess({ pid, container }),
      ...(isLive ? this.#live() : this.#ordered()),
      onFault: (fault) => {
        this.#flush();
        this.#send({ kind: "fault", fault: { ...fault, reason: shortReason(fault.reason) } });
      },
      onLoading: (pack) => {
        this.#send({ kind: "loading", pack });
      },
    });
    this.#recording = record;
    this.#send({ kind: "ready", origin: this.#session.origin });
    this.#session.finishInterrupted();
    this.#flush();
  }

  /** A recording's matches: all of them, in their order. */
  #ordered(): Pick<SessionListener, "onMatch"> {
    return {
      onMatch: (match, chars) => {
        this.#replayed.add(match, chars);
        if (this.#replayed.isFull) this.#running().pauseReplay();
      },
    };
  }

  #live(): Pick<SessionListener, "onMatch" | "admits" | "onEvaluated"> {
    return {
      onMatch: (match, chars) => {
        this.#liveMatches.add(match, chars);
      },
      admits: (pack, rule, time) => this.#liveMatches.admits(pack, rule, time),
      onEvaluated: (pack) => this.#pace?.onEvaluated(pack),
    };
  }

  #flush(): void {
    this.#replayed.flush();
    this.#pace?.flush();
    this.#liveMatches.flush();
  }

  async #replay(offset: number, length: number): Promise<void> {
    this.#beats ??= setInterval(() => {
      this.#beat();
    }, BEAT_MS);
    try {
      const consumed = await this.#replays.run(this.#running(), this.#replayed, { offset, length });
      this.#flush();
      this.#send({ kind: "replayed", consumed });
    } catch (error) {
      this.fail(error);
    }
    this.#replays.goOn();
  }

  /**
   * Draining nothing moves the heartbeat: an engine whose matches wait for the agent, or that waits
   * for it to read its answer to a replay, is not stuck.
   */
  #beat(): void {
    try {
      this.#running().drain(0);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Nothing else lies where the news is put, whatever is under way. */
  #tell({ container, blocks, final }: ContainerNews): void {
    if (blocks.length > 0 && blocks.length <= ANSWER_BYTES_MAX) {
      const offset = REPLAY_BYTES_MAX - ANSWER_BYTES_MAX;
      this.#running().stage(blocks, offset);
      this.#running().replay(offset, blocks.length);
      this.#send({ kind: "told", container });
    }
    this.#questions.onAnswer(container, final);
  }

  #drain(): void {
    clearInterval(this.#beats);
    const rings = this.#options?.windows.rings ?? [];
    const waiter = new Waiter(rings.map((ring) => ring.fd));
    if (this.#recording) this.#running().tap(true);
    const pace = new PackPace(this.#running(), this.#options?.packs.length ?? 0, (throttling) => {
      this.#send({ kind: "throttled", throttling });
    });
    this.#pace = pace;
    this.#loop = new LiveLoop({
      drainer: this.#running(),
      wait: (wake) => {
        waiter.wait(wake);
      },
      afterSlice: (events, ms) => {
        pace.afterDrain(events, ms);
      },
      afterBatch: () => this.#afterBatch(),
      onFailure: (error) => {
        this.fail(error);
      },
    });
    this.#loop.start();
  }

  /** Matches go out; recorded bytes wait in the replay window until the agent has taken them. */
  async #afterBatch(): Promise<void> {
    this.#liveMatches.turn();
    if (this.#recording) await this.#handOver(this.#running().tapped());
    await this.#questions.settled();
  }

  async #handOver(bytes: number): Promise<void> {
    if (bytes === 0) return;
    await new Promise<void>((resolve) => {
      this.#taken = resolve;
      this.#send({ kind: "recorded", bytes });
    });
  }

  async #stop(): Promise<void> {
    await this.#loop?.stop();
    this.#flush();
    const { hostCalls = 0, renderFaults: faults = 0 } = this.#session ?? {};
    const totals = { hostCalls, renderFaults: faults + this.#valuesLeftOut };
    this.#send({ kind: "stopped", totals }, () => process.exit(0));
  }

  #running(): Session {
    if (this.#session === undefined) throw new Error("the first order is not 'start'");
    return this.#session;
  }
}

// Before the first order is read. The kernel then also ends a pack that loops, with the agent.
enterJail();

const channel = new Channel(
  new Socket({ fd: CHANNEL_FD, readable: true, writable: true }),
  { incoming: orderCodec(), outgoing: reportCodec() },
  {
    onMessage: (order) => {
      try {
        main.obey(order);
      } catch (error) {
        main.fail(error);
      }
    },
    onBadFrame: (error) => {
      main.fail(error);
    },
    // Without an agent there is nobody to tell anything.
    onEnd: () => process.exit(0),
  },
);
const main = new EngineProcess(channel);
// The agent decides when to stop; a terminal's Ctrl-C reaches the whole process group.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
// Node would open its debugger.
process.on("SIGUSR1", () => undefined);
