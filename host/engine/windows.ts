/**
 * Which file is mapped where in the memory of a module. The engine may write its state, the replay
 * window, the wake-up page and the rings' consumer pages; a pack may write none of it.
 */
import { mapWindow, sealPages } from "../native/native.ts";
import {
  KERNEL_PAGE_BYTES,
  MEMORY_PAGES,
  REPLAY_BASE,
  RING_DATA_OFFSET,
  RING_PRODUCER_OFFSET,
  RINGS_BASE,
  STATE_BASE,
  WAKEUP_BASE,
  WASM_PAGE_BYTES,
} from "../schema/memory.ts";

/**
 * How packs see the windows. `mapped`: the same pages, read-only; a store traps. `private`, where
 * V8 has no trap handler: copy-on-write pages of state and replay, so that a store changes nobody
 * else's. A ring cannot be mapped so; it stays read-only, and a store to it ends the engine
 * process, after which the supervisor goes on without the pack.
 */
export type WindowMode = "mapped" | "private";

export interface WindowFile {
  readonly fd: number;
  readonly bytes: number;
}

export interface WindowFiles {
  readonly state: WindowFile;
  readonly replay: WindowFile;
  /** Live capture only. */
  readonly wakeup?: { readonly fd: number; readonly fdOffset: number };
  /** Live capture only; bytes of data, a power of two. */
  readonly rings: readonly WindowFile[];
}

/** A memory of the one size that all modules have. Nothing is resident until it is touched. */
export function createWasmMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
}

/** Maps what the engine sees. */
export function mapEngineWindows(memory: WebAssembly.Memory, files: WindowFiles): void {
  const buffer = memory.buffer;
  mapWindow(buffer, STATE_BASE, { ...files.state, fdOffset: 0, access: "readwrite" });
  mapWindow(buffer, REPLAY_BASE, { ...files.replay, fdOffset: 0, access: "readwrite" });
  if (files.wakeup !== undefined) {
    const bytes = KERNEL_PAGE_BYTES;
    mapWindow(buffer, WAKEUP_BASE, { ...files.wakeup, bytes, access: "readwrite" });
  }
  for (const { ring, base } of ringBases(files.rings)) {
    const consumer = { fd: ring.fd, fdOffset: 0, bytes: KERNEL_PAGE_BYTES } as const;
    mapWindow(buffer, base, { ...consumer, access: "readwrite" });
    mapRingData(buffer, base, ring);
  }
}

/**
 * Maps what a pack sees. Everything else above its private part is sealed, or a pack could fill
 * nearly 2 GiB of it and have the whole process killed for want of memory.
 */
export function mapPackWindows(
  memory: WebAssembly.Memory,
  files: WindowFiles,
  mode: WindowMode,
): void {
  const access = mode === "mapped" ? "read" : "private";
  mapWindow(memory.buffer, STATE_BASE, { ...files.state, fdOffset: 0, access });
  mapWindow(memory.buffer, REPLAY_BASE, { ...files.replay, fdOffset: 0, access });
  for (const { ring, base } of ringBases(files.rings)) mapRingData(memory.buffer, base, ring);
  for (const [start, end] of unmappedRanges(files)) sealPages(memory.buffer, start, end - start);
}

/** What lies between the windows of a pack and behind them. */
function unmappedRanges(files: WindowFiles): readonly (readonly [number, number])[] {
  const windows = [
    [STATE_BASE, STATE_BASE + files.state.bytes],
    [REPLAY_BASE, REPLAY_BASE + files.replay.bytes],
    ...ringBases(files.rings).map(({ ring, base }) => [
      base + RING_PRODUCER_OFFSET,
      base + RING_DATA_OFFSET + 2 * ring.bytes,
    ]),
    [MEMORY_PAGES * WASM_PAGE_BYTES, 0],
  ] as const;
  const gaps: (readonly [number, number])[] = [];
  let at: number = STATE_BASE;
  for (const [start = 0, end = 0] of windows) {
    if (start > at) gaps.push([at, start]);
    at = Math.ceil(end / KERNEL_PAGE_BYTES) * KERNEL_PAGE_BYTES;
  }
  return gaps;
}

/** The greatest share of a ring, 0 to 1, that holds what nobody has drained. */
export function ringFill(memory: DataView, rings: readonly WindowFile[]): number {
  const fills = ringBases(rings).map(({ ring, base }) => {
    const consumed = memory.getBigUint64(base, true);
    const produced = memory.getBigUint64(base + RING_PRODUCER_OFFSET, true);
    return Number(produced - consumed) / ring.bytes;
  });
  return Math.max(0, ...fills);
}

/** Producer page and both copies of the data: everything behind the consumer page, read-only. */
function mapRingData(buffer: ArrayBuffer, base: number, ring: WindowFile): void {
  mapWindow(buffer, base + RING_PRODUCER_OFFSET, {
    fd: ring.fd,
    fdOffset: RING_PRODUCER_OFFSET,
    bytes: RING_DATA_OFFSET - RING_PRODUCER_OFFSET + 2 * ring.bytes,
    access: "read",
  });
}

function ringBases(
  rings: readonly WindowFile[],
): readonly { readonly ring: WindowFile; readonly base: number }[] {
  let next = RINGS_BASE;
  return rings.map((ring) => {
    const base = next;
    const bytes = RING_DATA_OFFSET + 2 * ring.bytes;
    next += Math.ceil(bytes / WASM_PAGE_BYTES) * WASM_PAGE_BYTES;
    return { ring, base };
  });
}
