/** Parameters of events as a tests file writes them: numbers, texts, names of flags, addresses. */
import { constants } from "node:os";
import { addressBytes } from "../compile/4-check/values.ts";
import type { ParamValue } from "../replay/encode.ts";
import { FLAG_TABLES } from "../schema/flags.ts";
import type { Param, ParamType } from "../schema/types.ts";

/** A value that its parameter cannot take; the message says which and why. */
export class BadTestValue extends Error {
  override readonly name = "BadTestValue";
}

const TEXTS: readonly ParamType[] = ["CHARBUF", "FSPATH", "FSRELPATH"];
/** A missing value is an empty one in the event. */
const OPAQUE: readonly ParamType[] = ["SOCKADDR", "SOCKTUPLE", "DYN", "FDLIST", "BYTEBUF"];
const RESULTS: readonly ParamType[] = ["ERRNO", "FD", "PID"];
const DIRECTORY_OF_PROCESS = -100;

/** The value to encode; what the file leaves out is nothing, zero, or the working directory. */
export function paramValue(param: Param, written: unknown): ParamValue {
  const { name, type } = param;
  if (written === undefined || written === null) {
    if (OPAQUE.includes(type)) return undefined;
    if (TEXTS.includes(type)) return "";
    return name.endsWith("dirfd") ? DIRECTORY_OF_PROCESS : 0;
  }
  if (TEXTS.includes(type)) return textOf(name, written);
  switch (type) {
    case "BYTEBUF":
      return Array.isArray(written)
        ? listOf(written.map(String))
        : Buffer.from(textOf(name, written));
    case "SOCKADDR":
      return socketAddress(textOf(name, written));
    case "SOCKTUPLE":
      return socketTuple(textOf(name, written));
    default:
      return numberOf(param, written);
  }
}

/** Texts in a row, each with a NUL behind it. */
export function listOf(texts: readonly string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\0`).join(""));
}

/** Bits of a flag table, by their names; `null` when one is not in it. */
function flagBits(table: string, names: readonly string[]): bigint | null {
  const entries = new Map(FLAG_TABLES.find(({ name }) => name === table)?.entries);
  let bits = 0n;
  for (const name of names) {
    const value = entries.get(name);
    if (value === undefined) return null;
    bits |= BigInt(value);
  }
  return bits;
}

function textOf(name: string, written: unknown): string {
  if (typeof written === "string") return written;
  if (typeof written === "number" || typeof written === "boolean") return String(written);
  throw new BadTestValue(`'${name}' takes a text`);
}

function numberOf({ name, type, flags }: Param, written: unknown): bigint {
  if (typeof written === "boolean") return written ? 1n : 0n;
  if (typeof written === "number" && Number.isSafeInteger(written)) return BigInt(written);
  const words = Array.isArray(written) ? written.map(String) : [textOf(name, written)];
  const [only = ""] = words;
  if (words.length === 1 && /^-?\d{1,20}$|^0[xo][\da-f]{1,16}$/i.test(only)) return BigInt(only);
  const errno = constants.errno[only as keyof typeof constants.errno] as number | undefined;
  if (RESULTS.includes(type) && errno !== undefined) return BigInt(-errno);
  const bits = flags === undefined ? null : flagBits(flags, words);
  if (bits === null) throw new BadTestValue(`'${words.join(", ")}' is no value of '${name}'`);
  return bits;
}

const FAMILY = { unix: 1, ipv4: 2, ipv6: 10 } as const;
const PORT_MAX = 65_535;

export interface Endpoint {
  readonly address: Buffer;
  readonly port: number;
}

/** `192.0.2.1:80` or `[2001:db8::1]:80`. */
export function endpoint(text: string): Endpoint {
  const [, six, four, port] = /^(?:\[([\da-f:.]+)\]|([\d.]+)):(\d{1,5})$/i.exec(text) ?? [];
  const bytes = addressBytes(six ?? four ?? "");
  if (bytes === null || Number(port) > PORT_MAX) {
    throw new BadTestValue(`'${text}' is no address and port, as 192.0.2.1:80 or [2001:db8::1]:80`);
  }
  return { address: Buffer.from(bytes, "latin1"), port: Number(port) };
}

function familyOf({ address }: Endpoint): number {
  return address.length === 4 ? FAMILY.ipv4 : FAMILY.ipv6;
}

function endpointBytes({ address, port }: Endpoint): Buffer {
  return Buffer.concat([address, Buffer.of(port & 0xff, port >> 8)]);
}

/** An address as a SOCKADDR parameter; a path is a unix socket's. */
export function socketAddress(text: string): Buffer {
  if (text.startsWith("/"))
    return Buffer.concat([Buffer.of(FAMILY.unix), Buffer.from(`${text}\0`)]);
  const end = endpoint(text);
  return Buffer.concat([Buffer.of(familyOf(end)), endpointBytes(end)]);
}

/** `source->destination` as a SOCKTUPLE parameter. */
export function socketTuple(text: string): Buffer {
  const [from = "", to = ""] = text.split("->").map((part) => part.trim());
  const [source, destination] = [endpoint(from), endpoint(to)];
  if (source.address.length !== destination.address.length) {
    throw new BadTestValue(`'${text}' has ends of two families`);
  }
  const ends = [endpointBytes(source), endpointBytes(destination)];
  return Buffer.concat([Buffer.of(familyOf(source)), ...ends]);
}
