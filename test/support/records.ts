/** Event blocks for tests, by the names of the schema; times go up by a microsecond per record. */
import { encodeEvent, eventBlock, type ParamValue } from "../../host/replay/encode.ts";
import { EVENTS } from "../../host/schema/events.ts";

const CODES: ReadonlyMap<string, number> = new Map(EVENTS.map(({ id, code }) => [id, code]));
const START = 1_700_000_000_000_000_000n;

let time = START;

/** Code of the event type with that id, as SYSCALL_OPENAT_2_X. */
export function typeOf(id: string): number {
  const code = CODES.get(id);
  if (code === undefined) throw new RangeError(`no event type ${id}`);
  return code;
}

/** Moves the clock of the records ahead; ns. */
export function pass(duration: bigint): void {
  time += duration;
}

/** One event, without a block around it. */
export function event(id: string, tid: number | bigint, params: readonly ParamValue[]): Buffer {
  time += 1_000n;
  return encodeEvent({ type: typeOf(id), tid: BigInt(tid), time }, params);
}

/** One event block, for the replay window. */
export function encode(id: string, tid: number | bigint, ...params: ParamValue[]): Buffer {
  return eventBlock(event(id, tid, params));
}

/** The same for state only. */
export function encodeStateOnly(id: string, tid: bigint, ...params: ParamValue[]): Buffer {
  return eventBlock(event(id, tid, params), { stateOnly: true });
}

export interface CloneValues {
  readonly result: number;
  readonly tid: number;
  readonly pid?: number;
  readonly ptid?: number;
  readonly exe?: string;
  readonly args?: string;
  readonly comm?: string;
  readonly cgroups?: string;
  readonly flags?: number;
  readonly uid?: number;
  readonly vtid?: number;
  readonly vpid?: number;
}

/** A clone as one side tells it; `id` may name its relatives. */
export function clone(values: CloneValues, id = "SYSCALL_CLONE_20_X"): Buffer {
  const pid = values.pid ?? values.tid;
  return encode(
    id,
    values.tid,
    values.result,
    values.exe ?? "/bin/sh",
    Buffer.from(values.args ?? ""),
    values.tid,
    pid,
    values.ptid ?? 1,
    "",
    1024,
    0,
    0,
    100,
    50,
    0,
    values.comm ?? "sh",
    Buffer.from(values.cgroups ?? "cpu=/\0"),
    values.flags ?? 0,
    values.uid ?? 0,
    0,
    values.vtid ?? values.tid,
    values.vpid ?? pid,
    0,
  );
}

export interface ExecValues {
  readonly tid: number;
  readonly pid?: number;
  readonly ptid?: number;
  readonly exe: string;
  readonly args?: string;
  readonly comm: string;
  readonly env?: string;
  readonly cgroups?: string;
  readonly exePath?: string;
  readonly uid?: number;
  readonly pgid?: number;
  readonly vpgid?: number;
}

/** A successful execve. Lists are NUL-terminated texts in a row. */
export function execve(values: ExecValues): Buffer {
  const pid = values.pid ?? values.tid;
  const head = [0, values.exe, Buffer.from(values.args ?? ""), values.tid, pid, values.ptid ?? 1];
  const memory = ["", 1024, 0, 0, 100, 50, 0];
  const texts = [
    values.comm,
    Buffer.from(values.cgroups ?? "cpu=/\0"),
    Buffer.from(values.env ?? ""),
  ];
  const ids = [0, values.vpgid ?? pid, 1000, 0, 0, 0, 0, 77, 5, 6, values.uid ?? 0];
  const tail = [values.exePath ?? values.exe, values.pgid ?? pid, 0, values.exe];
  return encode("SYSCALL_EXECVE_19_X", values.tid, ...head, ...memory, ...texts, ...ids, ...tail);
}

export interface TaskValues {
  readonly tid: number;
  readonly pid?: number;
  readonly ppid?: number;
  readonly comm?: string;
  readonly argv?: string;
  readonly exePath?: string;
  readonly cwd?: string;
  readonly sid?: number;
  readonly pgid?: number;
}

/** A process that was there before the first event. */
export function task(values: TaskValues): Buffer {
  const pid = values.pid ?? values.tid;
  const group = values.pgid ?? 0;
  return encodeStateOnly(
    "ITER_TASK_E",
    (BigInt(pid) << 32n) | BigInt(values.tid),
    ...[values.ppid ?? 0, group, group, values.sid ?? 0, values.comm ?? "task"],
    ...[Buffer.from(values.argv ?? "/bin/task\0"), values.exePath ?? "/bin/task", 0],
    ...[Buffer.from("PATH=/bin\0"), values.cwd ?? "/", 1024, 0, 0, 0, 0, 0, 1, 2, 3],
    ...[100, 50, 0, 0, 0, pid, values.tid, 0, Buffer.from("cpu=/\0"), "/", 0, 0, 1000],
    Buffer.alloc(4),
  );
}

/** A socket tuple of two IPv4 ends, `a.b.c.d` and port each. */
export function tuple4(source: string, sport: number, destination: string, dport: number): Buffer {
  const bytes = Buffer.alloc(13);
  bytes[0] = 2;
  bytes.set(ipv4(source), 1);
  bytes.writeUInt16LE(sport, 5);
  bytes.set(ipv4(destination), 7);
  bytes.writeUInt16LE(dport, 11);
  return bytes;
}

export function address4(ip: string, port: number): Buffer {
  const bytes = Buffer.alloc(7);
  bytes[0] = 2;
  bytes.set(ipv4(ip), 1);
  bytes.writeUInt16LE(port, 5);
  return bytes;
}

/** A socket tuple of two IPv6 ends, 16 bytes and port each. */
export function tuple6(
  source: Uint8Array,
  sport: number,
  destination: Uint8Array,
  dport: number,
): Buffer {
  const bytes = Buffer.alloc(37);
  bytes[0] = 10;
  bytes.set(source, 1);
  bytes.writeUInt16LE(sport, 17);
  bytes.set(destination, 19);
  bytes.writeUInt16LE(dport, 35);
  return bytes;
}

export function ipv4(text: string): Uint8Array {
  return Uint8Array.from(text.split("."), Number);
}
