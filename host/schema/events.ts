/**
 * Every event that Lanner reads or writes: the live part of scap's event table (schema 4.3). The
 * numbers are those of the recording format; they never change and are never reused.
 */
import { CREDENTIALS_EVENTS } from "./events/credentials.ts";
import { DESCRIPTORS_EVENTS } from "./events/descriptors.ts";
import { INODES_EVENTS } from "./events/inodes.ts";
import { IO_EVENTS } from "./events/io.ts";
import { IPC_EVENTS } from "./events/ipc.ts";
import { ITERATORS_EVENTS } from "./events/iterators.ts";
import { KERNEL_EVENTS } from "./events/kernel.ts";
import { MEMORY_EVENTS } from "./events/memory.ts";
import { META_EVENTS } from "./events/meta.ts";
import { PATHS_EVENTS } from "./events/paths.ts";
import { PROCESSES_EVENTS } from "./events/processes.ts";
import { SIGNALS_EVENTS } from "./events/signals.ts";
import { SOCKETS_EVENTS } from "./events/sockets.ts";
import type { EventSchema } from "./types.ts";

/** Codes are below this; most of the gaps are old versions that no producer writes any more. */
export const EVENT_TYPES = 454;

/** An event that replaced an older one of the same name has a number in its id. */
const REPLACING = /_\d+_[EX]$/;

/** In order of their codes. */
export const EVENTS: readonly EventSchema[] = [
  ...CREDENTIALS_EVENTS,
  ...DESCRIPTORS_EVENTS,
  ...INODES_EVENTS,
  ...IO_EVENTS,
  ...IPC_EVENTS,
  ...ITERATORS_EVENTS,
  ...KERNEL_EVENTS,
  ...MEMORY_EVENTS,
  ...META_EVENTS,
  ...PATHS_EVENTS,
  ...PROCESSES_EVENTS,
  ...SIGNALS_EVENTS,
  ...SOCKETS_EVENTS,
]
  .map((event) =>
    REPLACING.test(event.id) ? { ...event, flags: [...event.flags, "replaces" as const] } : event,
  )
  .sort((a, b) => a.code - b.code);

const BY_CODE: ReadonlyMap<number, EventSchema> = new Map(EVENTS.map((e) => [e.code, e]));

/** The event with this code, undefined for old versions and unused slots. */
export function eventByCode(code: number): EventSchema | undefined {
  return BY_CODE.get(code);
}

/** Live events under this `evt.type`: usually one, two where enter events live on. */
export function eventsByName(name: string): readonly EventSchema[] {
  return EVENTS.filter((event) => event.name === name);
}
