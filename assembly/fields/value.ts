import { NO_TEXT, Text, TextAt } from "../state/text";

/** Kinds of value, as `render` tells them to the host. */
export const enum Kind {
  Missing = 0,
  Text = 1,
  Signed = 2,
  Unsigned = 3,
  Truth = 4,
  /** 4 or 16 bytes in network order. */
  Address = 5,
  Bytes = 6,
  /** The number is the bits of an f64. */
  Double = 7,
  /** Texts, NUL-separated. */
  Texts = 8,
}

/**
 * Where an accessor leaves what it found. An accessor returns whether the value is there; text,
 * bytes and addresses go to `address` and `length`, numbers, booleans and times to `number`.
 */
export class Value {
  static address: usize = 0;
  static length: u32 = 0;
  static number: u64 = 0;
  /** What was found, where the field's type does not say it (`evt.rawarg`). */
  static kind: Kind = Kind.Missing;

  @inline static text(address: usize, length: u32): bool {
    Value.address = address;
    Value.length = length;
    return true;
  }
  /** The whole block; NO_TEXT, a text nobody told, is the empty text. */
  @inline static block(text: Text): bool {
    return text == NO_TEXT ? Value.text(0, 0) : Value.text(TextAt.bytes(text), TextAt.length(text));
  }
  @inline static integer(number: i64): bool {
    Value.number = <u64>number;
    return true;
  }
  @inline static unsigned(number: u64): bool {
    Value.number = number;
    return true;
  }
  @inline static double(value: f64): bool {
    Value.number = reinterpret<u64>(value);
    return true;
  }
  @inline static truth(value: bool): bool {
    Value.number = value ? 1 : 0;
    return true;
  }
}
