/** An engine in this process for rule tests: no kernel, no root, no second process. */
import { readFileSync } from "node:fs";
import { type Match, Session, type SessionOptions } from "../engine/session.ts";
import type { WindowFiles, WindowMode } from "../engine/windows.ts";
import { closeFd, createMemory } from "../native/native.ts";
import { sliceBlocks } from "../replay/replay-parts.ts";
import { schemaBlob } from "../schema/blob.ts";
import { FIELDS } from "../schema/fields.ts";
import { REPLAY_BYTES_MAX, STATE_BYTES_MAX } from "../schema/memory.ts";
import { AgentError, EXIT } from "./io.ts";
import { ENGINE_FILE } from "./paths.ts";

const TABLES = {
  threads: 65_536,
  descriptors: 131_072,
  stringBytes: 32 << 20,
  containers: 1_024,
  users: 4_096,
  groups: 4_096,
} as const;

const ROW_BYTES = 1 << 20;

/** Owns the windows; `close` when done. */
export class TestSession {
  readonly #session: Session;
  readonly #files: WindowFiles;
  #matches: Match[] = [];
  #faults: string[] = [];

  /** Throws AgentError where the addon or the engine is missing. */
  constructor(pack: Uint8Array, mode: WindowMode) {
    this.#files = makeFiles();
    const options: SessionOptions = {
      engine: readEngine(),
      schema: schemaBlob(),
      fields: FIELDS.map((field) => field.name),
      packs: [pack],
      disabled: [],
      windows: this.#files,
      tables: TABLES,
      mode,
      ...{ takeOver: false, matching: "all", priority: "Debug", appended: [] },
    };
    this.#session = new Session(options, {
      onMatch: (match) => this.#matches.push(match),
      onFault: (fault) => this.#faults.push(fault.reason),
    });
  }

  /** What matched in these event blocks. Throws RangeError when the engine refuses one. */
  evaluate(blocks: Buffer): readonly Match[] {
    this.#matches = [];
    this.#faults = [];
    for (const row of sliceBlocks(blocks, ROW_BYTES)) {
      this.#session.stage(row);
      if (this.#session.replay(0, row.length) !== row.length) {
        throw new RangeError("the engine takes one of the events for damaged");
      }
    }
    const [fault] = this.#faults;
    if (fault !== undefined) throw new RangeError(`the rules were switched off: ${fault}`);
    return this.#matches;
  }

  close(): void {
    closeFd(this.#files.state.fd);
    closeFd(this.#files.replay.fd);
  }
}

function makeFiles(): WindowFiles {
  try {
    return {
      state: { fd: createMemory("lanner-test-state", STATE_BYTES_MAX), bytes: STATE_BYTES_MAX },
      replay: { fd: createMemory("lanner-test-replay", REPLAY_BYTES_MAX), bytes: REPLAY_BYTES_MAX },
      rings: [],
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `rule tests need the addon, which maps the engine's memory: ${reason}`;
    throw new AgentError(EXIT.usage, message, { cause });
  }
}

function readEngine(): Uint8Array {
  try {
    return readFileSync(ENGINE_FILE);
  } catch (cause) {
    const message = `cannot read ${ENGINE_FILE}; build it with: npm run build`;
    throw new AgentError(EXIT.usage, message, { cause });
  }
}
