/** Flags of calls on address spaces, in the portable numbers of the recording format. */
import type { FlagTable } from "../types.ts";

export const MEMORY_FLAGS: readonly FlagTable[] = [
  {
    name: "prot_flags",
    entries: [
      ["PROT_READ", 1 << 0],
      ["PROT_WRITE", 1 << 1],
      ["PROT_EXEC", 1 << 2],
      ["PROT_SEM", 1 << 3],
      ["PROT_GROWSDOWN", 1 << 4],
      ["PROT_GROWSUP", 1 << 5],
      ["PROT_SAO", 1 << 6],
      ["PROT_NONE", 0],
    ],
  },
  {
    name: "mmap_flags",
    entries: [
      ["MAP_SHARED", 1 << 0],
      ["MAP_PRIVATE", 1 << 1],
      ["MAP_FIXED", 1 << 2],
      ["MAP_ANONYMOUS", 1 << 3],
      ["MAP_32BIT", 1 << 4],
      ["MAP_RENAME", 1 << 5],
      ["MAP_NORESERVE", 1 << 6],
      ["MAP_POPULATE", 1 << 7],
      ["MAP_NONBLOCK", 1 << 8],
      ["MAP_GROWSDOWN", 1 << 9],
      ["MAP_DENYWRITE", 1 << 10],
      ["MAP_EXECUTABLE", 1 << 11],
      ["MAP_INHERIT", 1 << 12],
      ["MAP_FILE", 1 << 13],
      ["MAP_LOCKED", 1 << 14],
    ],
  },
  {
    name: "mlockall_flags",
    entries: [
      ["MCL_CURRENT", 1],
      ["MCL_FUTURE", 2],
      ["MCL_ONFAULT", 4],
    ],
  },
  { name: "mlock2_flags", entries: [["MLOCK_ONFAULT", 1]] },
  {
    name: "memfd_create_flags",
    entries: [
      ["MFD_CLOEXEC", 1],
      ["MFD_ALLOW_SEALING", 2],
      ["MFD_HUGETLB", 4],
    ],
  },
  {
    name: "pf_flags",
    entries: [
      ["PROTECTION_VIOLATION", 1 << 0],
      ["PAGE_NOT_PRESENT", 1 << 1],
      ["WRITE_ACCESS", 1 << 2],
      ["READ_ACCESS", 1 << 3],
      ["USER_FAULT", 1 << 4],
      ["SUPERVISOR_FAULT", 1 << 5],
      ["RESERVED_PAGE", 1 << 6],
      ["INSTRUCTION_FETCH", 1 << 7],
    ],
  },
];
