/** Measures what state and rules cost per event, on a recording that is repeated from memory. */
import { basename } from "node:path";
import { BenchSession } from "../bench/bench-session.ts";
import { InstrumentedPack } from "../bench/instrumented-pack.ts";
import { type Latency, measureLatency } from "../bench/latency.ts";
import { describeMachine } from "../bench/machine.ts";
import { withoutOutput } from "../bench/pack-variant.ts";
import { makeProbes } from "../bench/probe.ts";
import { rateOf } from "../bench/rate.ts";
import type { BenchReport } from "../bench/report.ts";
import { reportText } from "../bench/report-text.ts";
import { measureRuleCosts, type RuleCosts } from "../bench/rule-costs.ts";
import { type RuleSet, splitFigures, splitVariants } from "../bench/split.ts";
import { survey } from "../bench/survey.ts";
import { measureThroughput } from "../bench/throughput.ts";
import { readWorkload, type Workload } from "../bench/workload.ts";
import { openCapture } from "../replay/reader.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { Notices } from "./notices.ts";
import { DEMO_FILE } from "./paths.ts";
import { instrumentedPack, type Prepared, prepare, type RuleOptions } from "./prepare.ts";
import { writeProfile } from "./profile-file.ts";
import { readSettings } from "./settings.ts";

export interface BenchOptions extends RuleOptions {
  /** A recording; without it the bundled one. */
  readonly capture?: string;
  /** Rule files and folders to compare with. */
  readonly compare: readonly string[];
  /** A profile that orders what is compared with; without `compare` the same rules. */
  readonly compareProfile?: string;
  /** Write a profile of the rules on the recording to this file. */
  readonly writeProfile?: string;
  /** End with 1 when an event costs more than so many ns. */
  readonly budget?: number;
  /** How often each variant is measured. */
  readonly rounds: number;
  /** Leave out what each rule and predicate costs, and single events. */
  readonly brief: boolean;
  readonly json: boolean;
  /** Also measure up to so many rules made of these, and up to 100 packs. */
  readonly scale?: number;
  /** A folder for plots and the figures in them. */
  readonly plots?: string;
}

interface Measured extends RuleSet {
  readonly options: RuleOptions;
  readonly prepared: Prepared;
}

/** Alerts become text and go nowhere. */
const NOWHERE = { write: () => true };

/** Returns the exit code. Throws AgentError. */
export async function bench(options: BenchOptions, io: AgentIo): Promise<number> {
  const workload = await load(options.capture ?? DEMO_FILE);
  const first = await ruleSet(options, io);
  const other = compared(options);
  const sets = other === undefined ? [first] : [first, await ruleSet(other, io)];
  const around = { workload, options, io };
  const measured = await measure(sets, around);
  if (options.writeProfile !== undefined) await profile(options.writeProfile, first, around);
  const report = { ...measured, ...(await scaled(first, around)) };
  if (options.plots !== undefined) {
    const { plotsOf, writePlots } = await import("./bench-files.ts");
    await writePlots(options.plots, plotsOf(report));
  }
  io.out.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return withinBudget(report, options, io) ? EXIT.fine : EXIT.findings;
}

/** What to compare with, if anything. */
function compared(options: BenchOptions): RuleOptions | undefined {
  const { compare, compareProfile } = options;
  if (compare.length === 0 && compareProfile === undefined) return undefined;
  return {
    ...options,
    ...(compare.length === 0 ? {} : { rules: compare }),
    ...(compareProfile === undefined ? {} : { profile: compareProfile }),
  };
}

async function load(file: string): Promise<Workload> {
  try {
    return await readWorkload(openCapture(file));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError(EXIT.usage, `cannot measure with ${file}: ${reason}`, { cause });
  }
}

async function ruleSet(options: RuleOptions, io: AgentIo): Promise<Measured> {
  const prepared = await prepare(options, { ...io, out: NOWHERE });
  const { packs, printer } = prepared;
  return {
    name: setName(options),
    packs: packs.map(({ bytes }) => bytes),
    onMatch: (match) => {
      printer.print(match);
    },
    options,
    prepared,
  };
}

function setName({ rules, profile }: RuleOptions): string {
  const name = rules.length > 0 ? rules.map((file) => basename(file)).join(" + ") : "rules";
  return profile === undefined ? name : `${name} with ${basename(profile)}`;
}

interface Around {
  readonly workload: Workload;
  readonly options: BenchOptions;
  readonly io: AgentIo;
}

async function measure(
  sets: readonly Measured[],
  { workload, options, io }: Around,
): Promise<BenchReport> {
  const [first] = sets;
  if (first === undefined) throw new RangeError("nothing to measure");
  const session = first.prepared.engine;
  const { rounds, brief } = options;
  const notices = new Notices(io.err);
  notices.say(`measuring ${String(workload.times.length)} events`);
  const variants = splitVariants(sets, await makeProbes());
  const samples = await measureThroughput(variants, { workload, session, rounds });
  const { stateAlone, sets: splits } = splitFigures(sets, samples);
  if (!brief) notices.say("measuring each rule and predicate");
  return {
    date: new Date().toISOString(),
    machine: describeMachine(),
    capture: {
      file: options.capture ?? "the bundled recording",
      events: workload.times.length,
      left: workload.left,
    },
    state: { eventsPerSecond: rateOf(stateAlone), nsPerEvent: stateAlone },
    sets: sets.flatMap(({ name, prepared }) => {
      const split = splits.get(name);
      if (split === undefined) return [];
      const rules = prepared.packs.reduce((sum, { manifest }) => sum + manifest.rules.length, 0);
      return [{ name, rules, eventsPerSecond: rateOf(split.total), nsPerEvent: split }];
    }),
    ...(brief ? {} : { costs: await ruleCosts(first, { workload, options, io }) }),
    latency: brief ? [] : latencies(first, workload),
  };
}

async function scaled(
  { prepared, options: rules }: Measured,
  { workload, options, io }: Around,
): Promise<Pick<BenchReport, "scale">> {
  if (options.scale === undefined) return {};
  const { scale } = await import("./bench-scale.ts");
  const { rules: files } = readSettings(rules, io, new Notices(io.err));
  const request = { files, prepared, workload, rounds: options.rounds, rulesMax: options.scale };
  return { scale: await scale(request, io) };
}

function ignore(): void {
  return;
}

async function ruleCosts(
  { prepared, options: rules }: Measured,
  { workload, options, io }: Around,
): Promise<RuleCosts> {
  const counting = withoutOutput(await instrumentedPack({ ...rules, instrument: "costs" }, io));
  const plain = prepared.packs.map(({ bytes }) => withoutOutput(bytes));
  const engine = { ...prepared.engine, onMatch: ignore };
  const session = new BenchSession(workload, { ...engine, packs: [counting] });
  const production = new BenchSession(workload, { ...engine, packs: plain });
  try {
    const memory = session.packMemory(0);
    if (memory === undefined) throw new AgentError(EXIT.usage, "the rules were switched off");
    return measureRuleCosts({
      session,
      production,
      pack: new InstrumentedPack(counting, memory),
      rules: prepared.packs.flatMap(({ manifest }) => manifest.rules),
      rounds: options.rounds,
    });
  } finally {
    session.close();
    production.close();
  }
}

/** Surveys the workload and writes what was found. */
async function profile(
  file: string,
  { prepared, options: rules }: Measured,
  { workload, options, io }: Around,
): Promise<void> {
  const surveying = await instrumentedPack({ ...rules, instrument: "survey" }, io);
  const notices = new Notices(io.err);
  notices.say("surveying what conditions answer");
  const engine = { ...prepared.engine, onMatch: ignore };
  const session = new BenchSession(workload, { ...engine, packs: [surveying] });
  try {
    const memory = session.packMemory(0);
    if (memory === undefined) throw new AgentError(EXIT.usage, "the rules were switched off");
    const capture = basename(options.capture ?? "the bundled recording");
    const found = survey({
      session,
      pack: new InstrumentedPack(surveying, memory),
      rounds: options.rounds,
      source: `${capture}, ${String(workload.times.length)} events`,
    });
    writeProfile(file, found);
    notices.say(`wrote ${file}: ${String(found.nodes.size)} conditions`);
  } finally {
    session.close();
  }
}

function latencies(set: Measured, workload: Workload): readonly Latency[] {
  const { engine } = set.prepared;
  const variants = [
    { name: "state alone", packs: [], onMatch: ignore },
    { name: "with rules and alerts", packs: set.packs, onMatch: set.onMatch },
  ];
  return variants.map(({ name, packs, onMatch }) => {
    const session = new BenchSession(workload, { ...engine, packs, onMatch });
    try {
      return measureLatency(name, session);
    } finally {
      session.close();
    }
  });
}

/** The best run counts: an interrupted one must not fail a pipeline. */
function withinBudget(
  { sets: [first] }: BenchReport,
  { budget }: BenchOptions,
  io: AgentIo,
): boolean {
  const best = first?.nsPerEvent.total.best ?? Number.NaN;
  if (budget === undefined || best <= budget) return true;
  const words = `an event costs ${best.toFixed(1)} ns, more than the ${String(budget)} ns allowed`;
  io.err.write(`lanner: ${words}\n`);
  return false;
}
