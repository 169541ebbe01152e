/**
 * Counted blocks of bytes in the string heap of the state window. Several entries may hold the same
 * block (a child shares its parent's arguments), so a block has a reference count; only the engine
 * changes it. A `Text` is the block's address, 0 for "unknown"; an empty text is a block of length
 * 0.
 *
 *   0          4          8
 *   ├─ refs ───┼─ length ─┼─ bytes …
 *     u32        u32        not terminated
 */
export type Text = u32;

export const NO_TEXT: Text = 0;
export const TEXT_HEADER_BYTES: u32 = 8;

export class TextAt {
  @inline static length(text: Text): u32 {
    return load<u32>(<usize>text, 4);
  }
  @inline static bytes(text: Text): usize {
    return <usize>text + TEXT_HEADER_BYTES;
  }
}
