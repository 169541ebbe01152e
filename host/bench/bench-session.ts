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
import type { WindowFiles, WindowMode } from "../engine/windows.ts";
import { closeFd, createMemory } from "../native/native.ts";
import { schemaBlob } from "../schema/blob.ts";
import { FIELDS } from "../schema/fields.ts";
import type { OutputPart } from "../schema/manifest.ts";
import { REPLAY_BASE, REPLAY_BYTES_MAX, STATE_BYTES_MAX } from "../schema/memory.ts";
import { postpone, type Workload } from "./workload.ts";

export interface BenchSessionOptions {
  readonly engine: Uint8Array;
  readonly packs: readonly Uint8Array[];
  readonly tables: TableSizes;
  readonly mode: WindowMode;
  readonly matching: "first" | "all";
  readonly appended: readonly OutputPart[];
  /** Gets every match that has something to render. */
  readonly onMatch: (match: Match) => void;
}

/** The engine or a pack does not do with the workload what it must. */
export class BenchError extends Error {
  override readonly name = "BenchError";
}

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

  /** Throws NativeError without the addon, EngineFault or BenchError. */
  constructor(workload: Workload, options: BenchSessionOptions) {
    this.#workload = workload;
    this.#windows = makeWindows();
    const { onMatch, ...session } = options;
    this.#session = new Session(
      {
        ...session,
        schema: schemaBlob(),
        fields: FIELDS.map((field) => field.name),
        disabled: [],
        windows: this.#windows,
        takeOver: false,
        priority: "Debug",
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
  }

  /** The engine's memory. */
  get memory(): WebAssembly.Memory {
    return this.#session.memory;
  }

  /** Runs the workload once. Returns ns per event. Throws BenchError. */
  repeat(): number {
    const { times, period } = this.#workload;
    postpone(this.#events, times, period);
    this.#restoreLists();
    const start = process.hrtime.bigint();
    for (const [offset, length] of this.#rows) {
      if (this.#session.replay(offset, length) !== length) {
        throw new BenchError("the engine takes one of the events for damaged");
      }
    }
    const ns = process.hrtime.bigint() - start;
    if (this.#fault.reason !== undefined) throw new BenchError(this.#fault.reason);
    return Number(ns) / times.length;
  }

  close(): void {
    closeFd(this.#windows.state.fd);
    closeFd(this.#windows.replay.fd);
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
