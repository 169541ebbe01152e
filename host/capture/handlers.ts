/**
 * Which BPF program takes which system call: `sys_NAME`, but for a few that share one. A call whose
 * program the object lacks arrives as a generic event.
 */
import type { Handler } from "../native/native.ts";
import { type Architecture, SYSCALLS } from "../schema/syscalls.ts";

/** The four ways to make a task differ in where their flags are (bpf/events/clone.h). */
const SHARED: Readonly<Record<string, string>> = { clone3: "clone", fork: "clone", vfork: "clone" };

/** All system calls of an architecture, by native number. */
export function handlersOf(architecture: Architecture): readonly Handler[] {
  return SYSCALLS.flatMap((syscall) => {
    const number = syscall[architecture];
    if (number === null) return [];
    return [{ number, program: `sys_${SHARED[syscall.name] ?? syscall.name}` }];
  });
}
