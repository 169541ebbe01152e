/** The commands that help who writes rules. */
import { type Command, Option } from "commander";
import type { AgentIo } from "../agent/io.ts";
import { EXAMPLES } from "./help.ts";
import { collect } from "./options.ts";

const LISTS = ["fields", "operators", "events", "syscalls", "config"] as const;
const LIST_FORMATS = ["text", "json", "markdown"] as const;

interface ListFlags {
  readonly format: (typeof LIST_FORMATS)[number];
  readonly json?: boolean;
}

interface AuthorFlags {
  readonly rules?: readonly string[];
  readonly rule?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

interface TestFlags {
  readonly tests?: string;
  readonly json?: boolean;
}

export function addAuthoring(program: Command, io: AgentIo, done: (code: number) => void): void {
  program
    .command("explain")
    .description("Explain how a rule is evaluated, and what it costs.")
    .argument("<rule>", "the rule's name")
    .option("-r, --rules <path>", "rule file or folder; may be repeated", collect)
    .option("--profile <file>", "order conditions by this profile (lanner bench --write-profile)")
    .option("--json", "print JSON")
    .addHelpText("after", `\n${EXAMPLES.explain}`)
    .action(async (rule: string, flags: AuthorFlags) => {
      const { explain } = await import("../agent/explain.ts");
      const profile = flags.profile === undefined ? {} : { profile: flags.profile };
      const json = flags.json === true;
      done(explain({ rule, rules: flags.rules ?? [], json, ...profile }, io));
    });
  program
    .command("describe")
    .description("Print rules, macros and lists as JSON, as falco -L does.")
    .option("-r, --rules <path>", "rule file or folder; may be repeated", collect)
    .option("-l, --rule <name>", "only this rule")
    .addHelpText("after", `\n${EXAMPLES.describe}`)
    .action(async (flags: AuthorFlags) => {
      const { describe } = await import("../agent/describe.ts");
      const only = flags.rule === undefined ? {} : { rule: flags.rule };
      done(describe({ rules: flags.rules ?? [], ...only }, io));
    });
  program
    .command("test")
    .description("Run the offline tests of rules on described events, without kernel or root.")
    .argument("<rules...>", "rule files or folders")
    .option(
      "--tests <file>",
      "tests file (default: tests/offline.yaml or NAME.tests.yaml beside the rules)",
    )
    .option("--json", "print JSON")
    .addHelpText("after", `\n${EXAMPLES.test}`)
    .action(async (rules: readonly string[], flags: TestFlags) => {
      const { test } = await import("../agent/test-run.ts");
      const tests = flags.tests === undefined ? {} : { tests: flags.tests };
      done(await test({ rules, json: flags.json === true, ...tests }, io));
    });
  program
    .command("list")
    .description("List fields, operators, events, system calls or configuration keys.")
    .addArgument(program.createArgument("<what>", "what to list").choices(LISTS))
    .argument("[filter]", "only what has this in its name")
    .addOption(
      new Option("--format <format>", "how to print it").choices(LIST_FORMATS).default("text"),
    )
    .option("--json", "the same as --format json")
    .addHelpText("after", `\n${EXAMPLES.list}`)
    .action(async (what: (typeof LISTS)[number], filter: string | undefined, flags: ListFlags) => {
      const { list } = await import("../agent/list.ts");
      const format = flags.json === true ? "json" : flags.format;
      done(list({ what, format, ...(filter === undefined ? {} : { filter }) }, io));
    });
}
