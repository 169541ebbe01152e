/**
 * An engine process with the memory it works in: makes the windows, keeps the supervisor, and feeds
 * event blocks through the replay window.
 */
import { readSync, writeSync } from "node:fs";
import type { HostFacts } from "../engine/host-facts.ts";
import type { Merge } from "../engine/merges.ts";
import type { Throttling } from "../engine/pack-pace.ts";
import { peakBytes } from "../engine/process-memory.ts";
import {
  type ContainerNews,
  type ContainerProcess,
  reportLimits,
  type Totals,
} from "../engine/protocol.ts";
import type { EngineFault, Match, PackFault, StateOrigin, TableSizes } from "../engine/session.ts";
import type { Pulse } from "../engine/state-window.ts";
import { Supervisor, WATCHDOG_MS_DEFAULT } from "../engine/supervisor.ts";
import type { WindowFile, WindowFiles, WindowMode } from "../engine/windows.ts";
import { closeFd, createMemory } from "../native/native.ts";
import type { InterfaceEntry } from "../replay/entries.ts";
import { endOfWholeBlocks } from "../replay/replay-parts.ts";
import type { OutputPart, PackManifest, Priority } from "../schema/manifest.ts";
import { ANSWER_BYTES_MAX, REPLAY_BYTES_MAX, STATE_BYTES_MAX } from "../schema/memory.ts";

export interface EngineHostOptions {
  readonly engine: Uint8Array;
  readonly schema: Uint8Array;
  readonly fields: readonly string[];
  readonly packs: readonly { readonly bytes: Uint8Array; readonly manifest: PackManifest }[];
  readonly appended: readonly OutputPart[];
  readonly matching: "first" | "all";
  readonly priority: Priority;
  /** Print captured data as Base64. */
  readonly base64?: boolean;
  readonly mode: WindowMode;
  readonly tables: TableSizes;
  /** Live capture only. */
  readonly live?: {
    readonly rings: readonly WindowFile[];
    readonly wakeup: { readonly fd: number; readonly fdOffset: number };
    /** Keep every event. */
    readonly record: boolean;
    /** Events that the kernel has written so far: what an engine that stands still misses. */
    readonly written: () => number;
  };
}

export interface EngineHostListener {
  onMatch(match: Match): void;
  onMerged(merge: Merge): void;
  onThrottled(throttling: Throttling): void;
  onFault(fault: PackFault): void;
  /** Whole event blocks; the engine waits until this has settled. */
  onRecorded(blocks: Uint8Array): void | Promise<void>;
  /** Live only: a program runs in a container; answer with `EngineHost.tell`. */
  onProcess(process: ContainerProcess): void;
  onTold(container: string): void;
  onRestart(reason: string, origin: StateOrigin): void | Promise<void>;
  onGivenUp(error: EngineFault): void;
}

/** The two halves of the replay window take turns: one is filled while the other is evaluated. */
const HALF_BYTES = (REPLAY_BYTES_MAX - ANSWER_BYTES_MAX) / 2;
const FRAME_LENGTH_AT = 4;

export class EngineHost {
  readonly #windows: WindowFiles;
  readonly #supervisor: Supervisor;
  #half = 0;
  #inFlight: Promise<void> = Promise.resolve();
  #refusedBlocks = 0;

  private constructor(windows: WindowFiles, supervisor: Supervisor) {
    this.#windows = windows;
    this.#supervisor = supervisor;
  }

  /** Starts an engine on a fresh state window. Throws EngineFault or NativeError. */
  static async start(
    options: EngineHostOptions,
    listener: EngineHostListener,
  ): Promise<EngineHost> {
    const { live, packs, ...session } = options;
    const windows = makeWindows(live);
    const manifests = packs.map((pack) => pack.manifest.rules);
    const onRecorded = (bytes: number): void | Promise<void> =>
      listener.onRecorded(made.#recorded(readWindow(windows.replay, bytes)));
    const supervisor = new Supervisor(
      {
        session: { ...session, packs: packs.map((pack) => pack.bytes) },
        windows,
        limits: reportLimits(manifests, options.appended),
        record: live?.record ?? false,
        watchdogMs: WATCHDOG_MS_DEFAULT,
        offered: live?.written ?? (() => 0),
      },
      {
        onMatch: listener.onMatch.bind(listener),
        onMerged: listener.onMerged.bind(listener),
        onThrottled: listener.onThrottled.bind(listener),
        onFault: listener.onFault.bind(listener),
        onProcess: listener.onProcess.bind(listener),
        onTold: listener.onTold.bind(listener),
        onRestart: listener.onRestart.bind(listener),
        onGivenUp: listener.onGivenUp.bind(listener),
        onRecorded,
      },
    );
    const made = new EngineHost(windows, supervisor);
    try {
      await supervisor.start();
    } catch (error) {
      made.#close();
      throw error;
    }
    return made;
  }

  /** Blocks that the engine refused: no events, or with lengths that do not add up. */
  get refusedBlocks(): number {
    return this.#refusedBlocks;
  }

  /** Matches that were lost on their way from the engine. */
  get matchesLost(): number {
    return this.#supervisor.matchesLost;
  }

  get pulse(): Pulse {
    return this.#supervisor.pulse();
  }

  /** Resident bytes of the engine process at most, the windows it touched included. */
  get peakBytes(): number {
    return peakBytes(this.#supervisor.pid);
  }

  /** First bytes of the state window, counters included. */
  readState(bytes: number): Uint8Array {
    return readWindow(this.#windows.state, bytes);
  }

  /** Applies and evaluates whole event blocks. They are copied before this returns. */
  async feed(blocks: Uint8Array): Promise<void> {
    if (blocks.length > HALF_BYTES) throw new RangeError("more blocks than the window takes");
    const offset = this.#half * HALF_BYTES;
    this.#half = 1 - this.#half;
    writeSync(this.#windows.replay.fd, blocks, 0, blocks.length, offset);
    await this.#inFlight;
    this.#inFlight = this.#replay(offset, blocks);
    // A failure is reported by whoever awaits it next, not as an unhandled one.
    this.#inFlight.catch(() => undefined);
  }

  /** Waits until everything that was fed has been evaluated. */
  async settle(): Promise<void> {
    await this.#inFlight;
  }

  /** Tells what the engine must know of the host that the events come from. */
  setHost(facts: HostFacts): void {
    this.#supervisor.setHost(facts);
  }

  /** Users and groups of a container that the engine asked for. */
  tell(news: ContainerNews): void {
    this.#supervisor.tell({ kind: "container", news });
  }

  /** All threads that are alive, so that the engine can let go of others. */
  tellLiving(threads: Uint32Array): void {
    this.#supervisor.tell({ kind: "living", threads });
  }

  /** Begins to drain the rings. */
  live(): void {
    this.#supervisor.live();
  }

  /** Evaluates what is left and ends the engine; `beforeClose` may still read the state. */
  async stop(beforeClose: () => void): Promise<Totals> {
    const totals = await this.#supervisor.stop();
    beforeClose();
    this.#close();
    return totals;
  }

  /** Ends the engine at once. */
  kill(): void {
    this.#supervisor.kill();
  }

  #recorded(bytes: Uint8Array): Uint8Array {
    const end = endOfWholeBlocks(bytes);
    if (end < bytes.length) this.#refusedBlocks += 1;
    return bytes.subarray(0, end);
  }

  async #replay(start: number, blocks: Uint8Array): Promise<void> {
    const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
    let at = 0;
    while (at < blocks.length) {
      at += await this.#supervisor.replay(start + at, blocks.length - at);
      if (at + FRAME_LENGTH_AT + 4 > blocks.length) return;
      // The engine stopped at a block that it does not take: count it and go on behind it.
      this.#refusedBlocks += 1;
      at += Math.max(view.getUint32(at + FRAME_LENGTH_AT, true), 1);
    }
  }

  #close(): void {
    closeFd(this.#windows.state.fd);
    closeFd(this.#windows.replay.fd);
  }
}

function makeWindows(live: EngineHostOptions["live"]): WindowFiles {
  const state = { fd: createMemory("lanner-state", STATE_BYTES_MAX), bytes: STATE_BYTES_MAX };
  const replay = { fd: createMemory("lanner-replay", REPLAY_BYTES_MAX), bytes: REPLAY_BYTES_MAX };
  if (live === undefined) return { state, replay, rings: [] };
  return { state, replay, rings: live.rings, wakeup: live.wakeup };
}

function readWindow(file: WindowFile, bytes: number): Uint8Array {
  const length = Math.min(bytes, file.bytes);
  const copy = new Uint8Array(length);
  readSync(file.fd, copy, 0, length, 0);
  return copy;
}

/** What the engine takes of an interface of a list. */
export function networkOf(entry: InterfaceEntry): HostFacts["networks"][number] {
  return { address: entry.address, mask: entry.netmask };
}
