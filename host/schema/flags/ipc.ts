/** Flags of semaphores and futexes, in the portable numbers of the recording format. */
import type { FlagTable } from "../types.ts";

export const IPC_FLAGS: readonly FlagTable[] = [
  {
    name: "futex_operations",
    entries: [
      ["FUTEX_CLOCK_REALTIME", 0x100],
      ["FUTEX_PRIVATE_FLAG", 0x80],
      ["FUTEX_CMP_REQUEUE_PI", 12],
      ["FUTEX_WAIT_REQUEUE_PI", 11],
      ["FUTEX_WAKE_BITSET", 10],
      ["FUTEX_WAIT_BITSET", 9],
      ["FUTEX_TRYLOCK_PI", 8],
      ["FUTEX_UNLOCK_PI", 7],
      ["FUTEX_LOCK_PI", 6],
      ["FUTEX_WAKE_OP", 5],
      ["FUTEX_CMP_REQUEUE", 4],
      ["FUTEX_REQUEUE", 3],
      ["FUTEX_FD", 2],
      ["FUTEX_WAKE", 1],
      ["FUTEX_WAIT", 0],
    ],
  },
  {
    name: "semop_flags",
    entries: [
      ["IPC_NOWAIT", 1],
      ["SEM_UNDO", 2],
    ],
  },
  {
    name: "semget_flags",
    entries: [
      ["IPC_EXCL", 0x4000],
      ["IPC_CREAT", 0x2000],
    ],
  },
  {
    name: "semctl_commands",
    entries: [
      ["IPC_STAT", 1 << 0],
      ["IPC_SET", 1 << 1],
      ["IPC_RMID", 1 << 2],
      ["IPC_INFO", 1 << 3],
      ["SEM_INFO", 1 << 4],
      ["SEM_STAT", 1 << 5],
      ["GETALL", 1 << 6],
      ["GETNCNT", 1 << 7],
      ["GETPID", 1 << 8],
      ["GETVAL", 1 << 9],
      ["GETZCNT", 1 << 10],
      ["SETALL", 1 << 11],
      ["SETVAL", 1 << 12],
    ],
  },
];
