/** Which family a parameter type belongs to, and what may be asked of that family. */
import type { FieldType } from "../../schema/types.ts";
import type { Family } from "../operators/operator.ts";
import { type OperatorName, operatorOfName } from "../operators/table.ts";

export interface Numeric {
  readonly signed: boolean;
  readonly bits: 8 | 16 | 32 | 64;
}

const NUMERIC: Readonly<Partial<Record<FieldType, Numeric>>> = {
  INT8: { signed: true, bits: 8 },
  INT16: { signed: true, bits: 16 },
  INT32: { signed: true, bits: 32 },
  INT64: { signed: true, bits: 64 },
  ERRNO: { signed: true, bits: 64 },
  FD: { signed: true, bits: 64 },
  PID: { signed: true, bits: 64 },
  FD32: { signed: true, bits: 32 },
  PID32: { signed: true, bits: 32 },
  UINT8: { signed: false, bits: 8 },
  UINT16: { signed: false, bits: 16 },
  UINT32: { signed: false, bits: 32 },
  UINT64: { signed: false, bits: 64 },
  RELTIME: { signed: false, bits: 64 },
  ABSTIME: { signed: false, bits: 64 },
  PORT: { signed: false, bits: 16 },
  SYSCALLID: { signed: false, bits: 16 },
  SIGTYPE: { signed: false, bits: 8 },
  L4PROTO: { signed: false, bits: 8 },
  SOCKFAMILY: { signed: false, bits: 8 },
  FLAGS8: { signed: false, bits: 8 },
  FLAGS16: { signed: false, bits: 16 },
  FLAGS32: { signed: false, bits: 32 },
  ENUMFLAGS8: { signed: false, bits: 8 },
  ENUMFLAGS16: { signed: false, bits: 16 },
  ENUMFLAGS32: { signed: false, bits: 32 },
  UID: { signed: false, bits: 32 },
  GID: { signed: false, bits: 32 },
  MODE: { signed: false, bits: 32 },
  DOUBLE: { signed: true, bits: 64 },
};

const FAMILIES: Readonly<Partial<Record<FieldType, Family>>> = {
  BOOL: "truth",
  CHARBUF: "text",
  FSPATH: "text",
  FSRELPATH: "text",
  BYTEBUF: "bytes",
  IPADDR: "address",
  IPV4ADDR: "address",
  IPV6ADDR: "address",
  ADDRESS: "address",
  IPNET: "network",
  IPV4NET: "network",
  IPV6NET: "network",
};

/** Null for everything that is no number. */
export function numeric(type: FieldType): Numeric | null {
  return NUMERIC[type] ?? null;
}

export function family(type: FieldType): Family {
  return FAMILIES[type] ?? (NUMERIC[type] === undefined ? "opaque" : "number");
}

export function allows(type: FieldType, list: boolean, operator: OperatorName): boolean {
  const { lists, families } = operatorOfName(operator);
  return list ? lists : families.includes(family(type));
}

/** For messages. */
export function describeType(type: FieldType, list: boolean): string {
  const names: Readonly<Record<Family, string>> = {
    number: "a number",
    truth: "true or false",
    text: "text",
    bytes: "a buffer",
    address: "an IP address",
    network: "an IP network",
    opaque: "only known to exist or not",
  };
  return list ? "a list" : names[family(type)];
}
