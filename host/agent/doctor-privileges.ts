/** What this process may do, tried out: capabilities alone do not say what a kernel grants. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { numbersIn } from "../capture/proc-file.ts";
import type { CapabilityName, Features } from "../native/native.ts";
import type { Finding } from "./doctor-finding.ts";

/** Programs are loaded with the one, attached and let read memory of the kernel with the other. */
const CAPTURE_NEEDS: readonly CapabilityName[] = ["CAP_BPF", "CAP_PERFMON"];
/** Names and paths of foreign processes, and without root their descriptors and environment. */
const SCAN_NEEDS: readonly CapabilityName[] = ["CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH"];

export function privilegeFindings(features: Features): readonly Finding[] {
  return [captureFinding(features), scanFinding(features), namespaceFinding()];
}

function captureFinding(features: Features): Finding {
  const refused = features.programs.filter(
    ({ name, available }) => !available && (name === "ringbuf" || name === "tp_btf"),
  );
  const good = refused.length === 0;
  const missing = lacking(features, CAPTURE_NEEDS);
  const advice =
    missing === ""
      ? "run it in the initial user namespace, without a seccomp profile that refuses bpf()"
      : `run it as root, or with ${missing}`;
  return { what: "privileges", good, needed: true, detail: good ? "sufficient" : advice };
}

/** What refuses with all capabilities (a security module hides it) is no want of ours. */
function scanFinding(features: Features): Finding {
  const what = "running processes";
  const { seen, refused, names } = tryProcesses();
  const missing = lacking(features, SCAN_NEEDS);
  const good = refused === 0 || missing === "";
  const count = `${String(refused)} of ${String(seen)}`;
  if (good) {
    const detail = refused === 0 ? "readable" : `readable, except ${count}`;
    return { what, good, needed: false, detail };
  }
  const detail = `cannot read ${names.join(", ")} of ${count}; run it with ${missing}`;
  return { what, good, needed: false, detail };
}

const PROCESSES_TRIED_MAX = 256;
const TRIED = ["exe", "environ", "fd"] as const;

function tryProcesses(): { seen: number; refused: number; names: readonly string[] } {
  const pids = numbersIn("/proc").slice(0, PROCESSES_TRIED_MAX);
  const refusals = pids.map((pid) => TRIED.filter((name) => isRefused(pid, name)));
  const names = TRIED.filter((name) => refusals.some((each) => each.includes(name)));
  return { seen: pids.length, refused: refusals.filter((each) => each.length > 0).length, names };
}

function isRefused(pid: number, name: (typeof TRIED)[number]): boolean {
  const path = `/proc/${String(pid)}/${name}`;
  try {
    if (name === "exe") readlinkSync(path);
    else if (name === "fd") readdirSync(path);
    else readFileSync(path);
    return false;
  } catch (error) {
    // Kernel threads have no executable, and processes end.
    const code = error instanceof Error && "code" in error ? error.code : "";
    return code === "EACCES" || code === "EPERM";
  }
}

/** PROC_PID_INIT_INO of the kernel. */
const FIRST_NAMESPACE = "pid:[4026531836]";

function namespaceFinding(): Finding {
  const what = "pid namespace";
  const [own, proc] = [linkOf("self"), linkOf("1")];
  const seesHost = own === FIRST_NAMESPACE || proc === FIRST_NAMESPACE;
  const detail = seesHost
    ? "/proc shows the processes of the host"
    : "/proc shows only the processes of a container; rules lack the names, paths and users of " +
      "others that already run (run with --pid=host)";
  return { what, good: seesHost, needed: false, detail };
}

function linkOf(process: string): string {
  try {
    return readlinkSync(`/proc/${process}/ns/pid`);
  } catch {
    return "";
  }
}

function lacking({ capabilities }: Features, names: readonly CapabilityName[]): string {
  return names.filter((name) => !capabilities[name]).join(" and ");
}
