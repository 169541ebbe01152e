/** The commands that make recordings and look at them. */
import type { Command } from "commander";
import type { AgentIo } from "../agent/io.ts";
import type { RecordOptions } from "../agent/record.ts";
import type { ReplayOptions } from "../agent/replay.ts";
import { EXAMPLES } from "./help.ts";
import { type RuleFlags, ruleOptions, withRules } from "./rule-options.ts";

type RecordFlags = Omit<RecordOptions, "command">;
type ReplayFlags = RuleFlags & Pick<ReplayOptions, "filter" | "from" | "to" | "lenient">;

export function addRecordings(program: Command, io: AgentIo, done: (code: number) => void): void {
  program
    .command("record")
    .description("Record the events of a command, or of a scope, to .scap files.")
    .requiredOption("-w, --write <file>", "the file to write (.gz: compressed)")
    .option("--scope <scope>", "instead of a command: host, tgid:N, tree:PID or cgroup:PATH")
    .option("--snaplen <bytes>", "bytes of data kept of each event (default: 80)")
    .option("--rotate-size <size>", "start a new, numbered file at this size: 100M")
    .option("--rotate-time <time>", "start a new, numbered file after this time: 10m")
    .option("--wait", "wait until all processes that the command started have ended")
    .option(
      "--old-readers",
      "leave out events that sysdig 0.29 and other readers of its time cannot list",
    )
    .argument("[command...]", "the command, after --")
    .passThroughOptions()
    .addHelpText("after", `\n${EXAMPLES.record}`)
    .action(async (command: readonly string[], flags: RecordFlags) => {
      const { record } = await import("../agent/record.ts");
      done(await record({ ...flags, command }, io));
    });
  withRules(program.command("replay"))
    .description("Evaluate the events of .scap recordings, or print those that a filter selects.")
    .argument("<file...>", "recordings of Lanner, Falco or sysdig; - reads standard input")
    .option("--filter <condition>", "print the events that match, one per line")
    .option("--from <moment>", "start here: seconds from the start, time, or date and time")
    .option("--to <moment>", "end here, in the same forms")
    .option("--lenient", "skip and count damaged blocks")
    .addHelpText("after", `\n${EXAMPLES.replay}`)
    .action(async (files: readonly string[], flags: ReplayFlags) => {
      const { replay } = await import("../agent/replay.ts");
      done(await replay({ ...replayOptions(flags), files }, io));
    });
  program
    .command("inspect")
    .description("Show what a .scap recording contains.")
    .argument("<file>", "a recording; - reads standard input")
    .option("--json", "print JSON")
    .addHelpText("after", `\n${EXAMPLES.inspect}`)
    .action(async (file: string, flags: { readonly json?: boolean }) => {
      const { inspect } = await import("../agent/inspect.ts");
      done(await inspect({ file, json: flags.json === true }, io));
    });
}

function replayOptions(flags: ReplayFlags): Omit<ReplayOptions, "files"> {
  const { filter, from, to, lenient = false } = flags;
  return {
    ...ruleOptions(flags),
    ...(filter === undefined ? {} : { filter }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    lenient,
  };
}
