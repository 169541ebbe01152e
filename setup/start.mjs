/**
 * npm start: sets up, then `lanner run` in this same process, so that signals reach the agent.
 * Where live capture is not possible, no arguments were given and the output is a terminal, a
 * recorded demonstration is replayed.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { at } from "./paths.mjs";
import { say } from "./report.mjs";
import { setUp } from "./setup.mjs";

const DEMO = at("rules", "demo", "demo.scap.gz");

/** Empty when this process can capture. */
function whyNotLive() {
  if (!existsSync(at("build", "lanner.node"))) return "the addon could not be built";
  const features = createRequire(import.meta.url)(at("build", "lanner.node")).probe();
  if (!features.capture) return "the addon was built without libbpf";
  if (!existsSync(at("build", "capture.bpf.o"))) return "the capture programs could not be built";
  if (!features.btf) return `the kernel ${features.release} has no BTF (CONFIG_DEBUG_INFO_BTF=y)`;
  const missing = features.programs.find(
    ({ name, available }) => !available && (name === "tp_btf" || name === "ringbuf"),
  );
  if (missing === undefined) return "";
  if (!features.root) return "this needs root, or CAP_BPF and CAP_PERFMON";
  return `the kernel refuses ${missing.name}: ${missing.reason}`;
}

function commandLine(args) {
  const problem = args.length === 0 ? whyNotLive() : "";
  // Without a terminal somebody may act on the alerts: `run` then fails with what is missing.
  const isTerminal = process.stdout.isTTY && process.stderr.isTTY;
  if (problem === "" || !existsSync(DEMO) || !isTerminal) return ["run", ...args];
  say(`Live capture is not possible: ${problem}.`);
  say("Instead, these are the alerts of a recorded demonstration:\n");
  return ["replay", DEMO];
}

await setUp();
process.argv.splice(1, Infinity, at("setup", "lanner.mjs"), ...commandLine(process.argv.slice(2)));
await import("../dist/cli/main.js");
