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
    .description("Measure what rules cost, replaying a recording from memory.")
    .argument("[capture]", "a recording; without it the bundled one")
    .option("--compare <path>", "also measure these rules, interleaved; may be repeated", collect)
    .option(
      "--compare-profile <file>",
      "also measure the rules ordered by this profile, interleaved",
    )
    .option(
      "--write-profile <file>",
      "write a profile of the conditions' results and costs, for --profile",
    )
    .option("--budget <ns>", "exit with 1 when an event costs more than this", nanoseconds)
    .option("--brief", "print only events per second and the cost per event by part")
    .option("--rounds <count>", "measurements per figure", count, ROUNDS_DEFAULT)
    .option(
      "--scale <rules>",
      "also measure up to this many rules of these shapes, and 100 packs",
      ruleCount,
    )
    .option("--plots <folder>", "write plots (SVG) and their figures (JSON) to this folder")
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
