/** Runs a command and watches only it and what it starts. */
import { parsePriority } from "../config/keys.ts";
import { PRIORITIES, type Priority } from "../schema/manifest.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { captureProblem, LiveWatch, type LiveWatchOptions } from "./live.ts";
import { endText, PausedCommand } from "./paused-command.ts";
import { type Prepared, prepare, type RuleOptions, writeStatistics } from "./prepare.ts";
import { until } from "./run.ts";

export interface WatchOptions extends RuleOptions {
  readonly command: readonly string[];
  /** Exit with 1 when an alert of this priority or above was seen. */
  readonly failOn?: string;
  /** Record to this file as well. */
  readonly write?: string;
}

/** Returns 1 for a finding, else 0, whatever the command's own status was: that is printed. */
export async function watch(options: WatchOptions, io: AgentIo): Promise<number> {
  const failOn = readFailOn(options.failOn);
  const prepared = await prepare(options, io);
  const syscalls = prepared.packs.flatMap((pack) => pack.manifest.syscalls);
  const write = options.write === undefined ? {} : { write: options.write };
  const live = { command: options.command, syscalls, ...write };
  const { summary, report } = await watchCommand(prepared, live, io);
  prepared.notices.lines(summary);
  writeStatistics(options, report);
  const found = failOn !== undefined && prepared.printer.statistics.atLeast(failOn) > 0;
  return found ? EXIT.findings : EXIT.fine;
}

interface WatchedCommand {
  readonly summary: readonly string[];
  readonly report: object;
  /** The part of the summary that tells what was lost. */
  readonly losses: readonly string[];
  /** What was recorded. */
  readonly files: readonly string[];
  /** Events that the recording lacks. */
  readonly unrecorded: number;
}

/**
 * Watches a command from its first system call to its end. Returns the closing words and counts.
 */
export async function watchCommand(
  prepared: Prepared,
  options: Pick<LiveWatchOptions, "syscalls" | "write" | "rotation" | "filter"> & {
    readonly command: readonly string[];
  },
  io: AgentIo,
): Promise<WatchedCommand> {
  const { command: words, ...live } = options;
  const command = new PausedCommand(words);
  const ending = until(io);
  try {
    const scope = { kind: "tree", root: command.pid } as const;
    const watch = await LiveWatch.start(prepared, { ...live, scope, onGivenUp: ending.fail });
    command.release();
    const first = await Promise.race([command.ended, ending.ended.then((fault) => ({ fault }))]);
    if ("fault" in first) command.stop();
    const end = await command.ended;
    await watch.stop();
    if ("fault" in first && first.fault !== undefined) throw first.fault;
    const seen = `${String(watch.events)} events seen; ${endText(end)}`;
    return {
      summary: [...watch.summary(), seen],
      report: watch.report(),
      losses: watch.losses(),
      files: watch.files,
      unrecorded: watch.unrecorded,
    };
  } catch (error) {
    command.stop();
    throw captureProblem(error) ?? error;
  } finally {
    ending.forget();
  }
}

function readFailOn(text: string | undefined): Priority | undefined {
  if (text === undefined) return undefined;
  const priority = parsePriority(text);
  if (priority !== undefined) return priority;
  const known = PRIORITIES.join(", ").toLowerCase();
  throw new AgentError(EXIT.usage, `--fail-on ${text}: there is no such priority; use ${known}`);
}
