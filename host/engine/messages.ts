/**
 * The messages between agent and engine process, one row each: its members and how each is written.
 * A frame is the same in both directions:
 *
 *   0         4       5
 *   ├ length ─┼ kind ─┼ members in the order of the row …
 *     u32       u8
 *
 * `length` counts what follows it; a kind's number is its place in its table. Both processes are of
 * one build, so nothing is ever read that another release wrote.
 */
import { OUTPUT_PARTS_MAX, type OutputPart, PRIORITIES } from "../schema/manifest.ts";
import { PACKS_MAX, REPLAY_BYTES_MAX, RINGS_MAX } from "../schema/memory.ts";
import type { HostFacts } from "./host-facts.ts";
import type { Merge } from "./merges.ts";
import type { Throttling } from "./pack-pace.ts";
import {
  CONTAINER_CHARS_MAX,
  type ContainerNews,
  type ContainerProcess,
  LIST_ITEMS_MAX,
  MATCHES_PER_REPORT_MAX,
  MERGES_PER_REPORT_MAX,
  type Order,
  REASON_CHARS_MAX,
  type Report,
  TEXT_CHARS_MAX,
  type Totals,
} from "./protocol.ts";
import type { Match, PackFault, SessionOptions, TableSizes } from "./session.ts";
import type { WindowFile, WindowFiles } from "./windows.ts";
import { BadFrame, WireReader, WireWriter } from "./wire.ts";
import {
  bytes,
  count,
  type Fields,
  fieldValue,
  list,
  oneOf,
  optional,
  record,
  text,
  truth,
  u32,
  u64,
  type WireType,
} from "./wire-types.ts";

/** Engine and all packs go with one order. */
const ORDER_BYTES_MAX = 1 << 30;
/** The agent holds no more than this of what an engine has begun to say. */
export const REPORT_BYTES_MAX = 1 << 23;
/** UTF-8 of one UTF-16 unit at most. */
const BYTES_PER_CHAR = 3;
const FIELDS_MAX = 4_096;
const NAME_BYTES_MAX = 1_024;
const NETWORKS_MAX = 65_536;
const ADDRESS_BYTES_MAX = 16;

/** Rows of all kinds of messages: the members behind `kind`. */
type Table<M extends { readonly kind: string }> = {
  readonly [K in M["kind"]]: Fields<Omit<Extract<M, { readonly kind: K }>, "kind">>;
};

const reason = text(REASON_CHARS_MAX * BYTES_PER_CHAR);
const container = text(CONTAINER_CHARS_MAX * BYTES_PER_CHAR);
const window = record<WindowFile>({ fd: u32, bytes: u32 });
const address = bytes(ADDRESS_BYTES_MAX);
const network = record<HostFacts["networks"][number]>({ address, mask: address });

const value = fieldValue({
  textBytesMax: TEXT_CHARS_MAX * BYTES_PER_CHAR,
  itemsMax: LIST_ITEMS_MAX,
});

/** JSON, as manifests are. For orders only: the agent never parses text of the engine's. */
const outputPart: WireType<OutputPart> = {
  write: (writer, part) => {
    writer.text(JSON.stringify(part));
  },
  read: (reader) => JSON.parse(reader.text(ORDER_BYTES_MAX)) as OutputPart,
};

const threads: WireType<Uint32Array> = {
  write: (writer, ids) => {
    writer.bytes(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
  },
  read: (reader) => {
    const copy = reader.bytes(ORDER_BYTES_MAX);
    return new Uint32Array(copy.buffer, 0, copy.length / Uint32Array.BYTES_PER_ELEMENT);
  },
};

const options = record<SessionOptions>({
  engine: bytes(ORDER_BYTES_MAX),
  schema: bytes(REPLAY_BYTES_MAX),
  fields: list(text(NAME_BYTES_MAX), FIELDS_MAX),
  packs: list(bytes(ORDER_BYTES_MAX), PACKS_MAX),
  disabled: list(u32, PACKS_MAX),
  windows: record<WindowFiles>({
    state: window,
    replay: window,
    wakeup: optional(record<NonNullable<WindowFiles["wakeup"]>>({ fd: u32, fdOffset: u32 })),
    rings: list(window, RINGS_MAX),
  }),
  tables: record<TableSizes>({
    threads: u32,
    descriptors: u32,
    stringBytes: u32,
    containers: u32,
    users: u32,
    groups: u32,
  }),
  mode: oneOf("mapped", "private"),
  takeOver: truth,
  matching: oneOf("first", "all"),
  priority: oneOf(...PRIORITIES),
  appended: list(outputPart, OUTPUT_PARTS_MAX),
  base64: optional(truth),
});

const ORDERS: Table<Order> = {
  start: { options, record: truth },
  replay: { offset: u32, length: u32 },
  host: {
    facts: record<HostFacts>({
      networks: list(network, NETWORKS_MAX),
      hostname: optional(text(NAME_BYTES_MAX)),
    }),
  },
  live: {},
  taken: {},
  container: {
    news: record<ContainerNews>({ container, blocks: bytes(REPLAY_BYTES_MAX), final: truth }),
  },
  living: { threads },
  stop: {},
};

const match = record<Match>({
  pack: u32,
  rule: u32,
  event: u64,
  time: u64,
  values: list(value, OUTPUT_PARTS_MAX * 2),
});

const merge = record<Merge>({ pack: u32, rule: u32, count, first: u64, last: u64 });

const REPORTS: Table<Report> = {
  loading: { pack: u32 },
  ready: { origin: oneOf("laid-out", "taken-over", "torn") },
  matches: { matches: list(match, MATCHES_PER_REPORT_MAX) },
  merged: { merges: list(merge, MERGES_PER_REPORT_MAX) },
  throttled: {
    throttling: record<Throttling>({ pack: u32, stride: u32, cost: count, skipped: count }),
  },
  fault: { fault: record<PackFault>({ pack: u32, reason, event: u64, eventType: u32 }) },
  replayed: { consumed: u32 },
  recorded: { bytes: u32 },
  process: { process: record<ContainerProcess>({ pid: u32, container }) },
  told: { container },
  failed: { reason },
  stopped: {
    totals: record<Omit<Totals, "unfinished">>({ hostCalls: count, renderFaults: count }),
  },
};

const LENGTH_BYTES = 4;

/** Frames of one direction. */
export class MessageCodec<M extends { readonly kind: string }> {
  /** Bytes behind a frame's length at most. */
  readonly bytesMax: number;
  readonly #kinds: readonly string[];
  readonly #types: readonly WireType<object>[];
  readonly #writer: WireWriter;

  constructor(table: Table<M>, bytesMax: number) {
    this.bytesMax = bytesMax;
    this.#kinds = Object.keys(table);
    this.#types = Object.values(table).map((fields) => record(fields as Fields<object>));
    this.#writer = new WireWriter(bytesMax + LENGTH_BYTES);
  }

  /** The whole frame. Throws FrameTooLong. */
  encode(message: M): Buffer {
    const writer = this.#writer;
    const kind = this.#kinds.indexOf(message.kind);
    writer.reset();
    writer.u32(0);
    writer.u8(kind);
    this.#types[kind]?.write(writer, message);
    writer.patchU32(0, writer.length - LENGTH_BYTES);
    return writer.take();
  }

  /** Reads what follows a length. Never throws; bytes that are no message give a BadFrame. */
  decode(bytes: Buffer, start = 0, end = bytes.length): M | BadFrame {
    try {
      const reader = new WireReader(bytes, start, end);
      const number = reader.u8();
      const [kind, type] = [this.#kinds[number], this.#types[number]];
      if (kind === undefined || type === undefined) return new BadFrame("its kind is unknown");
      const message = Object.assign(type.read(reader), { kind });
      reader.end();
      return message as unknown as M;
    } catch (error) {
      if (error instanceof BadFrame) return error;
      return new BadFrame("it cannot be read", { cause: error });
    }
  }
}

export const orderCodec = (): MessageCodec<Order> => new MessageCodec(ORDERS, ORDER_BYTES_MAX);
export const reportCodec = (): MessageCodec<Report> => new MessageCodec(REPORTS, REPORT_BYTES_MAX);
