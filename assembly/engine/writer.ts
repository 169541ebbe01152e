/** Text is put together here before it goes to the string heap. One text at a time. */
import { copyBytes } from "../record/bytes";

const BYTES_MAX: u32 = 16_384;
const BUFFER: usize = memory.data(16_384, 8);

export class Writer {
  static length: u32 = 0;

  @inline static get address(): usize {
    return BUFFER;
  }
  @inline static start(): void {
    Writer.length = 0;
  }
  /**
   * What does not fit is cut off: no caller comes near the limit with what it is allowed to read.
   */
  static bytes(address: usize, length: u32): void {
    const room = BYTES_MAX - Writer.length;
    const fitting = length < room ? length : room;
    copyBytes(BUFFER + Writer.length, address, fitting);
    Writer.length += fitting;
  }
  static byte(value: u8): void {
    if (Writer.length == BYTES_MAX) return;
    store<u8>(BUFFER + Writer.length, value);
    Writer.length++;
  }
  static decimal(value: u64): void {
    let divisor: u64 = 1;
    while (value / divisor >= 10) divisor *= 10;
    while (divisor != 0) {
      Writer.byte(<u8>(48 + ((value / divisor) % 10)));
      divisor /= 10;
    }
  }
  /** Lower case, without leading zeros. */
  static hex(value: u64): void {
    let shift = value == 0 ? 0 : (63 - <i32>clz<u64>(value)) & ~3;
    for (; shift >= 0; shift -= 4) {
      const digit = <u8>((value >> <u64>shift) & 15);
      Writer.byte(digit < 10 ? 48 + digit : 87 + digit);
    }
  }
}
