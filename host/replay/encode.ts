import { eventByCode } from "../schema/events.ts";
import type { EventSchema, ParamType } from "../schema/types.ts";
import { BLOCK, BLOCK_FRAME_BYTES, EVENT_STATE_ONLY, paddedLength } from "./block.ts";

/** A number for numeric parameters; text or bytes for the others; undefined for a missing one. */
export type ParamValue = number | bigint | string | Uint8Array | undefined;

export const EVENT_HEADER_BYTES = 26;
const LENGTH_MAX = 0xffff;

export interface EventHeader {
  readonly type: number;
  /** All bits set for none. */
  readonly tid: bigint;
  /** ns since the epoch. */
  readonly time: bigint;
}

/**
 * Bytes of one event (see the format in assembly/record/event.ts). Values beyond the schema's
 * parameters must be bytes. Throws a RangeError for a type that is not in the schema and for a
 * value that its parameter's type cannot hold.
 */
export function encodeEvent(header: EventHeader, params: readonly ParamValue[]): Buffer {
  const schema = eventByCode(header.type);
  if (schema === undefined) throw new RangeError(`event type ${header.type} is not in the schema`);
  const values = params.map((value, i) => encodeParam(schema, i, value));
  const lengthBytes = schema.flags.includes("large_payload") ? 4 : 2;
  const total = values.reduce(
    (sum, value) => sum + value.length,
    EVENT_HEADER_BYTES + lengthBytes * values.length,
  );
  const event = Buffer.allocUnsafe(total);
  event.writeBigUInt64LE(BigInt.asUintN(64, header.time), 0);
  event.writeBigUInt64LE(BigInt.asUintN(64, header.tid), 8);
  event.writeUInt32LE(total, 16);
  event.writeUInt16LE(header.type, 20);
  event.writeUInt32LE(values.length, 22);
  let length = EVENT_HEADER_BYTES;
  let at = length + lengthBytes * values.length;
  for (const value of values) {
    if (lengthBytes === 4) event.writeUInt32LE(value.length, length);
    else event.writeUInt16LE(value.length, length);
    length += lengthBytes;
    event.set(value, at);
    at += value.length;
  }
  return event;
}

/** An event block around an event; `stateOnly` ones are not shown to rules. */
export function eventBlock(
  event: Uint8Array,
  options: { readonly cpu?: number; readonly stateOnly?: boolean } = {},
): Buffer {
  const { cpu = 0, stateOnly = false } = options;
  const prefix = stateOnly ? 6 : 2;
  const padded = paddedLength(prefix + event.length);
  const bytes = Buffer.alloc(padded + BLOCK_FRAME_BYTES);
  bytes.writeUInt32LE(blockType(event, stateOnly), 0);
  bytes.writeUInt32LE(bytes.length, 4);
  bytes.writeUInt16LE(cpu & 0xffff, 8);
  if (stateOnly) bytes.writeUInt32LE(EVENT_STATE_ONLY, 10);
  bytes.set(event, 8 + prefix);
  bytes.writeUInt32LE(bytes.length, bytes.length - 4);
  return bytes;
}

function blockType(event: Uint8Array, stateOnly: boolean): number {
  const type = (event[20] ?? 0) | ((event[21] ?? 0) << 8);
  const large = eventByCode(type)?.flags.includes("large_payload") ?? false;
  if (large) return stateOnly ? BLOCK.largeEventWithFlags : BLOCK.largeEvent;
  return stateOnly ? BLOCK.eventWithFlags : BLOCK.event;
}

const NOTHING = Buffer.alloc(0);

function encodeParam(schema: EventSchema, index: number, value: ParamValue): Uint8Array {
  if (value === undefined) return NOTHING;
  const param = schema.params[index];
  if (param === undefined) {
    if (value instanceof Uint8Array) return value;
    throw new RangeError(`${schema.id} has no parameter ${index}; give bytes`);
  }
  const bytes =
    typeof value === "number" || typeof value === "bigint"
      ? encodeNumber(param.type, value)
      : encodeText(param.type, value);
  if (bytes.length > LENGTH_MAX && !schema.flags.includes("large_payload")) {
    throw new RangeError(
      `${schema.id}.${param.name} has ${bytes.length} bytes, more than a length can say`,
    );
  }
  return bytes;
}

/** Text parameters end with a NUL, which the caller does not write. */
function encodeText(type: ParamType, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  if (type !== "CHARBUF" && type !== "FSPATH" && type !== "FSRELPATH") return bytes;
  const terminated = Buffer.alloc(bytes.length + 1);
  terminated.set(bytes);
  return terminated;
}

function encodeNumber(type: ParamType, value: number | bigint): Buffer {
  const width = WIDTH[type];
  if (width === undefined) throw new RangeError(`a ${type} parameter takes bytes, not a number`);
  const bits = BigInt.asUintN(width * 8, BigInt(value));
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(bits, 0);
  return bytes.subarray(0, width);
}

/** Bytes of each numeric type. */
const WIDTH: Readonly<Partial<Record<ParamType, number>>> = {
  INT8: 1,
  UINT8: 1,
  FLAGS8: 1,
  ENUMFLAGS8: 1,
  SIGTYPE: 1,
  L4PROTO: 1,
  SOCKFAMILY: 1,
  INT16: 2,
  UINT16: 2,
  FLAGS16: 2,
  ENUMFLAGS16: 2,
  SYSCALLID: 2,
  PORT: 2,
  INT32: 4,
  UINT32: 4,
  FLAGS32: 4,
  ENUMFLAGS32: 4,
  UID: 4,
  GID: 4,
  BOOL: 4,
  MODE: 4,
  SIGSET: 4,
  FD32: 4,
  PID32: 4,
  INT64: 8,
  UINT64: 8,
  ERRNO: 8,
  FD: 8,
  PID: 8,
  RELTIME: 8,
  ABSTIME: 8,
};
