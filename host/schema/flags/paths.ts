/** Flags of calls on paths and open files, in the portable numbers of the recording format. */
import type { FlagTable } from "../types.ts";

export const PATHS_FLAGS: readonly FlagTable[] = [
  {
    name: "file_flags",
    // Read-write is 3 here, so it must be tried before write and read.
    entries: [
      ["O_LARGEFILE", 0x800],
      ["O_DIRECTORY", 0x400],
      ["O_DIRECT", 0x200],
      ["O_TRUNC", 0x100],
      ["O_SYNC", 0x80],
      ["O_NONBLOCK", 0x40],
      ["O_EXCL", 32],
      ["O_DSYNC", 16],
      ["O_APPEND", 8],
      ["O_CREAT", 4],
      ["O_RDWR", 3],
      ["O_WRONLY", 2],
      ["O_RDONLY", 1],
      ["O_CLOEXEC", 0x1000],
      ["O_NONE", 0],
      ["O_TMPFILE", 0x2000],
      ["O_F_CREATED", 0x4000],
      ["FD_UPPER_LAYER", 0x8000],
      ["FD_LOWER_LAYER", 0x10000],
    ],
  },
  {
    name: "creat_flags",
    entries: [
      ["FD_UPPER_LAYER_CREAT", 1],
      ["FD_LOWER_LAYER_CREAT", 2],
    ],
  },
  {
    name: "openat2_flags",
    entries: [
      ["RESOLVE_BENEATH", 1 << 0],
      ["RESOLVE_IN_ROOT", 1 << 1],
      ["RESOLVE_NO_MAGICLINKS", 1 << 2],
      ["RESOLVE_NO_SYMLINKS", 1 << 3],
      ["RESOLVE_NO_XDEV", 1 << 4],
      ["RESOLVE_CACHED", 1 << 5],
    ],
  },
  { name: "unlinkat_flags", entries: [["AT_REMOVEDIR", 0x200]] },
  {
    name: "linkat_flags",
    entries: [
      ["AT_SYMLINK_FOLLOW", 0x400],
      ["AT_EMPTY_PATH", 0x1000],
    ],
  },
  {
    name: "newfstatat_flags",
    entries: [
      ["AT_EMPTY_PATH", 1 << 12],
      ["AT_NO_AUTOMOUNT", 1 << 11],
      ["AT_SYMLINK_NOFOLLOW", 1 << 8],
    ],
  },
  {
    name: "fchownat_flags",
    // The producer swaps this bit with AT_SYMLINK_FOLLOW; so do we, to print the same name.
    entries: [
      ["AT_SYMLINK_NOFOLLOW", 0x400],
      ["AT_EMPTY_PATH", 0x1000],
    ],
  },
  {
    name: "renameat2_flags",
    entries: [
      ["RENAME_NOREPLACE", 1],
      ["RENAME_EXCHANGE", 2],
      ["RENAME_WHITEOUT", 4],
    ],
  },
  {
    name: "chmod_mode",
    entries: [
      ["S_IXOTH", 1 << 0],
      ["S_IWOTH", 1 << 1],
      ["S_IROTH", 1 << 2],
      ["S_IXGRP", 1 << 3],
      ["S_IWGRP", 1 << 4],
      ["S_IRGRP", 1 << 5],
      ["S_IXUSR", 1 << 6],
      ["S_IWUSR", 1 << 7],
      ["S_IRUSR", 1 << 8],
      ["S_ISVTX", 1 << 9],
      ["S_ISGID", 1 << 10],
      ["S_ISUID", 1 << 11],
    ],
  },
  {
    name: "mknod_mode",
    // Overlapping types are tried in this order, so a socket prints as a regular file with a rest.
    entries: [
      ["S_IXOTH", 1],
      ["S_IWOTH", 2],
      ["S_IROTH", 4],
      ["S_IXGRP", 8],
      ["S_IWGRP", 16],
      ["S_IRGRP", 32],
      ["S_IXUSR", 0o100],
      ["S_IWUSR", 0o200],
      ["S_IRUSR", 0o400],
      ["S_ISVTX", 0o1000],
      ["S_ISGID", 0o2000],
      ["S_ISUID", 0o4000],
      ["S_IFREG", 0o100000],
      ["S_IFCHR", 0o20000],
      ["S_IFBLK", 0o60000],
      ["S_IFIFO", 0o10000],
      ["S_IFSOCK", 0o140000],
    ],
  },
  {
    name: "access_flags",
    entries: [
      ["F_OK", 0],
      ["R_OK", 4],
      ["W_OK", 2],
      ["X_OK", 1],
    ],
  },
  {
    name: "flock_flags",
    entries: [
      ["LOCK_SH", 1 << 0],
      ["LOCK_EX", 1 << 1],
      ["LOCK_NB", 1 << 2],
      ["LOCK_UN", 1 << 3],
      ["LOCK_NONE", 0],
    ],
  },
];
