/**
 * From system call to alert: with nothing else to do, beside a paced load, and for control from the
 * program straight to the reader, which is what the machine alone makes of it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { interleave } from "../../host/bench/interleave.ts";
import { rulesOrDefault } from "../report/files.ts";
import { cost, type Measured, section } from "../report/section.ts";
import { Arrivals, type Latencies, latencies, MARKER_RULE, quantileMs } from "./markers.ts";
import type { Work } from "./observed.ts";
import { paceOf, runAlone, runCaptured } from "./pair.ts";
import type { Part, Plan } from "./plan.ts";

/** Long enough for the engine to have gone to sleep in between. */
const EVERY_MS = 25;
const SECONDS_FACTOR = 2;
const LOADED_RATE = 200_000;

interface Scenario {
  readonly name: string;
  readonly work: Work["work"];
  readonly rate: number;
  /** Lanner has no part in it. */
  readonly isControl: boolean;
}

const IDLE: Scenario = { name: "idle", work: "idle", rate: 0, isControl: false };
const CONTROL: Scenario = { name: "control", work: "idle", rate: 0, isControl: true };
const LOADED: Scenario = {
  name: `beside ${LOADED_RATE.toLocaleString("en")}/s`,
  work: "open",
  rate: LOADED_RATE,
  isControl: false,
};

export async function measureLatency(plan: Plan): Promise<Part> {
  const { rounds, setting, isShort, tell } = plan;
  const folder = mkdtempSync(path.join(tmpdir(), "lanner-bench-markers-"));
  // Compiled rules are kept by what is in them, so the name of the folder costs nothing.
  const markerRule = path.join(folder, "marker.yaml");
  writeFileSync(markerRule, MARKER_RULE);
  const rules = [...rulesOrDefault(plan.rules), markerRule];
  const seconds = plan.seconds * (isShort ? 1 : SECONDS_FACTOR);
  const measure = async ({ name, work, rate, isControl }: Scenario): Promise<Latencies> => {
    tell(`latency, ${name}`);
    const arrivals = new Arrivals();
    const read = (text: string, ns: number): void => {
      arrivals.read(text, ns);
    };
    const markers = { folder, everyMs: EVERY_MS, ...(isControl ? { onPrinted: read } : {}) };
    const pace = await paceOf(rate, work, rules);
    const marked = { work, pace, seconds, markers };
    const opened = isControl
      ? await runAlone(marked)
      : (await runCaptured(marked, rules, read)).captured;
    return latencies(opened.markers, arrivals);
  };
  try {
    const scenarios = isShort ? [IDLE, CONTROL] : [IDLE, LOADED, CONTROL];
    const found = await interleave(scenarios, measure, { rounds, warmUps: 0 });
    return {
      section: section(
        "live: latency",
        setting,
        [...found].flatMap(([scenario, runs]) => figuresOf(scenario, runs)),
      ),
      details: [...found].map(([{ name }, runs]) => ({ name, runs })),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf({ name, isControl }: Scenario, runs: readonly Latencies[]): readonly Measured[] {
  const at = (share: number): readonly number[] => runs.map((run) => quantileMs(run, share));
  const what = isControl ? "program to reader" : "system call to alert";
  const missing = runs.map((run) => run.missing);
  return [
    cost(`${name}: ${what}, p50`, "ms", at(0.5)),
    cost(`${name}: ${what}, p99`, "ms", at(0.99)),
    cost(`${name}: ${what}, slowest`, "ms", at(1)),
    ...(isControl ? [] : [cost(`${name}: without alert`, "system calls", missing)]),
  ];
}
