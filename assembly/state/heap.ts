/**
 * The string heap: counted blocks in sizes that are powers of two, one free list per size. A block
 * is taken from its own list, else cut from the untouched end, else halved off a larger free one.
 * There is no merging: the texts of processes and descriptors have similar sizes all day, and a
 * heap that is full counts what it drops and says NO_TEXT.
 *
 *   0          4          8
 *   ├─ refs ───┼─ length ─┼─ bytes …        in use: refs > 0
 *   ├─ 0 ──────┼─ next ───┤                 free: address of the next free block of the size
 */
import { copyBytes, sameBytes } from "../record/bytes";
import { Count, Counter } from "./counters";
import { HeaderAt, STRING_FREE_BASE } from "./header";
import { NO_TEXT, Text, TEXT_HEADER_BYTES, TextAt } from "./text";

const CLASS_MIN: u32 = 4; // 16 bytes
const CLASS_MAX: u32 = 16; // 64 KiB
export const TEXT_BYTES_MAX: u32 = (1 << CLASS_MAX) - TEXT_HEADER_BYTES;

/** Up to here a loop is quicker than the call that `memory.copy` is. */
const SHORT_BYTES_MAX: u32 = 256;

export class Heap {
  /** Makes everything from `stringBase` on free. */
  static clear(): void {
    const header = HeaderAt.header;
    memory.fill(<usize>STRING_FREE_BASE, 0, (CLASS_MAX + 1) << 2);
    header.stringNext = header.stringBase;
    header.stringUsed = 0;
  }

  /** A block of `length` bytes for the caller to fill, held once; NO_TEXT when there is no room. */
  static reserve(length: u32): Text {
    if (length > TEXT_BYTES_MAX) {
      Count.one(Counter.StringsTooLong);
      return NO_TEXT;
    }
    const size = classOf(length);
    const block = take(size);
    if (block == NO_TEXT) {
      Count.one(Counter.StringsFull);
      return NO_TEXT;
    }
    HeaderAt.header.stringUsed += 1 << size;
    store<u32>(<usize>block, 1);
    store<u32>(<usize>block, length, 4);
    return block;
  }

  static make(address: usize, length: u32): Text {
    const text = Heap.reserve(length);
    if (text == NO_TEXT) return NO_TEXT;
    if (length <= SHORT_BYTES_MAX) copyBytes(TextAt.bytes(text), address, length);
    else memory.copy(TextAt.bytes(text), address, <usize>length);
    return text;
  }

  @inline static retain(text: Text): Text {
    if (text != NO_TEXT) store<u32>(<usize>text, load<u32>(<usize>text) + 1);
    return text;
  }

  @inline static release(text: Text): void {
    if (text != NO_TEXT) drop(text);
  }

  /** Whether `text` is known and has just these bytes. */
  @inline static holds(text: Text, address: usize, length: u32): bool {
    return (
      text != NO_TEXT &&
      TextAt.length(text) == length &&
      sameBytes(TextAt.bytes(text), address, length)
    );
  }
}

function classOf(length: u32): u32 {
  const bytes = length + TEXT_HEADER_BYTES;
  return bytes <= 1 << CLASS_MIN ? CLASS_MIN : 32 - <u32>clz<u32>(bytes - 1);
}

function drop(text: Text): void {
  const references = load<u32>(<usize>text) - 1;
  store<u32>(<usize>text, references);
  if (references != 0) return;
  const size = classOf(TextAt.length(text));
  HeaderAt.header.stringUsed -= 1 << size;
  push(size, text);
}

function take(size: u32): u32 {
  const own = pop(size);
  if (own != 0) return own;
  const header = HeaderAt.header;
  const left = header.stringBase + header.stringBytes - header.stringNext;
  if (left >= 1 << size) {
    const block = header.stringNext;
    header.stringNext = block + (1 << size);
    return block;
  }
  return split(size);
}

/** Halves the smallest larger free block until one of the wanted size is left. */
function split(size: u32): u32 {
  let larger = size + 1;
  let block: u32 = 0;
  for (; larger <= CLASS_MAX; larger++) {
    block = pop(larger);
    if (block != 0) break;
  }
  if (block == 0) return 0;
  while (larger > size) {
    larger--;
    push(larger, block + (1 << larger));
  }
  return block;
}

function push(size: u32, block: u32): void {
  const head = <usize>STRING_FREE_BASE + (<usize>size << 2);
  store<u32>(<usize>block, 0);
  store<u32>(<usize>block, load<u32>(head), 4);
  store<u32>(head, block);
}

function pop(size: u32): u32 {
  const head = <usize>STRING_FREE_BASE + (<usize>size << 2);
  const block = load<u32>(head);
  if (block != 0) store<u32>(head, load<u32>(<usize>block, 4));
  return block;
}
