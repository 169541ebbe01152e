/** Replays a recording: its lists as state, its events through the rules. */
import { CaptureFileError } from "../replay/capture-file-error.ts";
import { openCapture } from "../replay/reader.ts";
import { type ReplayPart, replayParts } from "../replay/replay-parts.ts";
import { networkOf } from "./engine-host.ts";
import { Evaluation } from "./evaluation.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { type Prepared, prepare, type RuleOptions, writeStatistics } from "./prepare.ts";

export interface ReplayOptions extends RuleOptions {
  /** "-" is standard input. */
  readonly file: string;
}

/** Blocks go to the engine in rows of this size, so that its alerts come back as they arise. */
const ROW_BYTES = 1 << 20;

/** Evaluates a recording. Returns the exit code. Throws AgentError. */
export async function replay(options: ReplayOptions, io: AgentIo): Promise<number> {
  const prepared = await prepare(options, io);
  return await replayWith(prepared, options, io);
}

/** The same with rules that are compiled already. */
export async function replayWith(
  prepared: Prepared,
  options: ReplayOptions,
  io: AgentIo,
): Promise<number> {
  const { file } = options;
  let stopped = false;
  // A given-up engine shows in the replay that was under way.
  const evaluation = await Evaluation.start(prepared, { onGivenUp: () => undefined });
  const unlisten = io.onStop(() => {
    stopped = true;
  });
  try {
    await feedAll(file, evaluation, () => stopped);
    await evaluation.host.settle();
  } catch (error) {
    throw userError(file, error);
  } finally {
    unlisten();
    await evaluation.stop();
    prepared.notices.lines(evaluation.summary([]));
    writeStatistics(options, evaluation.report([]));
  }
  return EXIT.fine;
}

async function feedAll(
  file: string,
  evaluation: Evaluation,
  stopped: () => boolean,
): Promise<void> {
  const statistics = { droppedEntries: 0 };
  let used = false;
  for await (const part of replayParts(openCapture(file), statistics, ROW_BYTES)) {
    if (stopped()) return;
    if (part.kind === "section" && used) await evaluation.restart();
    await feedPart(part, evaluation);
    used = true;
  }
}

async function feedPart(part: ReplayPart, evaluation: Evaluation): Promise<void> {
  switch (part.kind) {
    case "blocks":
      await evaluation.host.feed(part.bytes);
      return;
    case "interfaces":
      evaluation.host.setHost({ networks: part.interfaces.map(networkOf) });
      return;
    default:
      return;
  }
}

function userError(file: string, error: unknown): unknown {
  if (!(error instanceof CaptureFileError)) return error;
  return new AgentError(EXIT.usage, `cannot replay ${file}: ${error.message}`, { cause: error });
}
