/** Constants of conditions, parsed by the type of the field that they are compared with. */
import { isIPv4, isIPv6 } from "node:net";
import type { Problem } from "../../diagnostics/diagnostic.ts";
import type { FieldType } from "../../schema/types.ts";
import { type OperatorName, operatorOfName } from "../operators/table.ts";
import type { Constant } from "./predicate.ts";
import { toBytes } from "./predicate.ts";
import { portOfService } from "./services.ts";
import { family, numeric } from "./types.ts";

export const VALUE_BYTES_MAX = 255;

export type ParsedValue =
  | { readonly constant: Constant; readonly problem: null }
  | { readonly constant: null; readonly problem: Problem };

export function parseValue(text: string, type: FieldType, operator: OperatorName): ParsedValue {
  switch (family(type)) {
    case "text":
      return textValue(text);
    case "bytes":
      return operatorOfName(operator).hexadecimal ? hexValue(text) : textValue(text);
    case "truth":
      return truthValue(text);
    case "number":
      return type === "PORT" ? portValue(text) : numberValue(text, type);
    case "address":
      return addressValue(text);
    case "network":
      return networkValue(text);
    case "opaque":
      return refuse(text, "comparable");
  }
}

function refuse(value: string, expected: string): ParsedValue {
  return { constant: null, problem: { code: "value", value, expected } };
}

function accept(constant: Constant): ParsedValue {
  return { constant, problem: null };
}

function textValue(text: string): ParsedValue {
  const bytes = toBytes(text);
  if (bytes.includes("\0")) return { constant: null, problem: { code: "value-nul" } };
  if (bytes.length > VALUE_BYTES_MAX) {
    return {
      constant: null,
      problem: { code: "value-too-long", bytes: bytes.length, bytesMax: VALUE_BYTES_MAX },
    };
  }
  return accept({ kind: "text", bytes });
}

function hexValue(text: string): ParsedValue {
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(text))
    return refuse(text, "an even number of hexadecimal digits");
  return accept({ kind: "text", bytes: Buffer.from(text, "hex").toString("latin1") });
}

function truthValue(text: string): ParsedValue {
  if (text !== "true" && text !== "false") return refuse(text, "true or false");
  return accept({ kind: "number", value: text === "true" ? 1n : 0n });
}

/** Decimal, with leading blanks and a sign; a negative number wraps around in unsigned types. */
function numberValue(text: string, type: FieldType): ParsedValue {
  const numericType = numeric(type);
  if (numericType === null || !/^[ \t\n\v\f\r]*[+-]?\d+$/.test(text))
    return refuse(text, "a valid number");
  const value = clamped(BigInt(text.trim().replace(/^\+/, "")));
  const { signed, bits } = numericType;
  if (type === "DOUBLE") return accept({ kind: "number", value: BigInt.asIntN(32, value) });
  const lowest = signed ? -(1n << BigInt(bits - 1)) : 0n;
  const highest = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  if (bits < 32 && type !== "INT16" && (value < lowest || value > highest))
    return refuse(text, `a number of ${bits} bits`);
  return accept({
    kind: "number",
    value: signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value),
  });
}

/** What does not fit 64 bits counts as the number next to it. */
function clamped(value: bigint): bigint {
  if (value >= 1n << 64n) return (1n << 63n) - 1n;
  return value < -(1n << 63n) ? -(1n << 63n) : value;
}

function portValue(text: string): ParsedValue {
  if (text === "") return accept({ kind: "number", value: 0n });
  if (/^\d{1,10}$/.test(text))
    return accept({ kind: "number", value: BigInt.asUintN(16, BigInt(text)) });
  const port = portOfService(text);
  return port === null
    ? refuse(text, "a port or the name of a service")
    : accept({ kind: "number", value: BigInt(port) });
}

function addressValue(text: string): ParsedValue {
  const bytes = addressBytes(text);
  return bytes === null ? refuse(text, "an IP address") : accept({ kind: "address", bytes });
}

function networkValue(text: string): ParsedValue {
  const [address = "", mask = "", ...rest] = text.split("/");
  const bytes = addressBytes(address);
  if (rest.length > 0 || bytes === null || !/^\d{1,3}$/.test(mask)) {
    return refuse(text, "an IP network such as 10.0.0.0/8");
  }
  const bits = Number(mask);
  const isInRange = bytes.length === 4 ? bits <= 32 : bits >= 1 && bits <= 128;
  return isInRange
    ? accept({ kind: "network", bytes, bits })
    : refuse(text, "an IP network with a possible mask");
}

/** Four or sixteen bytes in network order, or null. */
export function addressBytes(text: string): string | null {
  if (isIPv4(text)) return String.fromCharCode(...text.split(".").map(Number));
  if (!isIPv6(text) || text.includes("%")) return null;
  return ipv6Bytes(text);
}

function ipv6Bytes(text: string): string {
  const tail = /\d+\.\d+\.\d+\.\d+$/.exec(text)?.[0];
  let plain = text;
  if (tail !== undefined) {
    const [a = 0, b = 0, c = 0, d = 0] = tail.split(".").map(Number);
    plain =
      text.slice(0, -tail.length) + `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const [head = "", rest] = plain.split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const before = groups(head);
  const after = rest === undefined ? [] : groups(rest);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  const words = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
  return String.fromCharCode(...words.flatMap((word) => [word >> 8, word & 0xff]));
}
