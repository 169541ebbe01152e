/** Flags of calls that make or change processes, in the portable numbers of the recording format. */
import type { FlagTable } from "../types.ts";

export const PROCESSES_FLAGS: readonly FlagTable[] = [
  {
    name: "clone_flags",
    entries: [
      ["CLONE_FILES", 1 << 0],
      ["CLONE_FS", 1 << 1],
      ["CLONE_IO", 1 << 2],
      ["CLONE_NEWIPC", 1 << 3],
      ["CLONE_NEWNET", 1 << 4],
      ["CLONE_NEWNS", 1 << 5],
      ["CLONE_NEWPID", 1 << 6],
      ["CLONE_NEWUTS", 1 << 7],
      ["CLONE_PARENT", 1 << 8],
      ["CLONE_PARENT_SETTID", 1 << 9],
      ["CLONE_PTRACE", 1 << 10],
      ["CLONE_SIGHAND", 1 << 11],
      ["CLONE_SYSVSEM", 1 << 12],
      ["CLONE_THREAD", 1 << 13],
      ["CLONE_UNTRACED", 1 << 14],
      ["CLONE_VM", 1 << 15],
      ["CLONE_INVERTED", 1 << 16],
      ["NAME_CHANGED", 1 << 17],
      ["CLOSED", 1 << 18],
      ["CLONE_NEWUSER", 1 << 20],
      ["CLONE_CHILD_CLEARTID", 1 << 23],
      ["CLONE_CHILD_SETTID", 1 << 24],
      ["CLONE_SETTLS", 1 << 25],
      ["CLONE_STOPPED", 1 << 26],
      ["CLONE_VFORK", 1 << 27],
      ["CLONE_NEWCGROUP", 1 << 28],
    ],
  },
  {
    name: "execve_flags",
    entries: [
      ["EXE_WRITABLE", 1 << 0],
      ["EXE_UPPER_LAYER", 1 << 1],
      ["EXE_FROM_MEMFD", 1 << 2],
      ["EXE_LOWER_LAYER", 1 << 3],
    ],
  },
];
