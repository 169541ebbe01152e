/**
 * libbpf: Debian's packages of the version and hash in native/vendor.sha256, unpacked into
 * native/vendor. Needs no root. Where that is not possible, the system's libbpf serves if there is
 * one; without either the addon is built without capture.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCommand, run } from "./command.mjs";
import { isDebian, isRoot } from "./machine.mjs";
import { at } from "./paths.mjs";

const HASHES = at("native", "vendor.sha256");
const FOLDER = at("native", "vendor");

export const VENDOR_INPUTS = [HASHES];
export const VENDOR_OUTPUTS = [at("native", "vendor", "usr", "include", "bpf", "bpf.h")];

/** Lines `<sha256>  <file as apt-get download names it>`. */
function readPins() {
  return readFileSync(HASHES, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [sha256, file] = line.split(/\s+/);
      const [name, version] = file.replaceAll("%3a", ":").split("_");
      return { sha256, file, spec: `${name}=${version}` };
    });
}

/** @returns what was used: "vendored", "system", or a reason why there is none. */
export async function provideLibbpf() {
  const problem = await unpackPinned();
  if (problem === "") return { libbpf: "vendored", reason: "" };
  if (await hasSystemLibbpf()) return { libbpf: "system", reason: problem };
  return { libbpf: "none", reason: problem };
}

async function hasSystemLibbpf() {
  if (findCommand("pkg-config") === undefined) return false;
  try {
    await run("pkg-config", ["--atleast-version=1.0", "libbpf"]);
    return true;
  } catch {
    return false;
  }
}

async function unpackPinned() {
  if (!isDebian()) return "not Debian";
  if (process.arch !== "x64") return `no pinned package for ${process.arch}`;
  const folder = mkdtempSync(join(tmpdir(), "lanner-vendor-"));
  try {
    const pins = readPins();
    await download(pins, folder);
    for (const pin of pins) checkHash(pin, folder);
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    for (const { file } of pins) await run("dpkg-deb", ["-x", join(folder, file), FOLDER]);
    return VENDOR_OUTPUTS.every(existsSync) ? "" : "the packages lack the headers";
  } catch (error) {
    return error.message.split("\n").find((line) => line.startsWith("E:")) ?? error.message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function download(pins, folder) {
  const args = ["download", "-q", "-o", "APT::Sandbox::User=root", ...pins.map(({ spec }) => spec)];
  try {
    await run("apt-get", args, { cwd: folder });
  } catch (error) {
    if (!isRoot()) throw error;
    await run("apt-get", ["update", "-q"]);
    await run("apt-get", args, { cwd: folder });
  }
}

function checkHash({ sha256, file }, folder) {
  if (!existsSync(join(folder, file))) {
    throw new Error(`apt-get left no ${file} but ${readdirSync(folder).join(", ")}`);
  }
  const actual = createHash("sha256")
    .update(readFileSync(join(folder, file)))
    .digest("hex");
  if (actual !== sha256) throw new Error(`${file} has sha256 ${actual}, not the pinned ${sha256}`);
}
