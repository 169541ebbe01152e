/**
 * The memory map that the engine and every pack share: one fixed 2 GiB WebAssembly memory each, in
 * which the same address means the same thing. Written once here; `npm run generate` hands the
 * numbers to AssemblyScript.
 *
 *   0x0000_0000  private   statics, scratch; in packs also constant data and predicate caches
 *   0x0800_0000  state     one memfd: read-write in the engine, read-only in packs
 *   0x2800_0000  replay    one memfd: records that came from a file or from /proc
 *   0x3800_0000  wakeup    one page shared with the BPF programs (engine only)
 *   0x4000_0000  rings     BPF ring buffers, one after the other
 *   0x8000_0000  end
 *
 * A ring takes `RING_DATA_OFFSET + 2 × size` bytes, rounded up to `WASM_PAGE_BYTES`:
 *
 *   +0      consumer page (engine: read-write; packs: not mapped)
 *   +4096   producer page (read-only)
 *   +8192   data, mapped twice in a row so that a record never wraps (read-only)
 */
export const WASM_PAGE_BYTES = 65_536;
export const KERNEL_PAGE_BYTES = 4_096;

export const MEMORY_PAGES = 32_768;
/**
 * What a pack declares as the minimum of its memory (`--initialMemory`): its private part, although
 * it is given all MEMORY_PAGES. V8 emits no trap for a store whose constant address lies within the
 * declared minimum, so into a read-only window such a store would end the process.
 */
export const PACK_MEMORY_PAGES = 2_048;

/** Texts that field accessors compute for the current event; above the statics of any module. */
export const SCRATCH_BASE = 0x00f0_0000;
export const SCRATCH_BYTES = 0x0010_0000;

export const PACK_DATA_BASE = 0x0100_0000;
export const PACK_DATA_BYTES_MAX = 0x0400_0000;
export const PACK_CACHE_BASE = 0x0500_0000;
export const PACK_CACHE_BYTES_MAX = 0x0300_0000;

export const STATE_BASE = 0x0800_0000;
export const STATE_BYTES_MAX = 0x2000_0000;

/**
 * Where the parameters of the current event lie (assembly/record/event.ts): in the head of the
 * state window behind the frame, so that the engine finds them once and all packs read them.
 */
export const PARAMS_BASE = STATE_BASE + 1_152;

/** Number of the canary (bpf/canary.h) that came out of a ring last, u32, in the same head. */
export const CANARY_BASE = STATE_BASE + 976;

export const REPLAY_BASE = 0x2800_0000;
export const REPLAY_BYTES_MAX = 0x1000_0000;
/**
 * The end of the replay window, where the engine process puts what the agent answers while rings
 * are drained: neither recorded events nor rows of a replay reach so far.
 */
export const ANSWER_BYTES_MAX = 0x0010_0000;

export const WAKEUP_BASE = 0x3800_0000;

export const RINGS_BASE = 0x4000_0000;
export const RINGS_BYTES_MAX = 0x4000_0000;
export const RING_PRODUCER_OFFSET = 4_096;
export const RING_DATA_OFFSET = 8_192;

/** Bytes of the prelude before the scap event in a ring record; its last two are the CPU (u16). */
export const RING_PRELUDE_BYTES = 8;
/** A record of this flag (u16 at +4) and length is no event but a canary (bpf/canary.h). */
export const RING_CANARY_FLAG = 1;
export const RING_CANARY_BYTES = 16;

/** Rows of remembered answers in each of a pack's caches, a power of two. */
export const CACHE_ROWS_MAX = 4_096;

export const PACKS_MAX = 128;
export const RINGS_MAX = 128;
/** A pack reports at most this many matching rules for one event: as many as it may have. */
export const MATCHES_MAX = 65_536;
