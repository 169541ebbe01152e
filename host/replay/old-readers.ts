/**
 * Leaves out of a recording what readers of 2022 cannot list. Debian's sysdig 0.29 looks up types
 * and system calls in its tables without asking whether they end before: it crashes, or shows
 * whatever lies behind them.
 */
import { BLOCK } from "./block.ts";

/** Last event type of that time: capset. */
const TYPE_MAX = 353;
const GENERIC = 1;
/** That time's code of the last system call with a name of its own, and behind it. */
const SYSCALL_END = 330;
/** Places in a block without flags. */
const TYPE_AT = 10 + 20;
const LENGTHS_AT = 10 + 26;

export class OldReaders {
  #leftOut = 0;

  /** Events that were left out so far. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Those of whole event blocks that may stay. */
  filter(blocks: Uint8Array): Uint8Array {
    const bytes = Buffer.from(blocks.buffer, blocks.byteOffset, blocks.length);
    const kept: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      const end = at + bytes.readUInt32LE(at + 4);
      const block = bytes.subarray(at, end);
      if (isKnown(block)) kept.push(block);
      else this.#leftOut += 1;
      at = end;
    }
    return Buffer.concat(kept);
  }
}

function isKnown(block: Buffer): boolean {
  if (block.readUInt32LE(0) !== BLOCK.event || block.length < LENGTHS_AT + 4) return false;
  const type = block.readUInt16LE(TYPE_AT);
  if (type !== GENERIC) return type <= TYPE_MAX;
  const params = block.readUInt32LE(TYPE_AT + 2);
  const value = LENGTHS_AT + 2 * params;
  return params > 0 && value + 2 <= block.length && block.readUInt16LE(value) < SYSCALL_END;
}
