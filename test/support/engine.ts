/** A session in this process over fresh windows, with the built engine and packs by hand. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Match,
  type PackFault,
  Session,
  type SessionOptions,
} from "../../host/engine/session.ts";
import type { WindowFiles } from "../../host/engine/windows.ts";
import { closeFd, createMemory, probe } from "../../host/native/native.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { schemaBlob } from "../../host/schema/blob.ts";
import { FIELDS } from "../../host/schema/fields.ts";
import { REPLAY_BYTES_MAX, STATE_BYTES_MAX } from "../../host/schema/memory.ts";

export const ENGINE_FILE = fileURLToPath(new URL("../../build/engine.wasm", import.meta.url));

/** `close` exit: the simplest event that there is. */
export const CLOSE_X = 5;

/** Empty when sessions can run here, else why not. */
export const NO_ENGINE_REASON: string = required(reason());

/** The sandbox suites are no option where live suites are required. */
function required(missing: string): string {
  if (missing !== "" && process.env["LANNER_REQUIRE_LIVE"] === "1") {
    throw new Error(`engine suites are required, but ${missing}`);
  }
  return missing;
}

function reason(): string {
  if (!existsSync(ENGINE_FILE)) return "build/engine.wasm was not built";
  try {
    probe();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export const TABLES = {
  threads: 1_024,
  descriptors: 2_048,
  stringBytes: 1 << 20,
  containers: 16,
  users: 64,
  groups: 64,
} as const;

/** Everything of the session's options but the windows. */
export function sessionOptions(
  packs: readonly Uint8Array[],
): Omit<SessionOptions, "windows" | "disabled" | "takeOver"> {
  return {
    engine: readFileSync(ENGINE_FILE),
    schema: schemaBlob(),
    fields: FIELDS.map((field) => field.name),
    packs,
    tables: TABLES,
    mode: "mapped",
    matching: "all",
    priority: "Debug",
    appended: [],
  };
}

export interface TestSession {
  readonly session: Session;
  readonly matches: Match[];
  readonly faults: PackFault[];
  readonly windows: WindowFiles;
  /** Evaluates so many events. */
  feed(events: number): number;
  close(): void;
}

export function openSession(
  packs: readonly Uint8Array[],
  changes: Partial<SessionOptions> = {},
): TestSession {
  const stateFd = createMemory("test-state", STATE_BYTES_MAX);
  const replayFd = createMemory("test-replay", REPLAY_BYTES_MAX);
  const windows: WindowFiles = {
    state: { fd: stateFd, bytes: STATE_BYTES_MAX },
    replay: { fd: replayFd, bytes: REPLAY_BYTES_MAX },
    rings: [],
  };
  const matches: Match[] = [];
  const faults: PackFault[] = [];
  const session = new Session(
    {
      ...sessionOptions(packs),
      windows,
      disabled: [],
      takeOver: false,
      ...changes,
    },
    { onMatch: (match) => matches.push(match), onFault: (fault) => faults.push(fault) },
  );
  const feed = (events: number): number => {
    const blocks = closeEvents(events);
    session.stage(blocks);
    return session.replay(0, blocks.length) - blocks.length;
  };
  const close = (): void => {
    closeFd(stateFd);
    closeFd(replayFd);
  };
  return { session, matches, faults, windows, feed, close };
}

/** Blocks of so many `close` events of one thread, a microsecond apart. */
export function closeEvents(count: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, i) => {
      const header = { type: CLOSE_X, tid: 42n, time: 1_000_000_000n + BigInt(i) * 1_000n };
      return eventBlock(encodeEvent(header, [0n, 3n]));
    }),
  );
}
