/** Every flag table and every table of variants that an event names. */
import { DESCRIPTORS_FLAGS } from "./flags/descriptors.ts";
import { IPC_FLAGS } from "./flags/ipc.ts";
import { KERNEL_FLAGS } from "./flags/kernel.ts";
import { MEMORY_FLAGS } from "./flags/memory.ts";
import { MOUNTS_FLAGS } from "./flags/mounts.ts";
import { PATHS_FLAGS } from "./flags/paths.ts";
import { PROCESSES_FLAGS } from "./flags/processes.ts";
import { SOCKETS_FLAGS } from "./flags/sockets.ts";
import type { FlagTable, VariantTable } from "./types.ts";

export const FLAG_TABLES: readonly FlagTable[] = [
  ...DESCRIPTORS_FLAGS,
  ...IPC_FLAGS,
  ...KERNEL_FLAGS,
  ...MEMORY_FLAGS,
  ...MOUNTS_FLAGS,
  ...PATHS_FLAGS,
  ...PROCESSES_FLAGS,
  ...SOCKETS_FLAGS,
];

export const VARIANT_TABLES: readonly VariantTable[] = [
  {
    name: "sockopt_dynamic_param",
    variants: [
      { type: "BYTEBUF", format: "hex" },
      { type: "ERRNO" },
      { type: "UINT32" },
      { type: "UINT64" },
      { type: "RELTIME" },
    ],
  },
  {
    name: "ptrace_dynamic_param",
    variants: [{ type: "UINT64", format: "hex" }, { type: "SIGTYPE" }],
  },
  { name: "keyctl_dynamic_param", variants: [{ type: "INT64" }, { type: "CHARBUF" }] },
];
