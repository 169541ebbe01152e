/** Watches the host, or a part of it, until it is told to stop. */
import { existsSync } from "node:fs";
import { parseScope, ScopeError } from "../capture/scope.ts";
import type { EngineFault } from "../engine/session.ts";
import { AgentError, type AgentIo, EXIT, type StopOptions } from "./io.ts";
import { captureProblem, LiveWatch } from "./live.ts";
import { DEMO_FILE } from "./paths.ts";
import { type Prepared, prepare, type RuleOptions, writeStatistics } from "./prepare.ts";

const SCOPE_DEFAULT = "host";

export interface RunOptions extends RuleOptions {
  /** `host`, `tgid:N`, `tree:PID` or `cgroup:PATH`. */
  readonly scope: string;
  /** Record to this file as well. */
  readonly write?: string;
}

/** Runs until `io` says stop. Returns the exit code. Throws AgentError. */
export async function run(options: RunOptions, io: AgentIo): Promise<number> {
  const scope = readScope(options.scope);
  const prepared = await prepare(options, io);
  const { kind, replay } = prepared.config.engine;
  if (kind === "replay") return await replayInstead(replay.capture_file, prepared, options, io);
  if (kind === "nodriver") {
    const message = "engine.kind is nodriver: there is nothing to capture; set modern_ebpf";
    throw new AgentError(EXIT.usage, message);
  }
  const ending = until(io, {
    onReload: () => {
      prepared.notices.warn("SIGHUP: reloading is not supported yet; restart to apply changes");
    },
  });
  const syscalls = prepared.packs.flatMap((pack) => pack.manifest.syscalls);
  const write = options.write === undefined ? {} : { write: options.write };
  let watch: LiveWatch;
  try {
    watch = await LiveWatch.start(prepared, {
      scope,
      syscalls,
      ...write,
      onGivenUp: ending.fail,
    });
  } catch (error) {
    ending.forget();
    const problem = captureProblem(error);
    if (problem === undefined) throw error;
    if (!isFirstLook(options, io)) throw problem;
    return await demonstrate(problem, { prepared, options, io });
  }
  prepared.notices.say(
    `watching ${options.scope} with ${rulesText(prepared)}, capturing since now; Ctrl-C stops`,
  );
  const failure = await ending.ended;
  await watch.stop();
  prepared.notices.lines(watch.summary());
  writeStatistics(options, watch.report());
  if (failure !== undefined) throw failure;
  return EXIT.fine;
}

/** The configuration names a recording to evaluate. */
async function replayInstead(
  file: string,
  prepared: Prepared,
  options: RunOptions,
  io: AgentIo,
): Promise<number> {
  const { replayWith } = await import("./replay.ts");
  return await replayWith(prepared, { ...options, files: [file] }, io);
}

/** Throws AgentError. */
export function readScope(text: string): ReturnType<typeof parseScope> {
  try {
    return parseScope(text);
  } catch (error) {
    if (error instanceof ScopeError) throw new AgentError(EXIT.usage, error.message);
    throw error;
  }
}

/** Number of rules in words. */
export function rulesText(prepared: Prepared): string {
  const count = prepared.packs.reduce((sum, pack) => sum + pack.manifest.rules.length, 0);
  return count === 1 ? "1 rule" : `${String(count)} rules`;
}

export interface Ending {
  /** Undefined when the user wanted it. */
  readonly ended: Promise<EngineFault | undefined>;
  readonly fail: (error: EngineFault) => void;
  /** No longer listens for signals. */
  readonly forget: () => void;
}

/** A promise of the end: by a signal, or because the engine was given up. */
export function until(io: AgentIo, options: StopOptions = {}): Ending {
  let end: (error: EngineFault | undefined) => void = () => undefined;
  const ended = new Promise<EngineFault | undefined>((resolve) => {
    end = resolve;
  });
  // Stays installed after the first signal, so that a second one can end the process at once.
  const forget = io.onStop(() => {
    end(undefined);
  }, options);
  return { ended, fail: end, forget };
}

/**
 * Somebody at a terminal who asked for nothing particular. Everywhere else the alerts of a
 * demonstration would be taken for those of this host.
 */
function isFirstLook(options: RunOptions, io: AgentIo): boolean {
  const { rules, overrides, configFile, profile, statisticsFile, write, scope } = options;
  const named = [...rules, ...overrides, configFile, profile, statisticsFile, write];
  const isPlain = scope === SCOPE_DEFAULT && named.every((option) => option === undefined);
  return isPlain && io.out.isTTY === true && io.err.isTTY === true;
}

/** Where nothing can be captured, a recording shows what would be seen. */
async function demonstrate(
  problem: AgentError,
  around: { readonly prepared: Prepared; readonly options: RunOptions; readonly io: AgentIo },
): Promise<number> {
  const { prepared, options, io } = around;
  prepared.notices.say(problem.message);
  if (!existsSync(DEMO_FILE)) return problem.exitCode;
  prepared.notices.say("showing the alerts of a recorded demonstration instead");
  const { replayWith } = await import("./replay.ts");
  await replayWith(prepared, { ...options, files: [DEMO_FILE] }, io);
  prepared.notices.say(
    "to go live, run it as root on Linux 5.8 or later with BTF (`lanner doctor` says what is missing)",
  );
  return problem.exitCode;
}
