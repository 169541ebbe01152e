/** How a test gets its value: which accessor, with which argument, how often. */
import type { Field, Lifetime } from "../../schema/types.ts";
import type { Bytes, Source } from "../4-check/predicate.ts";
import { family, numeric } from "../4-check/types.ts";
import type { Family } from "../operators/operator.ts";

/** The argument of an accessor call. */
export type Call =
  | { readonly kind: "none" }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "key"; readonly key: Bytes };

/**
 * `one`: one value. `ancestors`: parent upward, true when the check is for any. `ends`: client and
 * server. `param`: a parameter of the event, which has a place only in a given event type.
 */
export type Mode = "one" | "ancestors" | "ends" | "param";

export interface FieldRead {
  readonly kind: "field";
  readonly field: Field;
  readonly argument: string | null;
  readonly mode: Mode;
  readonly call: Call;
  readonly family: Family;
  /** The number is the bits of an f64. */
  readonly float: boolean;
  readonly signed: boolean;
  readonly list: boolean;
  readonly lifetime: Lifetime;
}
export interface TransformRead {
  readonly kind: "transform";
  readonly name: string;
  readonly operands: readonly Read[];
  readonly argument: string | null;
  readonly family: Family;
  readonly signed: boolean;
  readonly list: boolean;
  readonly lifetime: Lifetime;
}
export interface ConstantRead {
  readonly kind: "constant";
  readonly bytes: Bytes;
  readonly family: "text";
  readonly signed: false;
  readonly list: false;
  readonly lifetime: "constant";
}
export interface ListRead {
  readonly kind: "list";
  readonly items: readonly Read[];
  readonly family: "text";
  readonly signed: false;
  readonly list: true;
  readonly lifetime: Lifetime;
}
export type Read = FieldRead | TransformRead | ConstantRead | ListRead;

const EITHER_END: readonly string[] = ["fd.ip", "fd.port", "fd.proto", "fd.net"];
const ANY_ANCESTOR: readonly string[] = [
  "proc.aname",
  "proc.aexe",
  "proc.aexepath",
  "proc.acmdline",
  "proc.aenv",
  "proc.apid",
];
const PARAMETERS: readonly string[] = ["evt.arg", "evt.rawarg"];

export function toRead(source: Source): Read {
  switch (source.kind) {
    case "constant":
      return {
        kind: "constant",
        bytes: source.bytes,
        family: "text",
        signed: false,
        list: false,
        lifetime: "constant",
      };
    case "list": {
      const items = source.items.map(toRead);
      return {
        kind: "list",
        items,
        family: "text",
        signed: false,
        list: true,
        lifetime: joined(items),
      };
    }
    case "transform": {
      const operands = source.operands.map(toRead);
      return {
        kind: "transform",
        name: source.name,
        operands,
        argument: source.argument,
        family: family(source.type),
        signed: false,
        list: source.list,
        lifetime: joined(operands),
      };
    }
    case "field": {
      const { field, argument, type, list } = source;
      return {
        kind: "field",
        field,
        argument,
        mode: modeOf(field, argument),
        call: callOf(field, argument),
        family: family(type),
        float: type === "DOUBLE",
        signed: numeric(type)?.signed ?? false,
        list,
        lifetime: field.lifetime,
      };
    }
  }
}

function modeOf(field: Field, argument: string | null): Mode {
  if (PARAMETERS.includes(field.name)) return "param";
  if (EITHER_END.includes(field.name)) return "ends";
  return argument === null && ANY_ANCESTOR.includes(field.name) ? "ancestors" : "one";
}

function callOf(field: Field, argument: string | null): Call {
  if (argument === null) return { kind: "none" };
  if (field.argument?.kind === "index") return { kind: "index", index: Number(argument) >>> 0 };
  return { kind: "key", key: Buffer.from(argument, "utf8").toString("latin1") };
}

/** Whether the value depends on how often it was read before. */
export function countsReadings(read: Read): boolean {
  switch (read.kind) {
    case "constant":
      return false;
    case "list":
      return read.items.some(countsReadings);
    case "transform":
      return read.operands.some(countsReadings);
    case "field":
      return read.field.name === "util.cnt";
  }
}

export function readKey(read: Read): string {
  switch (read.kind) {
    case "constant":
      return JSON.stringify(read.bytes);
    case "list":
      return `(${read.items.map(readKey).join(",")})`;
    case "transform":
      return `${read.name}[${read.argument ?? ""}](${read.operands.map(readKey).join(",")})`;
    case "field":
      return `${read.field.name}[${JSON.stringify(read.call)}]`;
  }
}

const VOLATILITY: readonly Lifetime[] = ["constant", "container", "process", "lineage"];

/** The lifetime of what depends on all of these. A descriptor and a process share no clock. */
export function join(a: Lifetime, b: Lifetime): Lifetime {
  if (a === b) return a;
  if (a === "constant") return b;
  if (b === "constant") return a;
  const [i, j] = [VOLATILITY.indexOf(a), VOLATILITY.indexOf(b)];
  return i === -1 || j === -1 ? "event" : (VOLATILITY[Math.max(i, j)] ?? "event");
}

function joined(reads: readonly Read[]): Lifetime {
  return reads.map((read) => read.lifetime).reduce(join, "constant");
}
