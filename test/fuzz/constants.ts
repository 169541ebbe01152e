/** Constants for conditions, near what fields were worth in the events: tests are to be true. */

import { type OperatorName, operatorOfName } from "../../host/compile/operators/table.ts";
import { EVENTS } from "../../host/schema/events.ts";
import { SYSCALLS } from "../../host/schema/syscalls.ts";
import type { Rendered, Shape } from "../support/interpret/values.ts";
import type { Random } from "./random.ts";

const BYTES_MAX = 255;
const EDGES = [0n, 1n, 2n, 127n, 255n, 65_535n, 4_294_967_295n, (1n << 63n) - 1n];
const TEXTS = [
  "",
  "a",
  "/",
  "root",
  "/etc",
  "bash",
  "/usr/bin/*",
  "<NA>",
  "é",
  "x y",
  "'",
  '"',
  "\\",
];
const NETWORK_BITS: Readonly<Record<number, readonly number[]>> = {
  4: [0, 1, 8, 15, 24, 31, 32],
  16: [1, 7, 10, 64, 127, 128],
};

/** Every event type and call that a condition may name. */
export const EVENT_NAMES: readonly string[] = [
  ...new Set([...EVENTS.map(({ name }) => name), ...SYSCALLS.map(({ name }) => name)]),
].filter((name) => name !== "unknown" && name !== "syscall");

export interface Wanted {
  readonly shape: Shape;
  readonly operator: OperatorName;
  /** What the field was worth in some event. */
  readonly sample: Rendered | undefined;
}

export function makeConstant(random: Random, { shape, operator, sample }: Wanted): string {
  switch (shape.kind) {
    case "integer":
      return integer(random, shape, sample);
    case "double":
      return String(random.below(4));
    case "truth":
      return random.pick(["true", "false"]);
    case "address":
      return addressText(address(random, sample));
    case "network": {
      const bytes = address(random, sample);
      return `${addressText(bytes)}/${String(random.pick(NETWORK_BITS[bytes.length] ?? [1]))}`;
    }
    default:
      return text(random, operator, sample?.bytes ?? "");
  }
}

function integer(
  random: Random,
  { signed, bits }: Extract<Shape, { kind: "integer" }>,
  sample: Rendered | undefined,
): string {
  const near = BigInt(random.below(3) - 1);
  const base = sample !== undefined && random.chance(0.8) ? sample.number : random.pick(EDGES);
  const number = base + near;
  // Only what the type holds is accepted below 32 bits.
  if (signed) return BigInt.asIntN(bits, number).toString();
  const isWrapped = bits >= 32 && random.chance(0.1);
  return (isWrapped ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number)).toString();
}

function address(random: Random, sample: Rendered | undefined): Buffer {
  const length = sample?.bytes.length ?? 0;
  const known = length === 4 || length === 16 ? Buffer.from(sample?.bytes ?? "", "latin1") : null;
  const bytes = known ?? Buffer.from(random.times(random.pick([4, 16]), () => random.below(256)));
  if (random.chance(0.3)) bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  return Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16)).join(":");
}

function text(random: Random, operator: OperatorName, sample: string): string {
  const bytes = fit(random.chance(0.85) ? piece(random, operator, sample) : sampleOf(random));
  if (operatorOfName(operator).hexadecimal) {
    return Buffer.from(bytes === "" ? "/" : bytes, "latin1").toString("hex");
  }
  if (operator === "glob" || operator === "iglob") return asText(glob(random, bytes));
  if (operator === "regex") return regex(random, bytes);
  if (operator === "pmatch" && random.chance(0.3)) return asText(glob(random, bytes));
  return asText(random.chance(0.1) ? swapCase(bytes) : bytes);
}

function sampleOf(random: Random): string {
  return Buffer.from(random.pick(TEXTS)).toString("latin1");
}

/** What is longer is refused, and so is a NUL. */
function fit(bytes: string): string {
  return bytes.replaceAll("\0", "").slice(0, BYTES_MAX);
}

/** The part of the text that the operator would find. */
function piece(random: Random, operator: OperatorName, text: string): string {
  const cut = random.below(text.length + 1);
  switch (operator) {
    case "startswith":
    case "bstartswith":
      return text.slice(0, cut);
    case "endswith":
      return text.slice(cut);
    case "contains":
    case "icontains":
    case "bcontains":
      return text.slice(cut, cut + 1 + random.below(40));
    case "pmatch": {
      const parts = text.split("/");
      return parts.slice(0, 1 + random.below(parts.length)).join("/");
    }
    default:
      return text;
  }
}

function swapCase(bytes: string): string {
  return bytes.replace(/[a-zA-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) ^ 0x20));
}

/** Bytes as a condition holds them: U+DC80–U+DCFF for what is not ASCII. */
function asText(bytes: string): string {
  return fit(bytes).replace(/[\x80-\xff]/g, (c) => String.fromCharCode(0xdc00 + c.charCodeAt(0)));
}

/** A pattern that may fit the text: parts become stars, bytes become sets. */
function glob(random: Random, bytes: string): string {
  const short = bytes.slice(0, 60);
  const from = random.below(short.length + 1);
  const starred = random.chance(0.7)
    ? `${short.slice(0, from)}*${short.slice(from + random.below(20))}`
    : short;
  return Array.from(starred)
    .map((c) => (random.chance(0.1) ? globElement(random, c) : c))
    .join("");
}

function globElement(random: Random, c: string): string {
  if (/[\]\\^!*[-]/.test(c)) return random.pick([`\\${c}`, "?"]);
  const sets = [
    `[${c}]`,
    `[!${c}]`,
    `[a-${c}]`,
    `[${c}-z]`,
    "[[:alnum:]]",
    "[^[:upper:]/]",
    "[]x]",
  ];
  return random.pick([...sets, "?", `\\${c}`, "[", `[x\\${c}]`]);
}

/** Always well-formed: pieces of ASCII are quoted, others stand for any character. */
function regex(random: Random, bytes: string): string {
  const short = bytes.slice(0, 24);
  const parts = Array.from(short).map((c) =>
    random.chance(0.2) ? regexElement(random, c) : literal(c),
  );
  const body = parts.join("");
  const rest = bytes.length > short.length || random.chance(0.3) ? ".*" : "";
  const whole = random.chance(0.2) ? `${body}${rest}|x+` : `${body}${rest}`;
  return whole === "" ? "x*" : whole;
}

function literal(c: string): string {
  if (/[a-zA-Z0-9_/ -]/.test(c)) return c;
  return /[!-~]/.test(c) ? `\\${c}` : ".{1,2}";
}

function regexElement(random: Random, c: string): string {
  const one = literal(c);
  const many = one.endsWith("}") ? "." : one;
  return random.pick([
    ".",
    `${many}+`,
    `${many}*`,
    `(${many}|y)`,
    `${many}{1,3}`,
    "[a-z0-9]",
    "[^/]",
    "[[:alpha:]_/.-]",
    "[[:^space:]]",
    `${many}?`,
  ]);
}

/** An existing name for the event type, which takes no other. */
export function makeEventName(random: Random, sample: Rendered | undefined): string {
  const known = sample?.bytes;
  return known !== undefined && EVENT_NAMES.includes(known) && random.chance(0.8)
    ? known
    : random.pick(EVENT_NAMES);
}
