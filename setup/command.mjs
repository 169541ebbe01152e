/** Running other programs, and finding them. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT } from "./paths.mjs";

/** A program failed. The message carries the end of what it said. */
export class CommandError extends Error {}

const OUTPUT_CHARACTERS_MAX = 6_000;

/** Full path of the first of `names` that PATH has, or undefined. */
export function findCommand(...names) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs to the end; resolves with what was printed, rejects with CommandError. */
export async function run(command, args, { cwd = ROOT, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk) => {
    output = (output + String(chunk)).slice(-OUTPUT_CHARACTERS_MAX);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...end) => resolve(end));
  });
  if (code === 0) return output;
  throw new CommandError(`${[command, ...args].join(" ")} ended with ${signal ?? code}\n${output}`);
}

/** Runs a program in the foreground; resolves with its exit code (128 + n after a signal). */
export async function runInForeground(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  // The terminal sends its signals to the whole group; the child decides what to do about them.
  const ignore = () => undefined;
  const passOn = () => child.kill("SIGTERM");
  process.on("SIGINT", ignore);
  process.on("SIGTERM", passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 130));
    });
  } finally {
    process.off("SIGINT", ignore);
    process.off("SIGTERM", passOn);
  }
}
