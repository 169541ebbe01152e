import {
  type Architecture,
  NATIVE_SYSCALLS,
  STATE_SYSCALLS,
  syscallByName,
} from "../schema/syscalls.ts";

export interface InterestOptions {
  /** System calls that the loaded packs name. */
  readonly rules: Iterable<string>;
  /**
   * Instead of the state set: names to add, and `!name` to take out of everything. Empty or left
   * out: the state set.
   */
  readonly custom?: readonly string[];
  readonly architecture?: Architecture;
}

export interface Interest {
  /** Bit n of the little-endian bit string is native system call n. */
  readonly bits: Uint8Array;
  readonly names: readonly string[];
  /** Names that were asked for but are no system call, or none of this architecture. */
  readonly unknown: readonly string[];
}

/**
 * Which system calls the capture programs report: those that rules name, and those that state
 * depends on. Calls that move data are in neither set unless a rule asks for them.
 */
export function selectInterest(options: InterestOptions): Interest {
  const { rules, custom = [], architecture = nativeArchitecture() } = options;
  const removed = new Set(custom.filter((name) => name.startsWith("!")).map((n) => n.slice(1)));
  const added = custom.filter((name) => !name.startsWith("!"));
  const asked = new Set([...added, ...rules]);
  const base = added.length > 0 ? [] : STATE_SYSCALLS;
  const bits = new Uint8Array(NATIVE_SYSCALLS / 8);
  const names: string[] = [];
  const unknown: string[] = [];
  for (const name of new Set([...base, ...asked])) {
    if (removed.has(name)) continue;
    const number = syscallByName(name)?.[architecture] ?? null;
    if (number !== null) {
      const byte = number >> 3;
      bits[byte] = (bits[byte] ?? 0) | (1 << (number & 7));
      names.push(name);
    } else if (asked.has(name)) {
      unknown.push(name);
    }
  }
  return { bits, names, unknown };
}

export function nativeArchitecture(): Architecture {
  return process.arch === "arm64" ? "aarch64" : "x86_64";
}
