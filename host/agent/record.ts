/** Runs a command and keeps its events. */
import { SYSCALLS } from "../schema/syscalls.ts";
import { type AgentIo, EXIT } from "./io.ts";
import { prepareWithoutRules } from "./prepare.ts";
import { watchCommand } from "./watch.ts";

export interface RecordOptions {
  readonly command: readonly string[];
  /** Compressed when it ends with .gz. */
  readonly write: string;
}

/** Returns the exit code. Throws AgentError. */
export async function record(options: RecordOptions, io: AgentIo): Promise<number> {
  const prepared = await prepareWithoutRules(io);
  const syscalls = SYSCALLS.map((syscall) => syscall.name);
  const { summary } = await watchCommand(prepared, { ...options, syscalls }, io);
  prepared.notices.lines([...summary.slice(-1), `recorded to ${options.write}`]);
  return EXIT.fine;
}
