/** Runs a command and watches only it and what it starts. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parsePriority } from "../config/keys.ts";
import { printable } from "../diagnostics/printable.ts";
import type { EngineFault } from "../engine/session.ts";
import { PRIORITIES, type Priority } from "../schema/manifest.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { captureProblem, LiveWatch, type LiveWatchOptions } from "./live.ts";
import { endText, exitStatus, PausedCommand } from "./paused-command.ts";
import { type Prepared, prepare, type RuleOptions, writeStatistics } from "./prepare.ts";
import { until } from "./run.ts";

export interface WatchOptions extends RuleOptions {
  readonly command: readonly string[];
  /** Exit with 1 when an alert of this priority or above was seen. */
  readonly failOn?: string;
  /** Record to this file as well. */
  readonly write?: string;
  /** Go on until everything that the command started has ended, too. */
  readonly wait?: boolean;
}

/** Returns 1 for a finding, else the command's own status. */
export async function watch(options: WatchOptions, io: AgentIo): Promise<number> {
  const failOn = readFailOn(options.failOn);
  const prepared = await prepare(options, io);
  const syscalls = prepared.packs.flatMap((pack) => pack.manifest.syscalls);
  const write = options.write === undefined ? {} : { write: options.write };
  const { command, wait = false } = options;
  const live = { command, wait, syscalls, ...write };
  const { summary, report, isIncomplete, status } = await watchCommand(prepared, live, io);
  prepared.notices.lines(summary);
  writeStatistics(options, report);
  const found = failOn !== undefined && prepared.printer.statistics.atLeast(failOn) > 0;
  if (found) return EXIT.findings;
  if (failOn === undefined || !isIncomplete) return status;
  prepared.notices.warn("--fail-on: events or alerts were lost, so a finding may be missing");
  return status === EXIT.fine ? EXIT.incomplete : status;
}

interface WatchedCommand {
  /** Of the command, as a shell reports it. */
  readonly status: number;
  readonly summary: readonly string[];
  readonly report: object;
  /** The part of the summary that tells what was lost. */
  readonly losses: readonly string[];
  /** Events or alerts were lost. */
  readonly isIncomplete: boolean;
  /** What was recorded. */
  readonly files: readonly string[];
  /** Events that the recording lacks. */
  readonly unrecorded: number;
}

export interface CommandOptions
  extends Pick<LiveWatchOptions, "syscalls" | "write" | "rotation" | "filter"> {
  readonly command: readonly string[];
  /** Go on until everything that the command started has ended, too. */
  readonly wait?: boolean;
}

/**
 * Watches a command from its first system call to its end. Returns the closing words and counts.
 */
export async function watchCommand(
  prepared: Prepared,
  options: CommandOptions,
  io: AgentIo,
): Promise<WatchedCommand> {
  const { command: words, wait = false, ...live } = options;
  const command = new PausedCommand(words, io.environment);
  const ending = until(io, { leavesTerminal: () => command.isRunning });
  const stopped = ending.ended.then((fault) => ({ fault }));
  try {
    const scope = { kind: "tree", root: command.pid, waiting: { gate: command.gate } } as const;
    const sendCanary = command.sendCanary.bind(command);
    const around = { sharesTerminal: true, onGivenUp: ending.fail, sendCanary };
    const watch = await LiveWatch.start(prepared, { ...live, ...around, scope });
    command.release();
    const running = command.ended.then(() => (wait ? allEnded(watch, stopped) : null));
    const stop = await Promise.race([running, stopped]);
    if (stop !== null) command.stop();
    const end = await command.ended;
    tellOfRest(watch.members, prepared);
    await watch.stop();
    if (stop?.fault !== undefined) throw stop.fault;
    const seen = `${String(watch.events)} events seen; ${endText(end)}`;
    return {
      status: exitStatus(end),
      summary: [...watch.summary(), seen],
      report: watch.report(),
      losses: watch.losses(),
      isIncomplete: watch.isIncomplete,
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

const LOOK_MS = 100;

interface Stop {
  readonly fault: EngineFault | undefined;
}

/** Null when all have ended, before anybody wanted a stop. */
async function allEnded(watch: LiveWatch, stopped: Promise<Stop>): Promise<Stop | null> {
  while (watch.members.length > 0) {
    const stop = await Promise.race([stopped, sleep(LOOK_MS, null)]);
    if (stop !== null) return stop;
  }
  return null;
}

const NAMED_MAX = 5;

/** Nobody shall take them for watched. */
function tellOfRest(members: readonly number[], { notices }: Prepared): void {
  if (members.length === 0) return;
  const named = members.slice(0, NAMED_MAX).map((pid) => `${String(pid)} ${commOf(pid)}`.trim());
  const more = members.length > NAMED_MAX ? ", …" : "";
  const [subject, goes, is] =
    members.length === 1
      ? ["a process", "goes", "is"]
      : [`${String(members.length)} processes`, "go", "are"];
  notices.warn(
    `${subject} that the command started ${goes} on and ${is} no longer watched ` +
      `(${named.join(", ")}${more}); --wait watches until all have ended`,
  );
}

function commOf(pid: number): string {
  try {
    return printable(readFileSync(`/proc/${String(pid)}/comm`, "utf8").trim());
  } catch {
    return "";
  }
}

function readFailOn(text: string | undefined): Priority | undefined {
  if (text === undefined) return undefined;
  const priority = parsePriority(text);
  if (priority !== undefined) return priority;
  const known = PRIORITIES.join(", ").toLowerCase();
  throw new AgentError(
    EXIT.usage,
    `invalid priority '${printable(text)}' for --fail-on; expected one of ${known}`,
  );
}
