/** Says what this machine can do, what is missing, and what would help. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { jailFinding } from "../engine/jail-check.ts";
import { windowMode } from "../engine/self-test.ts";
import { PrivateFolder } from "../files/private-folder.ts";
import { type Features, NativeError, probe } from "../native/native.ts";
import type { Finding } from "./doctor-finding.ts";
import { privilegeFindings } from "./doctor-privileges.ts";
import { type AgentIo, EXIT } from "./io.ts";
import { CAPTURE_FILE, cacheFolder, ENGINE_FILE } from "./paths.ts";

export interface DoctorOptions {
  readonly json: boolean;
}

/** Prints the findings. Returns 0 when live capture can work here, else 3. */
export async function doctor(options: DoctorOptions, io: AgentIo): Promise<number> {
  const findings = [
    ...[...buildFindings(), ...machineFindings()],
    ...[cacheFinding(io), await windowFinding(io), await engineFinding()],
  ];
  const able = findings.every((finding) => finding.good || !finding.needed);
  if (options.json) io.out.write(`${JSON.stringify({ able, findings }, null, 2)}\n`);
  else io.out.write(`${[...findings.map(line), verdict(able)].join("\n")}\n`);
  return able ? EXIT.fine : EXIT.noCapture;
}

function line(finding: Finding): string {
  const mark = finding.good ? "ok  " : finding.needed ? "NO  " : "no  ";
  return `${mark} ${finding.what.padEnd(24)} ${finding.detail}`;
}

function verdict(able: boolean): string {
  return able
    ? "Live capture works on this machine."
    : "Live capture does not work here; recordings can be replayed: lanner replay FILE";
}

function buildFindings(): readonly Finding[] {
  const built = (what: string, file: string): Finding => ({
    what,
    good: existsSync(file),
    needed: true,
    detail: existsSync(file) ? file : `${file} is missing; run: npm run build`,
  });
  return [built("engine module", ENGINE_FILE), built("capture programs", CAPTURE_FILE)];
}

function machineFindings(): readonly Finding[] {
  let features: Features;
  try {
    features = probe();
  } catch (error) {
    if (!(error instanceof NativeError)) throw error;
    return [{ what: "native addon", good: false, needed: true, detail: error.message }];
  }
  const { release, ringBuffers, btf, capture } = features;
  const needed = true;
  return [
    { what: "native addon", good: true, needed, detail: `Node ${process.version}` },
    finding("kernel", ringBuffers, [
      release,
      `${release} lacks BPF ring buffers; use 5.8 or later`,
    ]),
    finding("BTF", btf, ["/sys/kernel/btf/vmlinux", "boot a kernel with CONFIG_DEBUG_INFO_BTF=y"]),
    ...privilegeFindings(features),
    finding("addon with libbpf", capture, ["yes", "install libbpf and run: npm run setup"]),
    ...features.programs.map(({ name, available, reason }) => ({
      what: `programs: ${name}`,
      good: available,
      needed: name === "ringbuf" || name === "tp_btf",
      detail: available ? "loads" : reason,
    })),
    optional("cgroup v2", features.cgroup2 !== "", [
      features.cgroup2,
      "not mounted; --scope cgroup:PATH needs it",
    ]),
    optional("locked memory", features.lockedBytesMax > 1 << 24, [
      String(features.lockedBytesMax),
      `${String(features.lockedBytesMax)} bytes; kernels before 5.11 need more: ulimit -l unlimited`,
    ]),
  ];
}

function finding(what: string, good: boolean, details: readonly [string, string]): Finding {
  return { what, good, needed: true, detail: details[good ? 0 : 1] };
}

function optional(what: string, good: boolean, details: readonly [string, string]): Finding {
  return { ...finding(what, good, details), needed: false };
}

function cacheFinding(io: AgentIo): Finding {
  const folder = cacheFolder(io.environment);
  const refusal = new PrivateFolder(folder).refusal();
  return optional("cache", refusal === null, [folder, refusal ?? ""]);
}

async function windowFinding(io: AgentIo): Promise<Finding> {
  const { mode, reason } = await windowMode(join(cacheFolder(io.environment), "windows.json"));
  const detail =
    mode === "mapped"
      ? `mapped: packs read the kernel's pages in place (${reason})`
      : `private: a pack that writes to a ring ends the engine process, which is then replaced (${reason})`;
  return { what: "windows", good: mode === "mapped", needed: false, detail };
}

async function engineFinding(): Promise<Finding> {
  const { whole, detail } = await jailFinding();
  return { what: "engine process", good: whole, needed: false, detail };
}
