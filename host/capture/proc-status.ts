import { UNSET_ID } from "../replay/entries.ts";
import { peekProc } from "./proc-file.ts";

const FILE_BYTES_MAX = 16 << 10;

/** What `/proc/<pid>/stat` says of a thread, times in clock ticks since boot. */
export interface Stat {
  readonly comm: Buffer;
  readonly state: string;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly tty: number;
  readonly minorFaults: bigint;
  readonly majorFaults: bigint;
  readonly startTicks: bigint;
}

const OPEN_BRACKET = 0x28;
const CLOSE_BRACKET = 0x29;

export function readStat(path: string): Stat | undefined {
  const bytes = peekProc(path, FILE_BYTES_MAX);
  if (bytes === undefined) return undefined;
  const open = bytes.indexOf(OPEN_BRACKET);
  // comm may hold brackets and blanks itself; no field after it does.
  const close = bytes.lastIndexOf(CLOSE_BRACKET);
  if (open < 0 || close < open) return undefined;
  const fields = bytes.toString("latin1", close + 2).split(" ");
  const number = (at: number): number => integer(fields[at], -1);
  // Numbered from the state, which proc(5) calls field 3.
  return {
    comm: Buffer.from(bytes.subarray(open + 1, close)),
    state: fields[0] ?? "",
    ppid: number(1),
    pgid: number(2),
    sid: number(3),
    tty: number(4) >>> 0,
    minorFaults: big(fields[7]),
    majorFaults: big(fields[9]),
    startTicks: big(fields[19]),
  };
}

/** What `/proc/<pid>/status` says of a thread; sizes in kilobytes. */
export interface Status {
  readonly uid: number;
  readonly gid: number;
  /** Ids in the innermost pid namespace. */
  readonly vpid: number;
  readonly vtid: number;
  readonly vpgid: number;
  readonly vmSize: number;
  readonly vmRss: number;
  readonly vmSwap: number;
  readonly capInheritable: bigint;
  readonly capPermitted: bigint;
  readonly capEffective: bigint;
}

export function readStatus(path: string): Status | undefined {
  const text = peekProc(path, FILE_BYTES_MAX)?.toString("latin1");
  if (text === undefined) return undefined;
  const effective = (name: string): number => integer(words(text, name)[1], UNSET_ID);
  const innermost = (name: string): number => integer(words(text, name).at(-1), -1);
  const kilobytes = (name: string): number => integer(words(text, name)[0], 0);
  const capabilities = (name: string): bigint => hexadecimal(words(text, name)[0]);
  return {
    uid: effective("Uid"),
    gid: effective("Gid"),
    vpid: innermost("NStgid"),
    vtid: innermost("NSpid"),
    vpgid: innermost("NSpgid"),
    vmSize: kilobytes("VmSize"),
    vmRss: kilobytes("VmRSS"),
    vmSwap: kilobytes("VmSwap"),
    capInheritable: capabilities("CapInh"),
    capPermitted: capabilities("CapPrm"),
    capEffective: capabilities("CapEff"),
  };
}

/**
 * The words of the line that starts with `name`. A name in comm cannot pass for one: no newline.
 */
function words(text: string, name: string): string[] {
  const start = text.indexOf(`\n${name}:\t`);
  if (start < 0) return [];
  const from = start + name.length + 3;
  const end = text.indexOf("\n", from);
  return text
    .slice(from, end < 0 ? text.length : end)
    .trim()
    .split(/\s+/);
}

const UNLIMITED = 0xffff_ffff_ffff_ffffn;

/** Soft limit of open descriptors. */
export function readFdLimit(path: string): bigint {
  const text = peekProc(path, FILE_BYTES_MAX)?.toString("latin1") ?? "";
  const soft = /^Max open files +(\d+|unlimited)/m.exec(text)?.[1];
  if (soft === undefined) return 0n;
  return soft === "unlimited" ? UNLIMITED : BigInt(soft);
}

export function readLoginUid(path: string): number {
  const text = peekProc(path, FILE_BYTES_MAX)?.toString("latin1").trim();
  return text === undefined || text === "" ? UNSET_ID : Number(text) >>> 0;
}

/** In the order in which the capture programs send them. */
const SUBSYSTEMS = ["cpuset", "cpu", "cpuacct", "io", "memory"] as const;
/** The name of `io` in v1 hierarchies, and so in /proc. */
const IO_IN_PROC = "blkio";

/**
 * `subsystem=path`, each with a NUL behind it, as the capture programs send them: a subsystem that
 * no v1 hierarchy holds is in the unified one.
 */
export function readCgroups(path: string): Buffer {
  const text = peekProc(path, FILE_BYTES_MAX)?.toString("latin1") ?? "";
  const paths = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, controllers, ...rest] = line.split(":");
    if (controllers === undefined) continue;
    for (const controller of controllers.split(",")) paths.set(controller, rest.join(":"));
  }
  const unified = paths.get("") ?? "/";
  const entries = SUBSYSTEMS.map((name) => {
    const path = paths.get(name === "io" ? IO_IN_PROC : name) ?? unified;
    return `${name}=${path}\0`;
  });
  return Buffer.from(entries.join(""), "latin1");
}

function integer(text: string | undefined, missing: number): number {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : missing;
}

function hexadecimal(text: string | undefined): bigint {
  return text !== undefined && /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : 0n;
}

function big(text: string | undefined): bigint {
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : 0n;
}
