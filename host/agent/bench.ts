/** Measures what state and rules cost per event, on a recording that is repeated from memory. */
import { describeMachine, type Machine } from "../bench/machine.ts";
import { withoutOutput } from "../bench/pack-variant.ts";
import { difference, type Figure, figure } from "../bench/statistics.ts";
import { measureThroughput, type Variant } from "../bench/throughput.ts";
import { readWorkload, type Workload } from "../bench/workload.ts";
import { openCapture } from "../replay/reader.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { DEMO_FILE } from "./paths.ts";
import { type Prepared, prepare, type RuleOptions } from "./prepare.ts";

export interface BenchOptions extends RuleOptions {
  /** A recording; without it the bundled one. */
  readonly capture?: string;
  /** How often each variant is measured. */
  readonly rounds: number;
  readonly json: boolean;
}

/** ns per event. */
interface Costs {
  /** Everything: state, rules, alerts. */
  readonly total: Figure;
  readonly state: Figure;
  readonly rules: Figure;
  readonly alerts: Figure;
}

/** Alerts become text and go nowhere. */
const NOWHERE = { write: () => true };

interface BenchReport {
  readonly date: string;
  readonly machine: Machine;
  readonly capture: { readonly file: string; readonly events: number; readonly left: number };
  readonly rules: number;
  readonly nsPerEvent: Costs;
}

/** Returns the exit code. Throws AgentError. */
export async function bench(options: BenchOptions, io: AgentIo): Promise<number> {
  const file = options.capture ?? DEMO_FILE;
  const workload = await load(file);
  const prepared = await prepare(options, { ...io, out: NOWHERE });
  const nsPerEvent = await measureCosts(prepared, workload, options.rounds);
  const report: BenchReport = {
    date: new Date().toISOString(),
    machine: describeMachine(),
    capture: { file, events: workload.times.length, left: workload.left },
    rules: prepared.packs.reduce((sum, { manifest }) => sum + manifest.rules.length, 0),
    nsPerEvent,
  };
  io.out.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return EXIT.fine;
}

async function load(file: string): Promise<Workload> {
  try {
    return await readWorkload(openCapture(file));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError(EXIT.usage, `cannot measure with ${file}: ${reason}`, { cause });
  }
}

async function measureCosts(
  { packs, engine, printer }: Prepared,
  workload: Workload,
  rounds: number,
): Promise<Costs> {
  const whole = packs.map(({ bytes }) => bytes);
  const variants: readonly Variant[] = [
    { name: "state", packs: [] },
    { name: "rules", packs: whole.map(withoutOutput) },
    {
      name: "alerts",
      packs: whole,
      onMatch: (match) => {
        printer.print(match);
      },
    },
  ];
  const samples = await measureThroughput(variants, { workload, session: engine, rounds });
  const of = (name: string): readonly number[] => samples.get(name) ?? [];
  return {
    total: figure(of("alerts")),
    state: figure(of("state")),
    rules: difference(of("rules"), of("state")),
    alerts: difference(of("alerts"), of("rules")),
  };
}

function reportText({ capture, rules, nsPerEvent }: BenchReport): string {
  const lines = [
    `${capture.file}: ${String(capture.events)} events, ${String(rules)} rules`,
    rateLine("state alone", nsPerEvent.state),
    rateLine("with rules and alerts", nsPerEvent.total),
    "ns per event         median     best   spread",
    ...Object.entries(nsPerEvent).map(([name, cost]) => costLine(name, cost as Figure)),
  ];
  return `${lines.join("\n")}\n`;
}

function rateLine(name: string, { median, best }: Figure): string {
  const rate = (ns: number): string => (1_000 / ns).toFixed(2);
  return `${name}: ${rate(median)} million events/s (best ${rate(best)})`;
}

function costLine(name: string, { median, best, spread }: Figure): string {
  const column = (ns: number): string => ns.toFixed(1).padStart(9);
  return `${name.padEnd(18)}${column(median)}${column(best)}${column(spread)}`;
}
