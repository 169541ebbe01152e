/**
 * An engine in this process that replays one workload again and again.
 *
 * Each repetition continues in time and in state, as a host that does the same work again: its
 * events are later by the length of the recording, and the recording's lists are applied again in
 * front of it. So processes that ended in the last repetition are there again, descriptors and
 * texts of the last repetition give way to the same ones, and state does not grow. Only the calls
 * of `replay` for events are timed.
 */
import { type Match, type PackFault, Session, type TableSizes } from "../engine/session.ts";
import {
  createWasmMemory,
  mapEngineWindows,
  type WindowFiles,
  type WindowMode,
} from "../engine/windows.ts";
import { closeFd, createMemory } from "../native/native.ts";
import { schemaBlob } from "../schema/blob.ts";
import { FIELDS } from "../schema/fields.ts";
import type { OutputPart, Priority } from "../schema/manifest.ts";
import { REPLAY_BASE, REPLAY_BYTES_MAX, STATE_BYTES_MAX } from "../schema/memory.ts";
import { instantiateWalker } from "./probe.ts";
import { postpone, type Workload } from "./workload.ts";

export interface BenchSessionOptions {
  readonly engine: Uint8Array;
  readonly packs: readonly Uint8Array[];
  readonly tables: TableSizes;
  readonly mode: WindowMode;
  readonly matching: "first" | "all";
  readonly priority: Priority;
  readonly appended: readonly OutputPart[];
  /** Gets every match that has something to render. */
  readonly onMatch: (match: Match) => void;
  /** Instead of the engine: only finds and decodes the events; see probe.ts. */
  readonly walker?: Uint8Array;
}

/** The engine or a pack does not do with the workload what it must. */
export class BenchError extends Error {
  override readonly name = "BenchError";
}

const NS_PER_US = 1_000;
/** What the agent gives the engine at once. */
const ROW_BYTES = 1 << 20;

/** Owns its windows; `close` when done. */
export class BenchSession {
  readonly #workload: Workload;
  readonly #session: Session;
  readonly #windows: WindowFiles;
  readonly #events: Buffer;
  readonly #rows: readonly (readonly [start: number, length: number])[];
  readonly #fault: { reason?: string } = {};
  /** Takes events of the replay window; returns whether it took all of these bytes. */
  readonly #take: (offset: number, length: number) => boolean;

  /** Throws NativeError without the addon, EngineFault or BenchError. */
  constructor(workload: Workload, options: BenchSessionOptions) {
    this.#workload = workload;
    this.#windows = makeWindows();
    const { onMatch, walker, ...session } = options;
    this.#session = new Session(
      {
        ...session,
        schema: schemaBlob(),
        fields: FIELDS.map((field) => field.name),
        disabled: [],
        windows: this.#windows,
        takeOver: false,
      },
      {
        onMatch,
        onFault: (fault) => {
          this.#fault.reason ??= faultReason(fault);
        },
      },
    );
    const { interfaces, events } = workload;
    this.#session.setHost({
      networks: interfaces.map(({ address, netmask }) => ({ address, mask: netmask })),
    });
    this.#events = Buffer.from(this.#session.memory.buffer, REPLAY_BASE, events.length);
    this.#events.set(events);
    this.#rows = rowsOf(events);
    this.#take = walker === undefined ? this.#replay : this.#walk(walker);
  }

  /** Events of one repetition. */
  get events(): number {
    return this.#workload.times.length;
  }

  /** The memory of a pack, or undefined when it was switched off. */
  packMemory(pack: number): WebAssembly.Memory | undefined {
    return this.#session.packMemory(pack);
  }

  /**
   * Runs the workload once. Returns ns per event, of CPU time: this process does nothing else
   * meanwhile, and what others do on the same CPU is not in it. Throws BenchError.
   */
  repeat(): number {
    const { times, period } = this.#workload;
    postpone(this.#events, times, period);
    this.#restoreLists();
    const before = process.cpuUsage();
    for (const [offset, length] of this.#rows) {
      if (!this.#take(offset, length)) {
        throw new BenchError("the engine takes one of the events for damaged");
      }
    }
    const { user, system } = process.cpuUsage(before);
    if (this.#fault.reason !== undefined) throw new BenchError(this.#fault.reason);
    return ((user + system) * NS_PER_US) / times.length;
  }

  /** Runs the workload once, event by event. Returns what each took in ns, clock included. */
  time(): Float64Array {
    const { times, period } = this.#workload;
    postpone(this.#events, times, period);
    this.#restoreLists();
    const taken = new Float64Array(times.length);
    let at = 0;
    for (let event = 0; at < this.#events.length; event++) {
      const length = this.#events.readUInt32LE(at + 4);
      const start = performance.now();
      this.#take(at, length);
      taken[event] = (performance.now() - start) * 1e6;
      at += length;
    }
    if (this.#fault.reason !== undefined) throw new BenchError(this.#fault.reason);
    return taken;
  }

  close(): void {
    closeFd(this.#windows.state.fd);
    closeFd(this.#windows.replay.fd);
  }

  #replay(offset: number, length: number): boolean {
    return this.#session.replay(offset, length) === length;
  }

  /** In a memory of its own: the engine's statics are none of its business. */
  #walk(bytes: Uint8Array): (offset: number, length: number) => boolean {
    const memory = createWasmMemory();
    mapEngineWindows(memory, this.#windows);
    const walk = instantiateWalker(bytes, memory);
    return (offset, length) => walk(REPLAY_BASE + offset, length) > 0;
  }

  /** The lists lie behind the events in the window. */
  #restoreLists(): void {
    const { lists, events } = this.#workload;
    this.#session.stage(lists, events.length);
    if (this.#session.replay(events.length, lists.length) !== lists.length) {
      throw new BenchError("the engine takes one of the recording's lists for damaged");
    }
  }
}

function faultReason({ pack, reason }: PackFault): string {
  return `pack ${String(pack)} was switched off: ${reason}`;
}

function makeWindows(): WindowFiles {
  return {
    state: { fd: createMemory("lanner-bench-state", STATE_BYTES_MAX), bytes: STATE_BYTES_MAX },
    replay: { fd: createMemory("lanner-bench-replay", REPLAY_BYTES_MAX), bytes: REPLAY_BYTES_MAX },
    rings: [],
  };
}

/** Whole blocks in rows; a block larger than a row is one of its own. */
function rowsOf(events: Buffer): readonly (readonly [number, number])[] {
  const rows: [number, number][] = [];
  let start = 0;
  let end = 0;
  while (end < events.length) {
    const next = end + events.readUInt32LE(end + 4);
    if (next - start > ROW_BYTES && end > start) {
      rows.push([start, end - start]);
      start = end;
    }
    end = next;
  }
  rows.push([start, end - start]);
  return rows;
}
