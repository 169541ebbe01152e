/**
 * Containers for live suites: podman with runc and an image of one busybox, made here, without a
 * network. The options are those that also work where root lacks CAP_SYS_RESOURCE and where cgroups
 * of both versions are mounted.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const IMAGE = "local/busybox:1";
const BUSYBOX = "/bin/busybox";
const APPLETS = ["sh", "cat", "echo", "id", "ls", "sleep", "true"];

const RUN_OPTIONS = [
  ...["--runtime", "runc", "run", "--rm", "--network", "none"],
  ...["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"],
  ...["--cgroup-manager=cgroupfs"],
];

/** Empty when containers can be run, otherwise the reason in words. */
export function noPodmanReason(): string {
  if (process.getuid?.() !== 0) return "containers need root here";
  for (const tool of ["podman", "runc"]) {
    if (spawnSync(tool, ["--version"]).status !== 0) return `${tool} is not installed`;
  }
  if (!existsSync(BUSYBOX)) return "busybox-static is not installed";
  return "";
}

/** Command line that runs `script` in a fresh container; makes the image when it is missing. */
export function containerCommand(
  script: string,
  options: { readonly cidFile: string; readonly run?: readonly string[] },
): readonly string[] {
  ensureImage();
  return [
    "podman",
    ...RUN_OPTIONS,
    "--cidfile",
    options.cidFile,
    ...(options.run ?? []),
    IMAGE,
    "sh",
    "-c",
    script,
  ];
}

function ensureImage(): void {
  if (spawnSync("podman", ["image", "exists", IMAGE]).status === 0) return;
  const root = mkdtempSync(join(tmpdir(), "lanner-image-"));
  try {
    for (const folder of ["bin", "etc", "proc", "sys", "dev", "tmp"]) mkdirSync(join(root, folder));
    copyFileSync(BUSYBOX, join(root, "bin/busybox"));
    for (const applet of APPLETS) symlinkSync("busybox", join(root, "bin", applet));
    const archive = execFileSync("tar", ["-C", root, "-c", "."], { maxBuffer: 64 << 20 });
    execFileSync("podman", ["import", "-", IMAGE], { input: archive, stdio: "pipe" });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
