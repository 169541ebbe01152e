/**
 * Text that accessors compute lives here until the next event: a fixed piece of private memory,
 * filled from the bottom up. Whoever is through with what he read says so with `settle`, and the
 * piece is filled anew once much of it is used. A text that does not fit all the same is cut at
 * the end of the piece.
 *
 *   SCRATCH_BASE                        cursor                 SCRATCH_BASE + SCRATCH_BYTES
 *   ├─ text ─┼─ text ─┼─ open text … ───┤ free ────────────────┤
 *
 * Texts nest: `begin` gives a mark, everything appended after it belongs to the text, `end` makes
 * it the value. Appending while an outer text is open extends the outer one too.
 */
import { ADDRESS_TEXT_BYTES_MAX, ipv4Text, ipv6Text } from "../record/address-text";
import { SCRATCH_BASE, SCRATCH_BYTES } from "../schema/generated/memory";
import { Frame } from "../state/frame";
import { copyBytes } from "../record/bytes";
import { Value } from "./value";

const END: usize = <usize>SCRATCH_BASE + SCRATCH_BYTES;
/** Little enough that what one test reads fits behind it. */
const USED_BYTES_MAX: usize = 65_536;

/** Set by the first `renew`: a pack may have no start function. */
let cursor: usize = 0;
/** The event that the texts belong to. */
let owner: u64 = 0;
/** Texts below are kept, see `pin`; set by the first `renew` too. */
let floor: usize = 0;
/** Goes up with every reset; caches over scratch texts compare it. */
let generation: u32 = 0;

export class Scratch {
  /** Drops the texts of an earlier event. Returns a number that differs for each event. */
  static renew(): u32 {
    const serial = Frame.record.serial;
    if (serial != owner || generation == 0) {
      owner = serial;
      floor = SCRATCH_BASE;
      Scratch.rewind();
    }
    return generation;
  }

  /** No text of this event is needed any longer, but for pinned ones. */
  @inline static settle(): void {
    if (cursor > floor + USED_BYTES_MAX) Scratch.rewind();
  }

  private static rewind(): void {
    cursor = floor;
    generation++;
  }

  /** What was read so far is kept until `unpin`, which takes what this returns. */
  static pin(): usize {
    Scratch.renew();
    const before = floor;
    floor = cursor;
    return before;
  }

  static unpin(before: usize): void {
    floor = before;
  }

  /** Opens a text; its mark is for `end`, `length` and `cut`. */
  static begin(): usize {
    Scratch.renew();
    return cursor;
  }

  /** The text since `mark` is the value found. */
  @inline static end(mark: usize): bool {
    return Value.text(mark, <u32>(cursor - mark));
  }

  @inline static length(mark: usize): u32 {
    return <u32>(cursor - mark);
  }

  /** Keeps the first `length` bytes since `mark`. */
  @inline static cut(mark: usize, length: u32): void {
    if (mark + length < cursor) cursor = mark + length;
  }

  static byte(value: u32): void {
    if (cursor < END) store<u8>(cursor++, <u8>value);
  }

  static bytes(from: usize, length: u32): void {
    const room = <u32>(END - cursor);
    const fits = length < room ? length : room;
    copyBytes(cursor, from, fits);
    cursor += fits;
  }

  /** A literal of the source: static data, ASCII. */
  static ascii(literal: string): void {
    const at = changetype<usize>(literal);
    const end = at + (<usize>literal.length << 1);
    for (let c = at; c < end; c += 2) Scratch.byte(load<u16>(c));
  }

  static ipv4(address: usize): void {
    if (END - cursor >= ADDRESS_TEXT_BYTES_MAX) cursor = ipv4Text(cursor, address);
  }

  static ipv6(address: usize): void {
    if (END - cursor >= ADDRESS_TEXT_BYTES_MAX) cursor = ipv6Text(cursor, address);
  }

  static unsigned(value: u64): void {
    let divisor: u64 = 1;
    while (value / divisor >= 10) divisor *= 10;
    for (; divisor != 0; divisor /= 10) Scratch.byte(0x30 + <u32>((value / divisor) % 10));
  }

  static signed(value: i64): void {
    if (value < 0) Scratch.byte(0x2d);
    // The lowest number is its own negative; read as unsigned that is right.
    Scratch.unsigned(<u64>(value < 0 ? -value : value));
  }

  /** Decimal with leading zeros up to `width` digits. */
  static padded(value: u64, width: u32): void {
    let bound: u64 = 10;
    for (let digits: u32 = 1; digits < width; digits++) {
      if (value < bound) Scratch.byte(0x30);
      bound *= 10;
    }
    // Zeros first, then the number: with width 2, 5 gives 0 and 5.
    Scratch.unsigned(value);
  }

  /** `letter` is the digit for ten: "a" or "A". */
  static hex(value: u64, letter: u32): void {
    let shift: i32 = 60;
    while (shift > 0 && value >> shift == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) {
      const digit = <u32>(value >> shift) & 15;
      Scratch.byte(digit < 10 ? 0x30 + digit : letter + digit - 10);
    }
  }

  static octal(value: u64): void {
    let shift: i32 = 63;
    while (shift > 0 && value >> shift == 0) shift -= 3;
    for (; shift >= 0; shift -= 3) Scratch.byte(0x30 + (<u32>(value >> shift) & 7));
  }
}

/** A value that is a literal of the source. */
export function constant(literal: string): bool {
  const mark = Scratch.begin();
  Scratch.ascii(literal);
  return Scratch.end(mark);
}

/** Printable ASCII from the blank on; literals have two bytes for a character. */
const CHARACTERS =
  " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz";

/** A value of one printable character. */
export function character(code: u32): bool {
  return Value.text(changetype<usize>(CHARACTERS) + (<usize>(code - 0x20) << 1), 1);
}
