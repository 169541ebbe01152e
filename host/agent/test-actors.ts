/** The processes of a rule test: what a tests file says of them, the rest as it usually is. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { ProcessEntry } from "../replay/entries.ts";
import { EXE_FROM_MEMFD, EXE_UPPER_LAYER, EXE_WRITABLE, UNSET_ID } from "../replay/entries.ts";
import { BadTestValue, listOf } from "./test-values.ts";

export interface Container {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly image: string;
  readonly privileged: boolean;
}

export interface Actor {
  readonly pid: number;
  readonly ppid: number;
  /** Pid inside of its container. */
  readonly vpid: number;
  readonly name: string;
  readonly exePath: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly loginuid: number;
  readonly tty: number;
  readonly capabilities: bigint;
  readonly exeFlags: number;
  readonly container: Container | null;
}

export type Values = Readonly<Record<string, unknown>>;

/** Keys that describe a process, in `process`, `spawn` and `exec`. */
export const ACTOR_KEYS: readonly string[] = [
  ...["name", "path", "args", "argv0", "env", "cwd", "uid", "gid", "loginuid", "tty"],
  ...["capabilities", "exe_flags", "container", "vpid"],
];

/** In the order of their bits. */
const CAPABILITIES: readonly string[] = [
  ...["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID"],
  ...["SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW"],
  ...["IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT"],
  ...["SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD"],
  ...["LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG"],
  ...["WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE"],
].map((name) => `CAP_${name}`);

const COMM_BYTES_MAX = 15;
const ALL_CAPABILITIES = 0x1ff_ffff_ffffn;
/** What container runtimes leave to root by default. */
const CONTAINER_CAPABILITIES = 0xa804_25fbn;
const LOGIN_UID = 1000;

const EXE_FLAGS: ReadonlyMap<string, number> = new Map([
  ["writable", EXE_WRITABLE],
  ["upper_layer", EXE_UPPER_LAYER],
  ["memfd", EXE_FROM_MEMFD],
]);

/** The actor that `values` describe; what they leave out is taken from `base`. */
export function describeActor(base: Actor, values: Values): Actor {
  const exePath = text(values, "path") ?? base.exePath;
  const isNewProgram = values["path"] !== undefined || values["name"] !== undefined;
  const name = text(values, "name") ?? (isNewProgram ? basename(exePath) : base.name);
  const path = values["path"] === undefined && isNewProgram ? `/usr/bin/${name}` : exePath;
  const uid = integer(values, "uid") ?? base.uid;
  const container = values["container"] === undefined ? base.container : containerOf(values);
  const isSame = uid === base.uid && container === base.container;
  const args = texts(values, "args") ?? (isNewProgram ? [] : base.argv.slice(1));
  return {
    pid: base.pid,
    ppid: base.ppid,
    vpid: integer(values, "vpid") ?? base.vpid,
    name: Buffer.from(name).subarray(0, COMM_BYTES_MAX).toString("latin1"),
    exePath: path,
    argv: [text(values, "argv0") ?? (isNewProgram ? path : (base.argv[0] ?? path)), ...args],
    env: texts(values, "env") ?? base.env,
    cwd: text(values, "cwd") ?? base.cwd,
    uid,
    gid: integer(values, "gid") ?? (uid === base.uid ? base.gid : uid),
    loginuid: integer(values, "loginuid") ?? base.loginuid,
    tty: integer(values, "tty") ?? base.tty,
    capabilities: capabilitiesOf(values) ?? (isSame ? base.capabilities : usual(uid, container)),
    exeFlags: exeFlagsOf(values),
    container,
  };
}

/** The first process of the host: everybody's ancestor. */
export const INIT: Actor = {
  ...{ pid: 1, ppid: 0, vpid: 1, name: "systemd", exePath: "/usr/lib/systemd/systemd" },
  ...{ argv: ["/sbin/init"], env: [], cwd: "/", uid: 0, gid: 0, loginuid: UNSET_ID, tty: 0 },
  ...{ capabilities: ALL_CAPABILITIES, exeFlags: 0, container: null },
};

/** The parent of processes that name none. */
export const SHELL: Actor = {
  ...INIT,
  ...{ pid: 900, ppid: 1, vpid: 900, name: "bash", exePath: "/usr/bin/bash" },
  ...{ argv: ["/usr/bin/bash"], loginuid: LOGIN_UID },
};

/** As a line of a process list. */
export function processEntry(actor: Actor): ProcessEntry {
  const [pid, ppid] = [BigInt(actor.pid), BigInt(actor.ppid)];
  const { uid, gid, loginuid, tty, capabilities, exeFlags } = actor;
  return {
    ...{ tid: pid, pid, ptid: ppid, sid: pid, pgid: pid, uid, gid, loginuid, tty, exeFlags },
    ...{ vpgid: BigInt(actor.vpid), vtid: BigInt(actor.vpid), vpid: BigInt(actor.vpid) },
    comm: Buffer.from(actor.name, "latin1"),
    exe: Buffer.from(actor.argv[0] ?? ""),
    exePath: Buffer.from(actor.exePath),
    args: listOf(actor.argv.slice(1)),
    cwd: Buffer.from(actor.cwd),
    env: listOf(actor.env),
    cgroups: cgroupsOf(actor),
    root: Buffer.from("/"),
    ...{ fdLimit: 1_024n, flags: 0, vmSize: 0, vmRss: 0, vmSwap: 0 },
    ...{ majorFaults: 0n, minorFaults: 0n, capInheritable: 0n },
    ...{ capPermitted: capabilities, capEffective: capabilities },
    ...{ exeInode: 0n, exeCtime: 0n, exeMtime: 0n, pidnsStart: 0n, startTime: 0n },
  };
}

export function cgroupsOf({ container }: Actor): Buffer {
  return listOf([container === null ? "cpu=/user.slice" : `cpu=/docker/${container.id}`]);
}

/** The event that tells of a container, as a runtime's worker writes it. */
export function containerJson({ id, name, image, privileged }: Container): string {
  const [repository = "", tag = "latest"] = image.split(":");
  const facts = { id: id.slice(0, 12), full_id: id, name, image, privileged };
  return JSON.stringify({
    container: { type: 0, ...facts, imagerepo: repository, imagetag: tag },
  });
}

function containerOf(values: Values): Container | null {
  const written = values["container"];
  if (written === null || written === false) return null;
  const facts = (typeof written === "string" ? { name: written } : written) as Values;
  if (typeof facts !== "object") throw new BadTestValue("'container' is a name or a map");
  const name = text(facts, "name") ?? "container";
  return {
    name,
    id: createHash("sha256").update(name).digest("hex"),
    image: text(facts, "image") ?? name,
    privileged: facts["privileged"] === true,
  };
}

function usual(uid: number, container: Container | null): bigint {
  if (uid !== 0) return 0n;
  return container === null || container.privileged ? ALL_CAPABILITIES : CONTAINER_CAPABILITIES;
}

function capabilitiesOf(values: Values): bigint | null {
  const written = values["capabilities"];
  if (written === undefined) return null;
  if (written === "all") return ALL_CAPABILITIES;
  if (written === "none") return 0n;
  const places = (texts(values, "capabilities") ?? []).map((name) => CAPABILITIES.indexOf(name));
  if (places.includes(-1)) {
    throw new BadTestValue("'capabilities' is all, none or names as CAP_SYS_ADMIN");
  }
  return places.reduce((bits, place) => bits | (1n << BigInt(place)), 0n);
}

function exeFlagsOf(values: Values): number {
  let bits = 0;
  for (const name of texts(values, "exe_flags") ?? []) {
    const bit = EXE_FLAGS.get(name);
    if (bit === undefined) {
      throw new BadTestValue(`'${name}' is none of ${[...EXE_FLAGS.keys()].join(", ")}`);
    }
    bits |= bit;
  }
  return bits;
}

export function text(values: Values, key: string): string | undefined {
  const value = values[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new BadTestValue(`'${key}' takes a text`);
}

export function texts(values: Values, key: string): readonly string[] | undefined {
  const value = values[key];
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.map(String) : [text(values, key) ?? ""];
}

export function integer(values: Values, key: string): number | undefined {
  const value = values[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new BadTestValue(`'${key}' takes a whole number`);
}
