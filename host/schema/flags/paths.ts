/** Flags of calls on paths and open files, in the portable numbers of the recording format. */
import type { FlagTable } from "../types.ts";

export const PATHS_FLAGS: readonly FlagTable[] = [
  {
    name: "file_flags",
    // Read-write is 3 here, so it must be tried before write and read.
    entries: [
      ["O_LARGEFILE", 1 << 11],
      ["O_DIRECTORY", 1 << 10],
      ["O_DIRECT", 1 << 9],
      ["O_TRUNC", 1 << 8],
      ["O_SYNC", 1 << 7],
      ["O_NONBLOCK", 1 << 6],
      ["O_EXCL", 1 << 5],
      ["O_DSYNC", 1 << 4],
      ["O_APPEND", 1 << 3],
      ["O_CREAT", 1 << 2],
      ["O_RDWR", 3],
      ["O_WRONLY", 2],
      ["O_RDONLY", 1],
      ["O_CLOEXEC", 1 << 12],
      ["O_NONE", 0],
      ["O_TMPFILE", 1 << 13],
      ["O_F_CREATED", 1 << 14],
      ["FD_UPPER_LAYER", 1 << 15],
      ["FD_LOWER_LAYER", 1 << 16],
    ],
  },
];
