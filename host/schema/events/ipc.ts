/** Semaphores and futexes. */
import type { EventSchema } from "../types.ts";

export const IPC_EVENTS: readonly EventSchema[] = [
  {
    code: 65,
    id: "SYSCALL_FUTEX_X",
    name: "futex",
    category: "IPC",
    kind: "syscall",
    flags: [],
    params: [
      { name: "res", type: "ERRNO" },
      { name: "addr", type: "UINT64", format: "hex" },
      { name: "op", type: "FLAGS16", format: "hex", flags: "futex_operations" },
      { name: "val", type: "UINT64" },
    ],
  },
  {
    code: 251,
    id: "SYSCALL_SEMOP_X",
    name: "semop",
    category: "PROCESS",
    kind: "syscall",
    flags: [],
    params: [
      { name: "res", type: "ERRNO" },
      { name: "nsops", type: "UINT32" },
      { name: "sem_num_0", type: "UINT16" },
      { name: "sem_op_0", type: "INT16" },
      { name: "sem_flg_0", type: "FLAGS16", format: "hex", flags: "semop_flags" },
      { name: "sem_num_1", type: "UINT16" },
      { name: "sem_op_1", type: "INT16" },
      { name: "sem_flg_1", type: "FLAGS16", format: "hex", flags: "semop_flags" },
      { name: "semid", type: "INT32" },
    ],
  },
  {
    code: 253,
    id: "SYSCALL_SEMCTL_X",
    name: "semctl",
    category: "PROCESS",
    kind: "syscall",
    flags: [],
    params: [
      { name: "res", type: "ERRNO" },
      { name: "semid", type: "INT32" },
      { name: "semnum", type: "INT32" },
      { name: "cmd", type: "FLAGS16", format: "hex", flags: "semctl_commands" },
      { name: "val", type: "INT32" },
    ],
  },
  {
    code: 263,
    id: "SYSCALL_SEMGET_X",
    name: "semget",
    category: "PROCESS",
    kind: "syscall",
    flags: [],
    params: [
      { name: "res", type: "ERRNO" },
      { name: "key", type: "INT32", format: "hex" },
      { name: "nsems", type: "INT32" },
      { name: "semflg", type: "FLAGS32", format: "hex", flags: "semget_flags" },
    ],
  },
];
