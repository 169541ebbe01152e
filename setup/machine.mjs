/**
 * What the machine must have. As root on Debian or Ubuntu missing packages are installed; elsewhere
 * the command that would do it is named.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { CommandError, findCommand, run } from "./command.mjs";
import { say } from "./report.mjs";

const NODE_MIN = [20, 19];

export const CLANG_NAMES = ["clang-19", "clang-20", "clang-21", "clang-18", "clang-17", "clang"];

/** Each: how to see that it is there, and which Debian packages bring it, best first. */
const NEEDS = [
  { what: "a C++ compiler", has: () => findCommand("g++"), packages: ["g++"] },
  { what: "make", has: () => findCommand("make"), packages: ["make"] },
  { what: "clang", has: () => findCommand(...CLANG_NAMES), packages: ["clang-19", "clang"] },
  { what: "libelf", has: () => hasLibrary("libelf.so.1"), packages: ["libelf1", "libelf1t64"] },
  { what: "zlib", has: () => hasLibrary("libz.so.1"), packages: ["zlib1g"] },
  {
    what: "the kernel's C headers",
    has: () => existsSync("/usr/include/linux/bpf.h"),
    packages: ["linux-libc-dev"],
  },
];

const OTHER_SYSTEMS = {
  fedora: "dnf install gcc-c++ make clang libbpf-devel elfutils-libelf-devel zlib-devel",
  arch: "pacman -S gcc make clang libbpf libelf zlib",
  alpine: "apk add g++ make clang libbpf-dev elfutils-dev zlib-dev linux-headers",
  suse: "zypper install gcc-c++ make clang libbpf-devel libelf-devel zlib-devel",
};

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  say(`Lanner needs Node ${NODE_MIN.join(".")} or later; this is ${process.versions.node}.`);
  process.exit(1);
}

export function isRoot() {
  return process.getuid?.() === 0;
}

export function isDebian() {
  return findCommand("apt-get") !== undefined && findCommand("dpkg-deb") !== undefined;
}

/** Installs what is missing where it may; returns what still is, as words. */
export async function provideTools(report) {
  const missing = NEEDS.filter((need) => !need.has());
  if (missing.length === 0) return [];
  if (isDebian() && isRoot()) await install(missing, report);
  const still = missing.filter((need) => !need.has());
  if (still.length > 0) {
    report(`missing: ${still.map(({ what }) => what).join(", ")}; install with: ${advice(still)}`);
  }
  return still.map(({ what }) => what);
}

async function install(missing, report) {
  try {
    await run("apt-get", ["update", "-q"]);
  } catch (error) {
    report(`apt-get update failed, trying with the lists at hand: ${firstLine(error)}`);
  }
  for (const { what, packages } of missing) {
    for (const name of packages) {
      if (!(await hasCandidate(name))) continue;
      report(`installing ${name} with apt-get (${what})`);
      try {
        await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", name], {
          env: { DEBIAN_FRONTEND: "noninteractive" },
        });
        break;
      } catch (error) {
        report(`could not install ${name}: ${firstLine(error)}`);
      }
    }
  }
}

async function hasCandidate(name) {
  const policy = await run("apt-cache", ["policy", name]);
  return policy.includes("Candidate:") && !policy.includes("Candidate: (none)");
}

function firstLine(error) {
  if (!(error instanceof CommandError)) return String(error);
  return (
    error.message.split("\n").find((line) => line.startsWith("E:")) ?? error.message.split("\n")[0]
  );
}

function advice(still) {
  if (isDebian())
    return `apt-get install ${still.map(({ packages }) => packages.at(-1)).join(" ")}`;
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const system = Object.keys(OTHER_SYSTEMS).find((name) => release.toLowerCase().includes(name));
  return system === undefined ? "your system's package manager" : OTHER_SYSTEMS[system];
}

/** Looks where distributions keep shared libraries; the loader's cache would need a program run. */
function hasLibrary(name) {
  const roots = ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"];
  return roots.some((root) => {
    if (existsSync(`${root}/${name}`)) return true;
    if (!existsSync(root)) return false;
    return readdirSync(root).some(
      (folder) => folder.includes("-linux-") && existsSync(`${root}/${folder}/${name}`),
    );
  });
}
