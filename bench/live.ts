/**
 * The live benchmark: what capture costs the observed program, the kernel and user space at several
 * paces and in several workloads, the highest rate without loss, and latency to the alert.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { measureLatency } from "./live/latency.ts";
import { measureLimit } from "./live/limit.ts";
import { buildLoop, type Work } from "./live/observed.ts";
import type { Part, Plan } from "./live/plan.ts";
import {
  measureRates,
  measureScenarios,
  measureWorkloads,
  rateScenario,
} from "./live/scenarios.ts";
import { nameOfRules } from "./report/files.ts";
import { BASELINE_OPTIONS, finish } from "./report/finish.ts";

const PARTS = {
  rates: measureRates,
  workloads: measureWorkloads,
  limit: measureLimit,
  latency: measureLatency,
} as const;
type PartName = keyof typeof PARTS;

/** Of the short set: looking for the limit takes too long. */
const SHORT_PARTS: readonly PartName[] = ["rates", "workloads", "latency"];

type Values = ReturnType<typeof readArguments>;

function readArguments() {
  const none: string[] = [];
  const { values } = parseArgs({
    options: {
      ...BASELINE_OPTIONS,
      rules: { type: "string", short: "r", multiple: true, default: none },
      rounds: { type: "string" },
      seconds: { type: "string" },
      short: { type: "boolean", default: false },
      part: { type: "string", multiple: true, default: none },
      workload: { type: "string" },
      rate: { type: "string" },
      plots: { type: "string" },
    },
  });
  return values;
}

async function main(): Promise<void> {
  const values = readArguments();
  const rules = values.rules.map((file) => path.resolve(file));
  const plan: Plan = {
    rules,
    setting: nameOfRules(rules),
    rounds: Number(values.rounds ?? (values.short ? 2 : 5)),
    seconds: Number(values.seconds ?? (values.short ? 1 : 4)),
    isShort: values.short,
    tell: (progress) => process.stderr.write(`${progress}\n`),
  };
  buildLoop();
  const parts = await measure(plan, values);
  finish(
    "live",
    parts.map(({ section }) => section),
    values,
    { details: parts.map(({ details }) => details) },
  );
  if (values.plots === undefined) return;
  const { writePlots } = await import("./live/plots.ts");
  await writePlots(values.plots, parts);
}

async function measure(
  plan: Plan,
  { part, workload, rate, short }: Values,
): Promise<readonly Part[]> {
  if (workload !== undefined || rate !== undefined) {
    const scenario = rateScenario(Number(rate ?? 0), (workload ?? "open") as Work["work"]);
    return [await measureScenarios("live: one", [scenario], plan)];
  }
  const all = Object.keys(PARTS) as PartName[];
  const wanted = part.length > 0 ? all.filter((name) => part.includes(name)) : undefined;
  const parts: Part[] = [];
  for (const name of wanted ?? (short ? SHORT_PARTS : all)) parts.push(await PARTS[name](plan));
  return parts;
}

await main();
