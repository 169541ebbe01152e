/** Keeps the events of a command, or of a scope, without judging them. */

import { OldReaders } from "../replay/old-readers.ts";
import { SYSCALLS } from "../schema/syscalls.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { captureProblem, LiveWatch, type LiveWatchOptions } from "./live.ts";
import { type Prepared, prepareWithoutRules } from "./prepare.ts";
import { readRotation, readSnaplen } from "./record-options.ts";
import { readScope, until } from "./run.ts";
import { type CommandOptions, watchCommand } from "./watch.ts";

export interface RecordOptions {
  /** Empty: record `scope` until told to stop. */
  readonly command: readonly string[];
  /** `host`, `tgid:N`, `tree:PID` or `cgroup:PATH`. */
  readonly scope?: string;
  /** Compressed when it ends with .gz. */
  readonly write: string;
  /** Bytes of data kept of each event. */
  readonly snaplen?: string;
  /** `100M`: begin a new file at this size. */
  readonly rotateSize?: string;
  /** `10m`: begin a new file after this time. */
  readonly rotateTime?: string;
  /** Leave out events that readers of 2022 cannot list. */
  readonly oldReaders?: boolean;
  /** Go on until everything that the command started has ended, too. */
  readonly wait?: boolean;
}

/** Returns the command's status, and 0 for a scope. Throws AgentError. */
export async function record(options: RecordOptions, io: AgentIo): Promise<number> {
  const { command, scope, write } = options;
  if (command.length > 0 === (scope !== undefined)) {
    throw new AgentError(EXIT.usage, "record either a command (after --) or a --scope");
  }
  const rotation = readRotation(options.rotateSize, options.rotateTime);
  const prepared = withSnaplen(await prepareWithoutRules(io), options.snaplen);
  const syscalls = SYSCALLS.map((syscall) => syscall.name);
  const old = options.oldReaders === true ? new OldReaders() : undefined;
  const live = {
    ...{ syscalls, write },
    ...(rotation === undefined ? {} : { rotation }),
    ...(old === undefined ? {} : { filter: old.filter.bind(old) }),
  };
  const { lines, status } =
    scope === undefined
      ? await recordCommand(prepared, { ...live, command, wait: options.wait === true }, io)
      : await recordScope(prepared, { ...live, scope }, io);
  prepared.notices.lines(lines);
  if (old !== undefined) {
    prepared.notices.lines([`${String(old.leftOut)} events that old readers do not know left out`]);
  }
  return status;
}

interface Recorded {
  readonly lines: readonly string[];
  /** Of the command; 0 without one. */
  readonly status: number;
}

type Live = Pick<LiveWatchOptions, "syscalls" | "write" | "rotation" | "filter">;

async function recordCommand(
  prepared: Prepared,
  options: CommandOptions,
  io: AgentIo,
): Promise<Recorded> {
  const { summary, losses, files, unrecorded, status } = await watchCommand(prepared, options, io);
  const lines = [...losses, ...summary.slice(-1), recordedText(files)];
  if (unrecorded === 0) return { lines, status };
  prepared.notices.lines(lines);
  throw new AgentError(EXIT.usage, "the recording is not complete");
}

async function recordScope(
  prepared: Prepared,
  options: Live & { readonly scope: string },
  io: AgentIo,
): Promise<Recorded> {
  const { scope, ...live } = options;
  const parsed = readScope(scope);
  const ending = until(io);
  try {
    const watch = await LiveWatch.start(prepared, {
      ...live,
      scope: parsed,
      onGivenUp: ending.fail,
      onRecordingFailed: ending.fail,
    });
    prepared.notices.say(`recording ${scope}, capturing since now; Ctrl-C stops`);
    const failure = await ending.ended;
    await watch.stop();
    const lines = [`${String(watch.events)} events seen`, recordedText(watch.files)];
    if (failure === undefined) {
      return { lines: [...watch.losses(), ...lines], status: EXIT.fine };
    }
    prepared.notices.lines(watch.losses());
    throw failure;
  } catch (error) {
    throw captureProblem(error) ?? error;
  } finally {
    ending.forget();
  }
}

function withSnaplen(prepared: Prepared, text: string | undefined): Prepared {
  if (text === undefined) return prepared;
  const { config } = prepared;
  const libraries = { ...config.falco_libs, snaplen: readSnaplen(text) };
  return { ...prepared, config: { ...config, falco_libs: libraries } };
}

function recordedText(files: readonly string[]): string {
  const [first = "", last = first] = [files[0], files.at(-1)];
  if (files.length <= 1) return `recorded to ${first}`;
  return `recorded to ${String(files.length)} files, ${first} to ${last}`;
}
