/**
 * The build steps. Each names its inputs and outputs, runs only when the inputs changed, and says
 * what is lost when it cannot run.
 */
import { accessSync, constants, existsSync, mkdirSync, rmSync } from "node:fs";
import { CommandError, findCommand, run } from "./command.mjs";
import { CLANG_NAMES } from "./machine.mjs";
import { at, packageFolder } from "./paths.mjs";
import { sayStep } from "./report.mjs";
import { digest, filesBelow, isFresh, setStamp } from "./stamp.mjs";
import { provideLibbpf, VENDOR_INPUTS, VENDOR_OUTPUTS } from "./vendor.mjs";

/** A step that cannot run here; the message says what is missing and what does not work without. */
class Skip extends Error {}

/** Not outputs and notes; what a step reads. */
const isSource = (name) => /\.(ts|json|c|h|cc)$|^Makefile$/.test(name);

/** What the steps learn from one another. */
let libbpf = { libbpf: "vendored", reason: "" };

const STEPS = {
  libbpf: {
    inputs: () => VENDOR_INPUTS,
    outputs: VENDOR_OUTPUTS,
    run: async () => {
      libbpf = await provideLibbpf();
      if (libbpf.libbpf === "none") {
        throw new Skip(`no libbpf (${libbpf.reason}): no live capture; replay works`);
      }
      if (libbpf.libbpf === "system") throw new Skip(`using the system's (${libbpf.reason})`);
    },
  },
  capture: {
    inputs: () => filesBelow(at("bpf"), isSource),
    outputs: [at("build", "capture.bpf.o")],
    run: buildCapture,
  },
  addon: {
    inputs: () => [...filesBelow(at("native")).filter(isAddonSource), at("bpf", "control.h")],
    outputs: ["lanner.node", "lanner-hold", "lanner-confine"].map((name) => at("build", name)),
    run: buildAddon,
  },
  engine: {
    inputs: () => [
      ...filesBelow(at("assembly"), isSource),
      at("asconfig.json"),
      at("setup", "inline.mjs"),
      at("setup", "layout.mjs"),
    ],
    outputs: [at("build", "engine.wasm")],
    run: async () => {
      await runPackageTool("assemblyscript", "bin/asc.js", ["--target", "release"]);
      await run(process.execPath, [at("setup", "inline.mjs"), at("build", "engine.wasm")]);
    },
  },
  host: {
    inputs: () => [...filesBelow(at("host"), isSource), at("tsconfig.json")],
    outputs: [at("dist", "cli", "main.js")],
    run: () => runPackageTool("typescript", "bin/tsc", ["-p", "tsconfig.json"]),
    // An installed package brings dist/ and no sources of it.
    applies: () => existsSync(at("host")),
  },
};

function isAddonSource(file) {
  return !file.includes("/vendor/") && (isSource(file) || file.endsWith("Makefile"));
}

async function runPackageTool(name, file, args) {
  await run(process.execPath, [`${packageFolder(name)}/${file}`, ...args]);
}

async function buildCapture() {
  const clang = findCommand(...CLANG_NAMES);
  if (clang === undefined || findCommand("make") === undefined) {
    throw new Skip("no clang or make: no live capture; replay works");
  }
  if (libbpf.libbpf === "none") throw new Skip("no libbpf: no live capture; replay works");
  const vendored = at("native", "vendor", "usr", "include");
  const include = existsSync(vendored) ? [`LIBBPF_INCLUDE=${vendored}`] : [];
  await run("make", ["-C", at("bpf"), `CLANG=${clang}`, ...include]);
}

async function buildAddon() {
  if (findCommand("make") === undefined || findCommand("g++", "c++") === undefined) {
    throw new Skip("no make or C++ compiler: nothing that maps memory works, only checking rules");
  }
  const variant = `CAPTURE=${libbpf.libbpf === "none" ? 0 : 1}`;
  const modules = packageFolder("node-addon-api").replace(/\/node-addon-api$/, "");
  await run("make", ["-C", at("native"), "-j2", variant, `MODULES=${modules}`]);
}

/** The checkout may belong to another user, who built it as root. */
function mayWrite() {
  try {
    for (const folder of ["", "build"]) accessSync(at(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function useAsItIs(name, step) {
  const there = step.outputs.every(existsSync);
  const state = there ? "older than its sources, used as it is" : "not built";
  sayStep(name, `${state}: this user may not write here`, 0);
  return there ? "skipped" : "failed";
}

/** @returns "fresh", "built", "skipped" or "failed" */
async function runStep(name) {
  const step = STEPS[name];
  if (step.applies?.() === false) return "fresh";
  const stamp = digest(step.inputs(), `${process.arch} ${libbpf.libbpf}`);
  if (isFresh(name, stamp, step.outputs)) return "fresh";
  if (!mayWrite()) return useAsItIs(name, step);
  const started = Date.now();
  try {
    await step.run();
    setStamp(name, stamp);
    sayStep(name, "built", started);
    return "built";
  } catch (error) {
    if (error instanceof Skip) {
      sayStep(name, error.message, 0);
      return "skipped";
    }
    if (!(error instanceof CommandError)) throw error;
    sayStep(name, `failed\n${error.message}`, started);
    return "failed";
  }
}

/** Runs steps in order. One that failed does not stop the others: all problems show at once. */
async function runLane(names) {
  const results = [];
  for (const name of names) results.push(await runStep(name));
  return results;
}

/** Two lanes side by side: what needs a C compiler, and what Node alone can do. */
export async function build() {
  if (!existsSync(at("build"))) mkdirSync(at("build"));
  const lanes = await Promise.all([
    runLane(["libbpf", "capture", "addon"]),
    runLane(["engine", "host"]),
  ]);
  const results = lanes.flat();
  return { ok: !results.includes("failed"), complete: !results.includes("skipped") };
}

/** Forgets what was built, so that the next build does everything. */
export function clean() {
  for (const folder of ["build", "dist"]) {
    if (existsSync(at(folder))) rmSync(at(folder), { recursive: true });
  }
}
