/** System calls: portable code, native numbers, event, and which ones state depends on. */
import { EVENTS, eventsByName } from "./events.ts";
import { SYSCALL_ROWS } from "./syscalls/table.ts";
import type { Syscall } from "./types.ts";

/** Portable codes are below this. */
export const SYSCALL_CODES = 455;

/** Native numbers are below this on every supported architecture. */
export const NATIVE_SYSCALLS = 512;

export type Architecture = "x86_64" | "aarch64";

/** Their events lack the state flag, but process or descriptor state follows from them. */
const ALSO_STATE: ReadonlySet<string> = new Set([
  "bpf",
  "prlimit64",
  "setns",
  "setpgid",
  "setrlimit",
  "unshare",
]);

const EVENTS_BY_ID = new Map(EVENTS.map((event) => [event.id, event]));

export const SYSCALLS: readonly Syscall[] = SYSCALL_ROWS.map(
  ([code, name, x86_64, aarch64, event]) => ({
    code,
    name,
    x86_64,
    aarch64,
    event,
    state: isState(name, event),
  }),
);

const BY_NAME = new Map(SYSCALLS.map((syscall) => [syscall.name, syscall]));

/** Everything that changes process, descriptor or credential state. */
export const STATE_SYSCALLS: readonly string[] = SYSCALLS.filter((s) => s.state).map((s) => s.name);

export function syscallByName(name: string): Syscall | undefined {
  return BY_NAME.get(name);
}

/**
 * The system calls that must be captured for a rule to see events whose `evt.type` is `type`.
 * Empty for events that no system call causes, and for names that do not exist.
 */
export function syscallsOfType(type: string): readonly Syscall[] {
  const ids = new Set(eventsByName(type).map((event) => event.id));
  return SYSCALLS.filter((s) => (s.event === null ? s.name === type : ids.has(s.event)));
}

/**
 * Calls that move data are left out although the parameters of some name a socket's peer: they are
 * too frequent, and a rule that needs them asks for them.
 */
function isState(name: string, event: string | null): boolean {
  if (ALSO_STATE.has(name)) return true;
  const schema = event === null ? undefined : EVENTS_BY_ID.get(event);
  if (schema?.kind !== "syscall" || schema.category.startsWith("IO_READ")) return false;
  return schema.category !== "IO_WRITE" && schema.flags.includes("modifies_state");
}

/** Portable code by native number, 0 where there is none: what the capture programs look up. */
export function portableCodes(architecture: Architecture): Uint16Array {
  const codes = new Uint16Array(NATIVE_SYSCALLS);
  for (const syscall of SYSCALLS) {
    const native = syscall[architecture];
    if (native !== null) codes[native] = syscall.code;
  }
  return codes;
}
