/**
 * The commands and their options. What a command does is imported only when it runs, so that
 * `lanner --help` is quick and `lanner run` loads nothing that only others need.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { AgentError, type AgentIo, EXIT, failureLine } from "../agent/io.ts";
import { PACKAGE_FILE } from "../agent/paths.ts";
import { addAuthoring } from "./authoring.ts";
import { EXAMPLES, EXIT_CODES } from "./help.ts";
import { addMeasuring } from "./measuring.ts";
import { addRecordings } from "./recordings.ts";
import { type RuleFlags, ruleOptions, withRules, withSettings } from "./rule-options.ts";

/** Runs one command line. Returns the exit code; nothing is thrown for a mistake of the user. */
export async function runCli(args: readonly string[], io: AgentIo): Promise<number> {
  const outcome = { code: EXIT.fine as number };
  const program = createProgram(io, (code) => {
    outcome.code = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return outcome.code;
  } catch (error) {
    return failed(error, io);
  }
}

function failed(error: unknown, io: AgentIo): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  if (error instanceof AgentError) {
    io.err.write(failureLine(error.message));
    return error.exitCode;
  }
  const named = error instanceof Error && error.name !== "Error" && !isProgrammingError(error);
  const text = error instanceof Error ? (named ? error.message : error.stack) : String(error);
  io.err.write(failureLine(text ?? ""));
  return EXIT.usage;
}

/** A mistake of ours: its stack is what a report needs. */
function isProgrammingError(error: Error): boolean {
  return error instanceof TypeError || error instanceof ReferenceError;
}

function createProgram(io: AgentIo, done: (code: number) => void): Command {
  const program = new Command("lanner")
    .description("Watches the system calls of a Linux host and prints alerts of Falco rules.")
    .version(version(), "--version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .enablePositionalOptions()
    .showHelpAfterError("(add --help for what there is)")
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
    })
    .exitOverride()
    .addHelpText("after", `\n${EXAMPLES.lanner}\n\n${EXIT_CODES}`);
  addLive(program, io, done);
  addRecordings(program, io, done);
  addChecks(program, io, done);
  addConfig(program, io, done);
  addAuthoring(program, io, done);
  addMeasuring(program, io, done);
  addAbout(program, io, done);
  return program;
}

function addLive(program: Command, io: AgentIo, done: (code: number) => void): void {
  withRules(program.command("run"))
    .description("Watch the host and print alerts until stopped.")
    .addOption(
      new Option(
        "--scope <scope>",
        "what to capture: host, tgid:N, tree:PID or cgroup:PATH",
      ).default("host"),
    )
    .option("-w, --write <file>", "also record the events to a .scap file (.gz: compressed)")
    .addHelpText("after", `\n${EXAMPLES.run}`)
    .action(async (flags: RunFlags) => {
      const { run } = await import("../agent/run.ts");
      done(await run({ ...ruleOptions(flags), scope: flags.scope, ...written(flags) }, io));
    });
  withRules(program.command("watch"))
    .description("Run a command and watch only it and what it starts.")
    .option("--fail-on <priority>", "exit with 1 when an alert of this priority or above was seen")
    .option("--wait", "wait until all processes that the command started have ended")
    .option("-w, --write <file>", "also record the events to a .scap file (.gz: compressed)")
    .argument("<command...>", "the command, after --")
    .passThroughOptions()
    .addHelpText("after", `\n${EXAMPLES.watch}`)
    .action(async (command: readonly string[], flags: WatchFlags) => {
      const { watch } = await import("../agent/watch.ts");
      const failOn = flags.failOn === undefined ? {} : { failOn: flags.failOn };
      const own = { command, wait: flags.wait === true, ...failOn, ...written(flags) };
      done(await watch({ ...ruleOptions(flags), ...own }, io));
    });
}

function addChecks(program: Command, io: AgentIo, done: (code: number) => void): void {
  program
    .command("check")
    .description("Check rule files without running them.")
    .argument("<rules...>", "rule files or folders")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", `\n${EXAMPLES.check}`)
    .action(async (rules: readonly string[], flags: { readonly json?: boolean }) => {
      const { check } = await import("../agent/check.ts");
      done(check({ rules, json: flags.json === true }, io));
    });
}

function addConfig(program: Command, io: AgentIo, done: (code: number) => void): void {
  withSettings(program.command("config"))
    .description("Check a configuration and its rules; print what is set, and where.")
    .option("--all", "print every key, including those with default values")
    .option("--json", "print JSON")
    .addHelpText("after", `\n${EXAMPLES.config}`)
    .action(async (flags: RuleFlags & { readonly all?: boolean; readonly json?: boolean }) => {
      const { config } = await import("../agent/config.ts");
      const { all = false, json = false } = flags;
      done(config({ ...ruleOptions(flags), all, json }, io));
    });
}

function addAbout(program: Command, io: AgentIo, done: (code: number) => void): void {
  program
    .command("doctor")
    .description("Check what works on this machine, and what is missing.")
    .option("--json", "print JSON")
    .action(async (flags: { readonly json?: boolean }) => {
      const { doctor } = await import("../agent/doctor.ts");
      done(await doctor({ json: flags.json === true }, io));
    });
}

interface RunFlags extends RuleFlags {
  readonly scope: string;
  readonly write?: string;
}

interface WatchFlags extends RuleFlags {
  readonly failOn?: string;
  readonly wait?: boolean;
  readonly write?: string;
}

function written(flags: { readonly write?: string }): { readonly write?: string } {
  return flags.write === undefined ? {} : { write: flags.write };
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(PACKAGE_FILE, "utf8")) as { version: string };
  return text;
}
