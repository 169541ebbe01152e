/** Events as the field values that a reference printed for them. */
import { EVENTS } from "../../../host/schema/events.ts";
import { addressBytes } from "./constants.ts";
import { askedField, type EventFields, type Rendered, UnknownValue } from "./values.ts";

/** Field with its argument to value, as printed in JSON; an absent one is missing. */
export type Row = Readonly<Record<string, unknown>>;

const GENERIC = codeOf(({ name }) => name === "syscall");
const ASYNC = codeOf(({ id }) => id.startsWith("ASYNCEVENT"));
/** Worth what was asked of earlier events. */
const STATEFUL = /^evt\.deltatime|^util\.cnt$/;

function codeOf(fits: (event: (typeof EVENTS)[number]) => boolean): number {
  return EVENTS.find(fits)?.code ?? -1;
}

const CODES = new Map(EVENTS.map(({ name, code }) => [name, code]));

export class RecordedFields implements EventFields {
  readonly type: number;
  readonly #row: Row;
  readonly #asked: ReadonlySet<string>;

  /** `asked` are the fields whose absence means that they are missing. */
  constructor(row: Row, asked: ReadonlySet<string>) {
    this.#row = row;
    this.#asked = asked;
    const known = CODES.get(String(row["evt.type"])) ?? GENERIC;
    this.type = row["evt.is_async"] === true ? ASYNC : known;
  }

  /** Throws UnknownValue for what was not asked and for what printing changed. */
  read(field: string, argument: string | null): Rendered | undefined {
    const keys = argument === null ? [field] : [`${field}[${argument}]`, `${field}.${argument}`];
    const key = keys.find((name) => this.#asked.has(name));
    if (key === undefined || STATEFUL.test(field)) throw new UnknownValue(keys[0]);
    const value = this.#row[key];
    if (value === undefined) return this.#isEmptyList(key) ? text("") : undefined;
    const { shape } = askedField({ kind: "field", name: field, argument, at: 0, end: 0 });
    const rendered = renderedAs(shape.kind, value);
    if (rendered === undefined) throw new UnknownValue(key);
    return rendered;
  }

  /** An empty list is printed as if it were missing; the types are there where a descriptor is. */
  #isEmptyList(key: string): boolean {
    return key === "fd.types" && this.#row["fd.num"] !== undefined;
  }
}

/** Undefined where printing lost something: digits, bytes, the number behind a format. */
function renderedAs(kind: string, value: unknown): Rendered | undefined {
  if (Array.isArray(value)) return text(value.map((item) => `${String(item)}\0`).join(""));
  switch (kind) {
    case "truth":
      return typeof value === "boolean" ? number(value ? 1n : 0n) : undefined;
    case "integer":
      return Number.isSafeInteger(value) ? number(BigInt(value as number)) : undefined;
    case "double":
      return typeof value === "number" ? number(bitsOf(value)) : undefined;
    case "address":
      return typeof value === "string" ? raw(addressBytes(value)) : undefined;
    case "text":
      return typeof value === "string" ? text(value) : undefined;
    case "buffer":
      return typeof value === "string" && !value.includes(".") ? text(value) : undefined;
    case "opaque":
      return raw("");
    default:
      return undefined;
  }
}

function text(value: string): Rendered | undefined {
  return value.includes("\ufffd") ? undefined : raw(Buffer.from(value).toString("latin1"));
}

function raw(bytes: string): Rendered {
  return { bytes, number: 0n, isNumber: false };
}

function number(value: bigint): Rendered {
  return { bytes: "", number: value, isNumber: true };
}

function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigInt64(0);
}
