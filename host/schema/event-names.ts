/** Names that a rule may compare `evt.type` with. */
import { EVENTS } from "./events.ts";
import { SYSCALLS } from "./syscalls.ts";

/** Events that no producer writes any more; Falco still accepts their names. */
const RETIRED_NAMES = ["NA", "k8s", "mesos", "tracer"];

/**
 * Own events, and the system calls that arrive as GENERIC_X under their own names. GENERIC_X's own
 * name ("syscall") is not among them: no event shows it as its type.
 */
export const EVENT_NAMES: ReadonlySet<string> = new Set([
  ...EVENTS.filter((event) => event.id !== "GENERIC_X").map((event) => event.name),
  ...SYSCALLS.filter((s) => s.event === null && s.code !== 0).map((s) => s.name),
  ...RETIRED_NAMES,
]);
