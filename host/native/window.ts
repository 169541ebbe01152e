/** File pages inside a WebAssembly memory, and the anonymous files they come from. */
import { addon } from "./load.ts";
import { guarded } from "./native-error.ts";
import type { Window } from "./values.ts";

/**
 * Makes zero-filled memory with a descriptor; its size is sealed. The descriptor is closed on exec:
 * hand it to a child through `stdio` of `spawn`, and end it with `closeFd`.
 */
export function createMemory(name: string, bytes: number): number {
  return guarded(() => addon().createMemory(name, bytes));
}

/** Closes a descriptor that this module or `Capture` handed out. Windows of it stay. */
export function closeFd(fd: number): void {
  guarded(() => {
    addon().closeFd(fd);
  });
}

/**
 * Puts pages of a file at `address` of a memory's buffer. What was there is gone, also on failure.
 * A memory (not a BPF map) must have its size sealed, so that a touch can never kill the process.
 */
export function mapWindow(memory: ArrayBuffer, address: number, window: Window): void {
  guarded(() => {
    addon().mapWindow(memory, address, window);
  });
}

/** Nothing in the range can be read or written any more: a touch traps as one beyond the memory. */
export function sealPages(memory: ArrayBuffer, address: number, bytes: number): void {
  guarded(() => {
    addon().sealPages(memory, address, bytes);
  });
}

/** Puts fresh zero pages, readable and writable, at `address`. */
export function unmapWindow(memory: ArrayBuffer, address: number, bytes: number): void {
  guarded(() => {
    addon().unmapWindow(memory, address, bytes);
  });
}
