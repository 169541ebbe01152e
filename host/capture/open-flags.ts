/** Linux open flags (x86-64 and generic values) and the portable ones of the recording format. */
const TRANSLATION: readonly (readonly [linux: number, portable: number])[] = [
  [0o100, 1 << 2], // CREAT
  [0o200, 1 << 5], // EXCL
  [0o1000, 1 << 8], // TRUNC
  [0o2000, 1 << 3], // APPEND
  [0o4000, 1 << 6], // NONBLOCK
  [0o10000, 1 << 4], // DSYNC
  [0o4010000, 1 << 7], // SYNC
  [0o2000000, 1 << 12], // CLOEXEC
];

/** Values that differ between architectures. */
const X86_64: typeof TRANSLATION = [
  [0o40000, 1 << 9], // DIRECT
  [0o100000, 1 << 11], // LARGEFILE
  [0o200000, 1 << 10], // DIRECTORY
  [0o20200000, 1 << 13], // TMPFILE
];
const ARM64: typeof TRANSLATION = [
  [0o200000, 1 << 9],
  [0o400000, 1 << 11],
  [0o40000, 1 << 10],
  [0o20040000, 1 << 13],
];

const ACCESS_MASK = 3;
/** Portable numbers of read-only, write-only and read-write; the fourth value does not exist. */
const ACCESS = [1, 2, 3, 1] as const;

/** Portable open flags of the octal number that fdinfo shows. */
export function portableOpenFlags(flags: number, architecture: string = process.arch): number {
  let portable: number = ACCESS[(flags & ACCESS_MASK) as 0 | 1 | 2 | 3];
  const own = architecture === "arm64" ? ARM64 : X86_64;
  for (const [linux, bit] of [...TRANSLATION, ...own]) {
    if ((flags & linux) === linux) portable |= bit;
  }
  return portable;
}
