/**
 * How events of older producers become today's. Recordings keep the event types of their time:
 * until 2025 a system call was an enter event and an exit event, and calls that learned new
 * parameters got a new type. Today's exit event carries everything.
 *
 * A layout says where each parameter of today's event comes from: a number is a parameter of the
 * old event, `enter(n)` one of the enter event that the same thread sent before, `zero` is a number
 * of so many bytes that was 0 for all that is known, null is unknown.
 */
export type Source = number | null | { readonly enter: number } | { readonly zero: number };

export interface Layout {
  /** Today's type. */
  readonly type: number;
  readonly sources: readonly Source[];
}

const enter = (param: number): Source => ({ enter: param });
const old = (from: number, to: number): Source[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const unknown = (count: number): Source[] => new Array<Source>(count).fill(null);

const CLONE = 223;
const FORK = 225;
const VFORK = 227;
const EXECVE = 293;

/** Result to descriptor limit are the first eight of clone and of execve, in every version. */
const HEAD = old(0, 7);
const HEAD_AND_MEMORY = old(0, 12);

const clone11 = [...HEAD, ...unknown(7), 8, 9, 10];
const clone16 = [...HEAD_AND_MEMORY, null, null, 13, 14, 15];
const clone17 = [...old(0, 13), null, 14, 15, 16];

/** By old exit (or stand-alone) type. */
export const OLD_LAYOUTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [11, { type: 159, sources: [0, enter(0)] }], // brk: what entered was the memory size
  [13, { type: EXECVE, sources: HEAD }],
  [15, { type: CLONE, sources: clone11 }],
  [16, { type: 186, sources: [] }], // procexit
  [27, { type: 247, sources: [0, 1, 2] }], // accept
  [57, { type: 389, sources: [0, 1, 2, null, null, enter(0)] }], // accept4
  [85, { type: 83, sources: [0] }], // select
  [91, { type: 171, sources: [0, enter(0), enter(1)] }], // ioctl
  [99, { type: 277, sources: [0, enter(0), enter(1)] }], // mkdir
  [101, { type: 279, sources: [0, enter(0)] }], // rmdir
  [103, { type: 307, sources: [0, enter(0), enter(1), enter(2), enter(3)] }], // openat
  [105, { type: 309, sources: [0, enter(0), enter(1)] }], // link
  [107, { type: 311, sources: [0, enter(0), enter(1), enter(2), enter(3)] }], // linkat
  [109, { type: 301, sources: [0, enter(0)] }], // unlink
  [111, { type: 303, sources: [0, enter(0), enter(1)] }], // unlinkat
  [125, { type: 367, sources: [0, enter(0)] }], // dup
  [146, { type: 152, sources: [0] }], // switch
  [155, { type: EXECVE, sources: HEAD_AND_MEMORY }],
  [157, { type: CLONE, sources: clone16 }],
  [173, { type: EXECVE, sources: [...HEAD_AND_MEMORY, null, null, 13] }],
  [183, { type: FORK, sources: clone16 }],
  [185, { type: VFORK, sources: clone16 }],
  [215, { type: EXECVE, sources: [...old(0, 13), null, 14] }],
  [217, { type: CLONE, sources: clone17 }],
  [219, { type: FORK, sources: clone17 }],
  [221, { type: VFORK, sources: clone17 }],
  [231, { type: EXECVE, sources: old(0, 15) }],
  [249, { type: 389, sources: [...old(0, 4), enter(0)] }], // accept4
  [259, { type: 387, sources: [0, 1] }], // umount
  [272, { type: 324, sources: [0] }], // container
  [283, { type: EXECVE, sources: old(0, 16) }],
  [289, { type: EXECVE, sources: [...old(0, 16), ...unknown(13), enter(0)] }],
  [297, { type: 369, sources: [0, enter(0)] }], // bpf
]);

/**
 * Exits that kept their type got the enter event's parameters appended, from its first on. These
 * are the exceptions: which of them were appended.
 */
export const APPENDED: ReadonlyMap<number, readonly number[]> = new Map([
  [1, [1]], // generic: the code was there
  [81, [1]], // poll: the descriptors were there
  [189, [0, 1, 3]], // sendfile: the offset was there
  [255, [1, 2]], // ppoll: the descriptors were there
]);

/**
 * Enter parameters start at this parameter of the exit. Without an entry they follow the exit's
 * own, so a record that ends before its entry misses more than the enter event could tell.
 */
export const APPENDED_FROM: ReadonlyMap<number, number> = new Map([
  [53, 5], // recvmsg: control data came in between
  [169, 3], // ptrace: addr and data are results
  [EXECVE, 30], // only the file name
]);

/**
 * What follows the appended parameters of a type, when nothing but 0 can be said of it: the flags
 * of socket, which were not told apart from its type.
 */
export const APPENDED_ZERO: ReadonlyMap<number, Source> = new Map([[19, { zero: 4 }]]);

/** Calls whose enter event still exists: what their exits lack was never in it. */
export const LIVE_ENTERS: ReadonlySet<number> = new Set([2, 58, 306, 326]);
