/** The types that members of messages have, each with its bound: wire.ts draws their bytes. */
import type { FieldValue } from "../schema/value.ts";
import { BadFrame, type WireReader, type WireWriter } from "./wire.ts";

/** How one type of value is written and read. */
export interface WireType<T> {
  write(writer: WireWriter, value: T): void;
  /** Throws BadFrame. */
  read(reader: WireReader): T;
}

export const u32: WireType<number> = {
  write: (writer, value) => {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
      throw new RangeError(`${String(value)} is no u32`);
    }
    writer.u32(value);
  },
  read: (reader) => reader.u32(),
};

export const u64: WireType<bigint> = {
  write: (writer, value) => {
    writer.u64(value);
  },
  read: (reader) => reader.u64(),
};

/** A count that a number holds exactly. */
export const count: WireType<number> = {
  write: (writer, value) => {
    writer.u64(BigInt(value));
  },
  read: (reader) => {
    const value = reader.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadFrame("a count is too large");
    return Number(value);
  },
};

export const truth: WireType<boolean> = {
  write: (writer, value) => {
    writer.u8(value ? 1 : 0);
  },
  read: (reader) => {
    const byte = reader.u8();
    if (byte > 1) throw new BadFrame("a truth is neither 0 nor 1");
    return byte === 1;
  },
};

/** Text of at most `bytesMax` bytes; more is refused by the reader. */
export function text(bytesMax: number): WireType<string> {
  return {
    write: (writer, value) => {
      writer.text(value);
    },
    read: (reader) => reader.text(bytesMax),
  };
}

export function bytes(bytesMax: number): WireType<Uint8Array> {
  return {
    write: (writer, value) => {
      writer.bytes(value);
    },
    read: (reader) => reader.bytes(bytesMax),
  };
}

export function list<T>(item: WireType<T>, itemsMax: number): WireType<readonly T[]> {
  return {
    write: (writer, items) => {
      writer.u32(items.length);
      for (const each of items) item.write(writer, each);
    },
    read: (reader) => {
      const items: T[] = [];
      for (let left = reader.count(itemsMax); left > 0; left--) items.push(item.read(reader));
      return items;
    },
  };
}

export function optional<T>(type: WireType<T>): WireType<T | undefined> {
  return {
    write: (writer, value) => {
      writer.u8(value === undefined ? 0 : 1);
      if (value !== undefined) type.write(writer, value);
    },
    read: (reader) => (truth.read(reader) ? type.read(reader) : undefined),
  };
}

/** One of a few words, as its index. */
export function oneOf<const T extends string>(...words: readonly T[]): WireType<T> {
  return {
    write: (writer, value) => {
      writer.u8(words.indexOf(value));
    },
    read: (reader) => {
      const word = words[reader.u8()];
      if (word === undefined) throw new BadFrame("a word is none of those expected");
      return word;
    },
  };
}

/** A type for each member, in the order in which they are written. */
export type Fields<T> = { readonly [F in keyof Required<T>]: WireType<T[F & keyof T]> };

/** Members that are undefined are left out of what is read. */
export function record<T extends object>(fields: Fields<T>): WireType<T> {
  const rows = Object.entries(fields) as readonly (readonly [string, WireType<unknown>])[];
  return {
    write: (writer, value) => {
      const members = value as Readonly<Record<string, unknown>>;
      for (const [name, type] of rows) type.write(writer, members[name]);
    },
    read: (reader) => {
      const members: Record<string, unknown> = {};
      for (const [name, type] of rows) {
        const member = type.read(reader);
        if (member !== undefined) members[name] = member;
      }
      return members as T;
    },
  };
}

const TAG = {
  none: 0,
  text: 1,
  signed: 2,
  unsigned: 3,
  double: 4,
  no: 5,
  yes: 6,
  list: 7,
} as const;

/** A rendered field. Texts and lists beyond the bounds are refused by the reader. */
export function fieldValue(bounds: {
  readonly textBytesMax: number;
  readonly itemsMax: number;
}): WireType<FieldValue> {
  const item = text(bounds.textBytesMax);
  const items = list(item, bounds.itemsMax);
  return {
    write: writeValue,
    read: (reader) => {
      const tag = reader.u8();
      switch (tag) {
        case TAG.none:
          return null;
        case TAG.text:
          return item.read(reader);
        case TAG.signed:
          return reader.i64();
        case TAG.unsigned:
          return reader.u64();
        case TAG.double:
          return reader.double();
        case TAG.no:
        case TAG.yes:
          return tag === TAG.yes;
        case TAG.list:
          return items.read(reader);
        default:
          throw new BadFrame("a value is of no known type");
      }
    },
  };

  function writeValue(writer: WireWriter, value: FieldValue): void {
    if (value === null) writer.u8(TAG.none);
    else if (typeof value === "string") {
      writer.u8(TAG.text);
      writer.text(value);
    } else if (typeof value === "bigint") {
      writer.u8(value < 0n ? TAG.signed : TAG.unsigned);
      writer.u64(value);
    } else if (typeof value === "number") {
      writer.u8(TAG.double);
      writer.double(value);
    } else if (typeof value === "boolean") writer.u8(value ? TAG.yes : TAG.no);
    else {
      writer.u8(TAG.list);
      items.write(writer, value);
    }
  }
}
