/**
 * Output fields of the current frame, rendered by the engine and read from its memory as values.
 * Only valid while the engine is inside `onMatch`.
 */
import type { OutputPart } from "../schema/manifest.ts";
import { STATE_BASE } from "../schema/memory.ts";
import type { FieldValue } from "../schema/value.ts";
import type { EngineExports } from "./engine-module.ts";
import { fieldText } from "./field-text.ts";

/** Kinds that `render` returns. */
const KIND = {
  missing: 0,
  text: 1,
  signed: 2,
  unsigned: 3,
  truth: 4,
  address: 5,
  bytes: 6,
  double: 7,
  list: 8,
} as const;

const VALUE_BYTES_MAX = 1 << 20;
/** Of a buffer in an output. */
const PRINTED_BYTES_MAX = 1_021;
/** The engine's room for arguments. */
const ARGUMENT_BYTES_MAX = 65_536;

const encoder = new TextEncoder();

/** Puts text, cut to what fits, where the engine expects arguments. Returns its length. */
export function putArgument(engine: EngineExports, memory: Uint8Array, text: string): number {
  const at = engine.argument() >>> 0;
  return encoder.encodeInto(text, memory.subarray(at, at + ARGUMENT_BYTES_MAX)).written;
}

/** What `render` is asked for one output part. */
export interface FieldRequest {
  /** Index in the field table, or −1 for a field that this version does not know. */
  readonly field: number;
  /** Argument as a number; −1 without one. */
  readonly index: number;
  /** Argument as UTF-8; empty without one. */
  readonly text: Uint8Array;
  /** Captured data as Base64 instead of with dots. */
  readonly base64?: boolean;
}

/** Prepares the parts of an output that name a field, in their order. */
export function fieldRequests(
  output: readonly OutputPart[],
  indexOf: (field: string) => number,
): readonly FieldRequest[] {
  return output.flatMap((part) => ("text" in part ? [] : [fieldRequest(part, indexOf)]));
}

function fieldRequest(
  part: { readonly field: string; readonly argument?: string },
  indexOf: (field: string) => number,
): FieldRequest {
  const argument = part.argument ?? "";
  const index = /^\d{1,9}$/.test(argument) ? Number(argument) : -1;
  const text = encoder.encode(argument).subarray(0, ARGUMENT_BYTES_MAX);
  return { field: indexOf(part.field), index, text };
}

/** Asks the engine for one field of the current frame. */
export function renderField(
  engine: EngineExports,
  memory: WebAssembly.Memory,
  request: FieldRequest,
): FieldValue {
  if (request.field < 0) return null;
  if (request.text.length > 0) {
    new Uint8Array(memory.buffer).set(request.text, engine.argument() >>> 0);
  }
  const kind = engine.render(request.field, request.index, request.text.length);
  switch (kind) {
    case KIND.signed:
      return BigInt.asIntN(64, engine.valueNumber());
    case KIND.unsigned:
      return BigInt.asUintN(64, engine.valueNumber());
    case KIND.truth:
      return engine.valueNumber() !== 0n;
    case KIND.double:
      return asDouble(engine.valueNumber());
    case KIND.text:
      return fieldText(valueBytes(engine, memory));
    case KIND.address:
      return addressText(valueBytes(engine, memory));
    case KIND.bytes:
      return bytesText(valueBytes(engine, memory), request.base64 === true);
    case KIND.list:
      return listOf(fieldText(valueBytes(engine, memory)));
    default:
      return null;
  }
}

function valueBytes(engine: EngineExports, memory: WebAssembly.Memory): Uint8Array {
  const length = Math.min(engine.valueLength() >>> 0, VALUE_BYTES_MAX);
  return new Uint8Array(memory.buffer, engine.valueAddress() >>> 0, length);
}

/** Texts end with NUL; an empty list has no bytes and is no value. */
function listOf(text: string): readonly string[] | null {
  if (text === "") return null;
  const items = text.split("\0");
  if (text.endsWith("\0")) items.pop();
  return items;
}

function asDouble(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, bits));
  return view.getFloat64(0);
}

/** Captured data: with dots, or as Base64; cut in the same place. */
function bytesText(bytes: Uint8Array, base64: boolean): string {
  if (!base64) return printable(bytes);
  return Buffer.from(bytes.subarray(0, PRINTED_BYTES_MAX)).toString("base64");
}

/**
 * Bytes outside printable ASCII become dots, as a terminal wants it. Cut where Falco cuts them:
 * conditions see them all.
 */
function printable(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, PRINTED_BYTES_MAX), (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".",
  ).join("");
}

/** An address of 4 or 16 bytes in network order as text. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return "";
  return ipv6Text(bytes);
}

/**
 * As inet_ntop: the longest run of two or more zero groups, the first of equals, becomes `::`; an
 * IPv4 address at the end is shown as one.
 */
function ipv6Text(bytes: Uint8Array): string {
  const isZero = (end: number): boolean => bytes.subarray(0, end).every((byte) => byte === 0);
  const last = bytes.subarray(12).join(".");
  if (isZero(10) && bytes[10] === 0xff && bytes[11] === 0xff) return `::ffff:${last}`;
  if (isZero(12) && (bytes[12] !== 0 || bytes[13] !== 0)) return `::${last}`;
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  const runs = [...groups.join(":").matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const longest = runs.reduce<RegExpExecArray | undefined>(
    (best, run) => (best === undefined || run[0].length > best[0].length ? run : best),
    undefined,
  );
  const text = groups.join(":");
  if (longest === undefined) return text;
  const head = text.slice(0, longest.index).replace(/:$/, "");
  const tail = text.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${head}::${tail}`;
}

/** The window of the state inside the engine's memory, for reading its head. */
export function stateHead(memory: WebAssembly.Memory, bytes: number): DataView {
  return new DataView(memory.buffer, STATE_BASE, bytes);
}
