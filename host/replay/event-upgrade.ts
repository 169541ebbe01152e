import { EVENT_TYPES, EVENTS, eventByCode } from "../schema/events.ts";
import { EVENT_STATE_ONLY } from "./block.ts";
import { EVENT_HEADER_BYTES, encodeEvent, eventBlock } from "./encode.ts";
import {
  APPENDED,
  APPENDED_FROM,
  APPENDED_ZERO,
  type Layout,
  LIVE_ENTERS,
  OLD_LAYOUTS,
  type Source,
} from "./old-events.ts";

/** Today's number of parameters by type; NOT_LIVE for types that no producer writes any more. */
const PARAMS = new Uint8Array(EVENT_TYPES);
const NOT_LIVE = 255;
PARAMS.fill(NOT_LIVE);
for (const event of EVENTS) PARAMS[event.code] = event.params.length;

const CONNECT_ENTER = 22;
/** The first form of container events: id, type, name and image, before there was JSON. */
const CONTAINER_V1 = 228;
const CONTAINER_JSON = 324;
/** Threads that are inside a system call; beyond, the enter event is lost and so counted. */
const WAITING_MAX = 65_536;
/** And what their enter events may take; those of real producers have a few hundred bytes each. */
const WAITING_BYTES_MAX = 64 << 20;
const LENGTH_MAX = 0xffff;
/** Place of the flags in an event block that has them; the event follows. */
const FLAGS_AT = 10;
const FLAGS_END = 14;

export interface UpgradeStatistics {
  /** Enter events whose parameters wait for, or went to, their exit. */
  mergedEnters: number;
  /** Events that no rule could have seen and that tell no state. */
  unusedEvents: number;
}

/** True when an event of this type and parameter count is today's as it stands. */
export function isCurrent(type: number, params: number): boolean {
  const expected = type < EVENT_TYPES ? (PARAMS[type] ?? NOT_LIVE) : NOT_LIVE;
  if (type >= EVENT_TYPES) return true; // left to the engine, which counts it
  if (expected === NOT_LIVE || type === CONNECT_ENTER) return false;
  return (type & 1) === 0 || params >= expected;
}

/** Turns events of older producers into today's; remembers enter events until their exits. */
export class EventUpgrade {
  readonly statistics: UpgradeStatistics;
  readonly #entered = new Map<bigint, Buffer>();
  #enteredBytes = 0;

  constructor(statistics: UpgradeStatistics) {
    this.statistics = statistics;
  }

  /** The block to hand on instead of `block` (its event starts at `at`), undefined for none. */
  upgrade(block: Buffer, at: number): Buffer | undefined {
    const event = readEvent(block, at);
    // Not ours to judge: the engine counts malformed events.
    if (event === undefined) return block;
    const { type } = event;
    if (type === CONTAINER_V1) return containerBlock(event, block.readUInt16LE(8));
    const layout = OLD_LAYOUTS.get(type);
    const live = PARAMS[type] !== NOT_LIVE;
    if ((type & 1) === 0 && layout === undefined) {
      if (type === CONNECT_ENTER || !live) this.#enter(event);
      return live ? block : undefined;
    }
    const entered = this.#leave(event);
    const write = (to: Layout): Buffer => {
      const stateOnly = at === FLAGS_END && (block.readUInt32LE(FLAGS_AT) & EVENT_STATE_ONLY) !== 0;
      return eventBlock(rewritten(event, entered, to), { cpu: block.readUInt16LE(8), stateOnly });
    };
    if (layout !== undefined) return write(layout);
    if (!live) {
      this.statistics.unusedEvents++;
      return undefined;
    }
    const sources = appended(event, entered);
    return sources === undefined ? block : write({ type, sources });
  }

  /** A new capture begins: no enter event of the old one has an exit here. */
  reset(): void {
    this.#entered.clear();
    this.#enteredBytes = 0;
  }

  #enter(event: OldEvent): void {
    if (event.type !== CONNECT_ENTER) this.statistics.mergedEnters++;
    const known = this.#entered.get(event.tid);
    const bytes = this.#enteredBytes - (known?.length ?? 0) + event.bytes.length;
    if ((known === undefined && this.#entered.size >= WAITING_MAX) || bytes > WAITING_BYTES_MAX) {
      if (event.type !== CONNECT_ENTER) this.statistics.unusedEvents++;
      return;
    }
    this.#enteredBytes = bytes;
    this.#entered.set(event.tid, Buffer.from(event.bytes));
  }

  /** The enter event that belongs to this exit. */
  #leave(event: OldEvent): OldEvent | undefined {
    const bytes = this.#entered.get(event.tid);
    if (bytes === undefined) return undefined;
    this.#entered.delete(event.tid);
    this.#enteredBytes -= bytes.length;
    const entered = readEvent(bytes, 0);
    return entered?.type === event.type - 1 ? entered : undefined;
  }
}

/** What a container event of the first form says, as an event of today says it. */
function containerBlock({ bytes, tid, params }: OldEvent, cpu: number): Buffer {
  const [id, type, name, image] = params;
  const container = {
    id: text(id),
    ...(type !== undefined && type.length >= 4 ? { type: type.readUInt32LE(0) } : {}),
    name: text(name),
    image: text(image),
  };
  const time = bytes.readBigUInt64LE(0);
  const json = JSON.stringify({ container });
  return eventBlock(encodeEvent({ type: CONTAINER_JSON, tid, time }, [json]), { cpu });
}

/** Without the final NUL and what lies behind it. */
function text(param: Buffer | undefined): string {
  if (param === undefined) return "";
  const end = param.indexOf(0);
  return param.toString("utf8", 0, end < 0 ? param.length : end);
}

interface OldEvent {
  readonly type: number;
  readonly tid: bigint;
  readonly bytes: Buffer;
  readonly params: readonly Buffer[];
}

function readEvent(block: Buffer, at: number): OldEvent | undefined {
  if (at + EVENT_HEADER_BYTES > block.length) return undefined;
  const length = block.readUInt32LE(at + 16);
  if (length < EVENT_HEADER_BYTES || at + length > block.length) return undefined;
  const bytes = block.subarray(at, at + length);
  const count = bytes.readUInt32LE(22);
  let value = EVENT_HEADER_BYTES + 2 * count;
  if (value > length) return undefined;
  const params: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const end = value + bytes.readUInt16LE(EVENT_HEADER_BYTES + 2 * i);
    if (end > length) return undefined;
    params.push(bytes.subarray(value, end));
    value = end;
  }
  return { type: bytes.readUInt16LE(20), tid: bytes.readBigUInt64LE(8), bytes, params };
}

/** Sources of an exit that lacks its last parameters; undefined when the enter does not help. */
function appended(event: OldEvent, entered: OldEvent | undefined): Source[] | undefined {
  const { type, params } = event;
  const expected = PARAMS[type] ?? 0;
  if (entered === undefined || LIVE_ENTERS.has(entered.type)) return undefined;
  const from = Math.max(params.length, APPENDED_FROM.get(type) ?? 0);
  const order = APPENDED.get(type) ?? entered.params.map((_, i) => i);
  const skipped = type === CONNECT_ENTER + 1 ? params.length - 2 : 0;
  const own: Source[] = params.map((_, i) => i);
  while (own.length < from) own.push(null);
  for (const param of order.slice(Math.max(0, skipped))) {
    if (own.length < expected) own.push({ enter: param });
  }
  const zero = APPENDED_ZERO.get(type);
  if (zero !== undefined && own.length === expected - 1) own.push(zero);
  return own.length > params.length ? own : undefined;
}

/** An event of `layout.type` with parameters from where the layout says. */
function rewritten(event: OldEvent, entered: OldEvent | undefined, layout: Layout): Buffer {
  const schema = eventByCode(layout.type);
  const wide = schema?.flags.includes("large_payload") ?? false;
  const values = layout.sources.map((source, i) => {
    const value = valueOf(source, event, entered);
    // Today's number may be narrower than the old one; little-endian, so its head is the value.
    const narrow = schema?.params[i]?.type === "ENUMFLAGS32" ? value.subarray(0, 4) : value;
    return narrow.length > LENGTH_MAX ? narrow.subarray(0, LENGTH_MAX) : narrow;
  });
  const bytes = Buffer.concat([
    event.bytes.subarray(0, EVENT_HEADER_BYTES),
    lengths(values, wide),
    ...values,
  ]);
  bytes.writeUInt32LE(bytes.length, 16);
  bytes.writeUInt16LE(layout.type, 20);
  bytes.writeUInt32LE(values.length, 22);
  return bytes;
}

const NOTHING = Buffer.alloc(0);

function valueOf(source: Source, event: OldEvent, entered: OldEvent | undefined): Buffer {
  if (source === null) return NOTHING;
  if (typeof source === "number") return event.params[source] ?? NOTHING;
  if ("zero" in source) return Buffer.alloc(source.zero);
  return entered?.params[source.enter] ?? NOTHING;
}

function lengths(values: readonly Buffer[], wide: boolean): Buffer {
  const width = wide ? 4 : 2;
  const bytes = Buffer.allocUnsafe(values.length * width);
  values.forEach((value, i) => {
    bytes.writeUIntLE(value.length, i * width, width);
  });
  return bytes;
}
