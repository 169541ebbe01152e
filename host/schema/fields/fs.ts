/** Paths of file system calls, and descriptors of poll. */
import type { FieldRow } from "../types.ts";

export const FS_FIELDS: readonly FieldRow[] = [
  {
    name: "fs.path.name",
    type: "CHARBUF",
    class: "fs.path",
    lifetime: "event",
    help: "Absolute path that a successful file system call named.",
  },
  {
    name: "fs.path.nameraw",
    type: "CHARBUF",
    class: "fs.path",
    lifetime: "event",
    help: "The same path as the process gave it.",
  },
  {
    name: "fs.path.source",
    type: "CHARBUF",
    class: "fs.path",
    lifetime: "event",
    help: "Absolute source path of a call with two paths.",
  },
  {
    name: "fs.path.sourceraw",
    type: "CHARBUF",
    class: "fs.path",
    lifetime: "event",
    help: "Source path as the process gave it.",
  },
  {
    name: "fs.path.target",
    type: "CHARBUF",
    class: "fs.path",
    lifetime: "event",
    help: "Absolute target path of a call with two paths.",
  },
  {
    name: "fs.path.targetraw",
    type: "CHARBUF",
    class: "fs.path",
    lifetime: "event",
    help: "Target path as the process gave it.",
  },
  {
    name: "fdlist.nums",
    type: "CHARBUF",
    class: "fdlist",
    lifetime: "event",
    help: "Numbers of the polled descriptors.",
  },
  {
    name: "fdlist.names",
    type: "CHARBUF",
    class: "fdlist",
    lifetime: "event",
    help: "Names of the polled descriptors.",
  },
  {
    name: "fdlist.cips",
    type: "CHARBUF",
    class: "fdlist",
    lifetime: "event",
    help: "Client addresses of the polled descriptors.",
  },
  {
    name: "fdlist.sips",
    type: "CHARBUF",
    class: "fdlist",
    lifetime: "event",
    help: "Server addresses of the polled descriptors.",
  },
  {
    name: "fdlist.cports",
    type: "CHARBUF",
    class: "fdlist",
    lifetime: "event",
    help: "Client ports of the polled descriptors.",
  },
  {
    name: "fdlist.sports",
    type: "CHARBUF",
    class: "fdlist",
    lifetime: "event",
    help: "Server ports of the polled descriptors.",
  },
];
