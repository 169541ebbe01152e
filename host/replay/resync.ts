/** Finds the way back into a capture file behind a damaged block. */
import { BLOCK, BLOCK_FRAME_BYTES } from "./block.ts";
import { isFdList } from "./fd-list.ts";
import { isInterfaceList } from "./interfaces.ts";
import { isProcessList } from "./process-list.ts";
import { isMachineInfo } from "./sections.ts";
import { isAccountList } from "./users.ts";

/** A larger block may stand in the file, but not behind damage: it could be chance. */
const FOUND_BYTES_MAX = 1 << 20;

const OTHER_TYPES: ReadonlySet<number> = new Set(Object.values(BLOCK));

/**
 * Offset, from `from` on, of bytes that look like a block: a known type, a sane length, and the
 * length again at its end. A block that goes beyond `bytes` counts too, unless they are the last
 * ones (`isEnd`): whoever reads it will see. The end of `bytes`, less what might be the beginning
 * of a block, when nothing looks like one. Looks at every byte, for bytes may have been lost.
 */
export function findBlock(bytes: Buffer, from: number, isEnd: boolean): number {
  const last = bytes.length - BLOCK_FRAME_BYTES;
  for (let at = from; at <= last; at++) {
    const length = bytes.readUInt32LE(at + 4);
    if (length < BLOCK_FRAME_BYTES || length > FOUND_BYTES_MAX || length % 4 !== 0) continue;
    if (!isKnown(bytes.readUInt32LE(at))) continue;
    const end = at + length;
    if (end > bytes.length ? !isEnd : bytes.readUInt32LE(end - 4) === length) return at;
  }
  return isEnd ? bytes.length : Math.max(from, last + 1);
}

function isKnown(type: number): boolean {
  return (
    OTHER_TYPES.has(type) ||
    isProcessList(type) ||
    isFdList(type) ||
    isInterfaceList(type) ||
    isMachineInfo(type) ||
    isAccountList(type)
  );
}
