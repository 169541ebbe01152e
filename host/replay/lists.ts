/**
 * The lists at the head of a capture, read entry by entry and handed on in small parts: how much a
 * list claims to hold buys neither memory nor, beyond what any host has, time.
 */
import { BLOCK } from "./block.ts";
import type { Cursor } from "./cursor.ts";
import type { Accounts, FdList, InterfaceEntry, MachineInfo, ProcessEntry } from "./entries.ts";
import { isFdList, readDescriptors, readOwner } from "./fd-list.ts";
import { isInterfaceList, readInterfaces } from "./interfaces.ts";
import { isProcessList, readProcesses } from "./process-list.ts";
import { isMachineInfo, readMachineInfo } from "./sections.ts";
import { readStartTimes, withStartTimes } from "./start-times.ts";
import { isAccountList, readAccounts } from "./users.ts";

/** One part of a list. A long list comes in several of them, back to back. */
export type ListPart =
  | { readonly kind: "machine"; readonly machine: MachineInfo }
  | { readonly kind: "interfaces"; readonly interfaces: readonly InterfaceEntry[] }
  | { readonly kind: "accounts"; readonly accounts: Accounts }
  | { readonly kind: "processes"; readonly processes: readonly ProcessEntry[] }
  | { readonly kind: "descriptors"; readonly list: FdList };

export interface ListStatistics {
  /** Bytes of lists behind the last entry that is read of them. */
  unreadListBytes: number;
}

/** Entries of each kind that are read in one capture: more than the largest host has. */
export const LIST_ENTRIES_MAX = {
  /** Linux's own bound is 4,194,304 tasks; state holds 262,144 by default. */
  processes: 1 << 20,
  descriptors: 1 << 22,
  accounts: 1 << 20,
  interfaces: 1 << 14,
} as const;

/** Descriptors of one process: what Linux allows unless told otherwise is four times that. */
const PROCESS_DESCRIPTORS_MAX = 1 << 18;
/** Entries of one part. With all its texts an entry takes some 16 KiB. */
const PART_ENTRIES_MAX = 1_024;

type Kind = keyof typeof LIST_ENTRIES_MAX;

/** Reads the list blocks of one file in their order. */
export class ListReader {
  readonly #statistics: ListStatistics;
  #left: Record<Kind, number> = { ...LIST_ENTRIES_MAX };
  #startTimes: ReadonlyMap<bigint, bigint> = new Map();

  constructor(statistics: ListStatistics) {
    this.#statistics = statistics;
  }

  /** A capture begins: nothing of an earlier one holds. */
  reset(): void {
    this.#left = { ...LIST_ENTRIES_MAX };
    this.#startTimes = new Map();
  }

  /** Takes a block that only helps to read others; false for every other one. */
  takesAside(type: number, body: Cursor): boolean {
    if (type !== BLOCK.startTimes) return false;
    this.#startTimes = readStartTimes(body, LIST_ENTRIES_MAX.processes);
    this.#statistics.unreadListBytes += body.remaining;
    return true;
  }

  /** At least one part for a list, however short; throws CaptureFileError where it is damaged. */
  *parts(type: number, body: Cursor): Generator<ListPart> {
    if (isMachineInfo(type)) {
      yield { kind: "machine", machine: readMachineInfo(body) };
    } else if (isInterfaceList(type)) {
      for (const interfaces of this.#rows("interfaces", body, readInterfaces(type, body))) {
        yield { kind: "interfaces", interfaces };
      }
    } else if (isAccountList(type)) {
      for (const row of this.#rows("accounts", body, readAccounts(type, body))) {
        const users = row.flatMap(({ user }) => (user === undefined ? [] : [user]));
        const groups = row.flatMap(({ group }) => (group === undefined ? [] : [group]));
        yield { kind: "accounts", accounts: { users, groups } };
      }
    } else if (isProcessList(type)) {
      for (const row of this.#rows("processes", body, readProcesses(type, body))) {
        yield { kind: "processes", processes: withStartTimes(row, this.#startTimes) };
      }
    } else {
      const tid = readOwner(body);
      for (const descriptors of this.#rows("descriptors", body, readDescriptors(type, body))) {
        yield { kind: "descriptors", list: { tid, descriptors } };
      }
    }
  }

  *#rows<T>(kind: Kind, body: Cursor, entries: Iterator<T>): Generator<T[]> {
    const ofOne = kind === "descriptors" ? PROCESS_DESCRIPTORS_MAX : Number.POSITIVE_INFINITY;
    let left = Math.min(this.#left[kind], ofOne);
    let isFirst = true;
    for (;;) {
      const row: T[] = [];
      const wanted = Math.min(left, PART_ENTRIES_MAX);
      while (row.length < wanted) {
        const next = entries.next();
        if (next.done === true) break;
        row.push(next.value);
      }
      left -= row.length;
      this.#left[kind] -= row.length;
      if (row.length > 0 || isFirst) yield row;
      isFirst = false;
      if (row.length < PART_ENTRIES_MAX) break;
    }
    // What is left at the end of a whole list, below 4 bytes, fills the block up.
    if (body.remaining >= 4) this.#statistics.unreadListBytes += body.remaining;
  }
}

/** Whether a block of this type is a list, or says how to read one. */
export function isList(type: number): boolean {
  return (
    isMachineInfo(type) ||
    isInterfaceList(type) ||
    isAccountList(type) ||
    isProcessList(type) ||
    isFdList(type)
  );
}
