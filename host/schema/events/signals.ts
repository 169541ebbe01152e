/** Signals: sending them, and their delivery. */
import type { EventSchema } from "../types.ts";

export const SIGNALS_EVENTS: readonly EventSchema[] = [
  {
    code: 129,
    id: "SYSCALL_KILL_X",
    name: "kill",
    category: "SIGNAL",
    kind: "syscall",
    flags: [],
    params: [
      { name: "res", type: "ERRNO" },
      { name: "pid", type: "PID" },
      { name: "sig", type: "SIGTYPE" },
    ],
  },
  {
    code: 131,
    id: "SYSCALL_TKILL_X",
    name: "tkill",
    category: "SIGNAL",
    kind: "syscall",
    flags: [],
    params: [
      { name: "res", type: "ERRNO" },
      { name: "tid", type: "PID" },
      { name: "sig", type: "SIGTYPE" },
    ],
  },
  {
    code: 133,
    id: "SYSCALL_TGKILL_X",
    name: "tgkill",
    category: "SIGNAL",
    kind: "syscall",
    flags: [],
    params: [
      { name: "res", type: "ERRNO" },
      { name: "pid", type: "PID" },
      { name: "tid", type: "PID" },
      { name: "sig", type: "SIGTYPE" },
    ],
  },
  {
    code: 232,
    id: "SIGNALDELIVER_E",
    name: "signaldeliver",
    category: "SIGNAL",
    kind: "tracepoint",
    flags: [],
    params: [
      { name: "spid", type: "PID" },
      { name: "dpid", type: "PID" },
      { name: "sig", type: "SIGTYPE" },
    ],
  },
];
