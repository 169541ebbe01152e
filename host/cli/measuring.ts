/** The command that measures. */
import { type Command, InvalidArgumentError } from "commander";
import type { AgentIo } from "../agent/io.ts";
import { EXAMPLES } from "./help.ts";
import { type RuleFlags, ruleOptions, withRules } from "./rule-options.ts";

interface BenchFlags extends RuleFlags {
  readonly rounds: number;
  readonly json?: boolean;
}

const ROUNDS_DEFAULT = 7;
const ROUNDS_MAX = 1_000;

export function addMeasuring(program: Command, io: AgentIo, done: (code: number) => void): void {
  withRules(program.command("bench"))
    .description("Measure what rules cost, on a recording that is repeated from memory.")
    .argument("[capture]", "a recording; without it the bundled one")
    .option("--rounds <count>", "how often each figure is measured", count, ROUNDS_DEFAULT)
    .option("--json", "print JSON")
    .addHelpText("after", `\n${EXAMPLES.bench}`)
    .action(async (capture: string | undefined, flags: BenchFlags) => {
      const { bench } = await import("../agent/bench.ts");
      const { rounds, json = false } = flags;
      const chosen = capture === undefined ? {} : { capture };
      done(await bench({ ...ruleOptions(flags), ...chosen, rounds, json }, io));
    });
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= ROUNDS_MAX) return value;
  throw new InvalidArgumentError(`a number from 1 to ${String(ROUNDS_MAX)}`);
}
