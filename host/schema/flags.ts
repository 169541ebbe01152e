/** Every flag table that an event names. */
import { PATHS_FLAGS } from "./flags/paths.ts";
import { PROCESSES_FLAGS } from "./flags/processes.ts";
import type { FlagTable } from "./types.ts";

export const FLAG_TABLES: readonly FlagTable[] = [...PATHS_FLAGS, ...PROCESSES_FLAGS];
