/** The command that measures. */
import { type Command, InvalidArgumentError } from "commander";
import type { BenchOptions } from "../agent/bench.ts";
import type { AgentIo } from "../agent/io.ts";
import { EXAMPLES } from "./help.ts";
import { collect } from "./options.ts";
import { type RuleFlags, ruleOptions, withRules } from "./rule-options.ts";

interface BenchFlags extends RuleFlags {
  readonly compare?: readonly string[];
  readonly compareProfile?: string;
  readonly writeProfile?: string;
  readonly budget?: number;
  readonly rounds: number;
  readonly brief?: boolean;
  readonly scale?: number;
  readonly plots?: string;
  readonly json?: boolean;
}

const ROUNDS_DEFAULT = 7;
const ROUNDS_MAX = 1_000;
/** Compiling more takes longer than anybody waits. */
const SCALE_MAX = 50_000;

export function addMeasuring(program: Command, io: AgentIo, done: (code: number) => void): void {
  withRules(program.command("bench"))
    .description("Measure what rules cost, on a recording that is repeated from memory.")
    .argument("[capture]", "a recording; without it the bundled one")
    .option("--compare <path>", "measure these rules too, in turn; may be repeated", collect)
    .option("--compare-profile <file>", "measure these rules ordered by this profile too, in turn")
    .option("--write-profile <file>", "write what conditions answered and cost, for --profile")
    .option("--budget <ns>", "exit with 1 when an event costs more than this", nanoseconds)
    .option("--brief", "only events per second and the parts of an event's cost")
    .option("--rounds <count>", "how often each figure is measured", count, ROUNDS_DEFAULT)
    .option("--scale <rules>", "also up to so many rules of these shapes, and 100 packs", ruleCount)
    .option("--plots <folder>", "write plots (SVG) there, and the figures in each (JSON)")
    .option("--json", "print JSON")
    .addHelpText("after", `\n${EXAMPLES.bench}`)
    .action(async (capture: string | undefined, flags: BenchFlags) => {
      const { bench } = await import("../agent/bench.ts");
      done(
        await bench({ ...benchOptions(flags), ...(capture === undefined ? {} : { capture }) }, io),
      );
    });
}

function benchOptions(flags: BenchFlags): BenchOptions {
  const { compare = [], budget, plots, scale, rounds, brief = false, json = false } = flags;
  const { compareProfile, writeProfile } = flags;
  return {
    ...ruleOptions(flags),
    ...(compareProfile === undefined ? {} : { compareProfile }),
    ...(writeProfile === undefined ? {} : { writeProfile }),
    ...(budget === undefined ? {} : { budget }),
    ...(scale === undefined ? {} : { scale }),
    ...(plots === undefined ? {} : { plots }),
    compare,
    rounds,
    brief,
    json,
  };
}

function nanoseconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("a number of nanoseconds");
}

function count(text: string): number {
  return wholeNumber(text, ROUNDS_MAX);
}

function ruleCount(text: string): number {
  return wholeNumber(text, SCALE_MAX);
}

function wholeNumber(text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  throw new InvalidArgumentError(`a number from 1 to ${String(most)}`);
}
