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
import { MatchQueue } from "./match-queue.ts";
import { orderCodec, reportCodec } from "./messages.ts";
import {
  CHANNEL_FD,
  type ContainerNews,
  type Order,
  type Report,
  shortReason,
} from "./protocol.ts";
import { sendReport } from "./send-report.ts";
import { Session, type SessionOptions } from "./session.ts";

/** Above this share of a ring nothing is waited for. */
const RING_FILL_MAX = 0.25;

class EngineProcess {
  readonly #send: (report: Report, sent?: () => void) => void;
  readonly #queue: MatchQueue;
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
  #taken: (() => void) | undefined;

  constructor(send: (report: Report, sent?: () => void) => void) {
    this.#send = send;
    this.#queue = new MatchQueue(send);
  }

  obey(order: Order): void {
    switch (order.kind) {
      case "start":
        this.#start(order.options, order.record);
        return;
      case "replay":
        this.#replay(order.offset, order.length);
        return;
      case "host":
        this.#running().setHost(order.facts);
        return;
      case "live":
        this.#live();
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
    this.#queue.flush();
    this.#send({ kind: "failed", reason }, () => process.exit(1));
  }

  #start(options: SessionOptions, record: boolean): void {
    this.#options = options;
    const isLive = options.windows.rings.length > 0;
    this.#session = new Session(options, {
      onProcess: (pid, container) =>
        isLive && pid > 0 && this.#questions.onProcess({ pid, container }),
      onMatch: (match) => {
        this.#queue.add(match);
      },
      onFault: (fault) => {
        this.#queue.flush();
        this.#send({ kind: "fault", fault: { ...fault, reason: shortReason(fault.reason) } });
      },
      onLoading: (pack) => {
        this.#send({ kind: "loading", pack });
      },
    });
    this.#recording = record;
    this.#send({ kind: "ready", origin: this.#session.origin });
    this.#session.finishInterrupted();
    this.#queue.flush();
  }

  #replay(offset: number, length: number): void {
    const consumed = this.#running().replay(offset, length);
    this.#queue.flush();
    this.#send({ kind: "replayed", consumed });
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

  #live(): void {
    const rings = this.#options?.windows.rings ?? [];
    const waiter = new Waiter(rings.map((ring) => ring.fd));
    if (this.#recording) this.#running().tap(true);
    this.#loop = new LiveLoop({
      drainer: this.#running(),
      wait: (wake) => {
        waiter.wait(wake);
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
    this.#queue.flush();
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
    this.#queue.flush();
    const { hostCalls = 0, renderFaults = 0 } = this.#session ?? {};
    this.#send({ kind: "stopped", totals: { hostCalls, renderFaults } }, () => process.exit(0));
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
const main = new EngineProcess((report, sent) => {
  sendReport(channel, report, sent);
});
// The agent decides when to stop; a terminal's Ctrl-C reaches the whole process group.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
// Node would open its debugger.
process.on("SIGUSR1", () => undefined);
