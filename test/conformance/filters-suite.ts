/**
 * Conditions over whole recordings: which events match each. They are compiled as rules in batches,
 * and all packs see a recording at once.
 */
import { createHash, type Hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_FILE } from "../../host/agent/paths.ts";
import { compileRules } from "../../host/compile/compile.ts";
import { renderText } from "../../host/diagnostics/render-text.ts";
import { Session, type SessionOptions } from "../../host/engine/session.ts";
import type { SessionListener } from "../../host/engine/session-listener.ts";
import { closeFd, createMemory } from "../../host/native/native.ts";
import { schemaBlob } from "../../host/schema/blob.ts";
import { FIELDS } from "../../host/schema/fields.ts";
import { REPLAY_BYTES_MAX, STATE_BYTES_MAX } from "../../host/schema/memory.ts";
import { playCapture } from "./capture-run.ts";
import { captureNames, readJsonLines } from "./files.ts";
import { type Outcome, outcomeOf, type Suite, type SuiteOptions } from "./outcome.ts";

interface Filter {
  readonly id: string;
  readonly condition: string;
  readonly count: number;
  readonly nums: readonly number[];
  readonly sha256: string;
}

const BATCH = 200;
const NUMBERS_KEPT = 200;
const ROW_BYTES = 1 << 20;
const TABLES = {
  threads: 65_536,
  descriptors: 131_072,
  stringBytes: 64 << 20,
  containers: 256,
  users: 1_024,
  groups: 1_024,
} as const;

/** The events that one filter matched. */
class Matches {
  readonly first: number[] = [];
  count = 0;
  #last = -1n;
  readonly #hash: Hash = createHash("sha256");

  add(event: bigint): void {
    if (event === this.#last) return;
    this.#last = event;
    if (this.count < NUMBERS_KEPT) this.first.push(Number(event));
    this.#hash.update(this.count === 0 ? String(event) : `\n${String(event)}`);
    this.count += 1;
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}

async function* run(options: SuiteOptions): AsyncGenerator<Outcome> {
  for (const name of captureNames(options.folder, "filters.jsonl.gz")) {
    const filters: Filter[] = [];
    for await (const filter of readJsonLines<Filter>(
      join(options.folder, `${name}.filters.jsonl.gz`),
    )) {
      if (filter.id.includes(options.only)) filters.push(filter);
    }
    if (filters.length > 0)
      yield* compare(join(options.folder, `${name}.scap.gz`), filters, options.cache);
  }
}

export const filters: Suite = { name: "filters", run };

/** What becomes of a filter: matches, or why there are none. */
type Result = Matches | string;

async function* compare(
  capture: string,
  all: readonly Filter[],
  cache: string,
): AsyncGenerator<Outcome> {
  const results = new Map<string, Result>();
  const packs: Uint8Array[] = [];
  const names: (readonly Filter[])[] = [];
  for (let from = 0; from < all.length; from += BATCH) {
    for (const batch of await compileBatch(all.slice(from, from + BATCH), cache, results)) {
      packs.push(batch.wasm);
      names.push(batch.filters);
    }
  }
  for (const filter of names.flat()) results.set(filter.id, new Matches());
  await evaluate(capture, packs, {
    onMatch: ({ pack, rule, event }) => {
      const result = results.get(names[pack]?.[rule]?.id ?? "");
      if (result instanceof Matches) result.add(event);
    },
    onFault: ({ pack, reason }) => {
      for (const { id } of names[pack] ?? []) results.set(id, `its pack was stopped: ${reason}`);
    },
  });
  for (const filter of all) {
    yield outcomeOf(`${filter.id} ${filter.condition}`, judge(filter, results.get(filter.id)));
  }
}

function judge(filter: Filter, result: Result | undefined): string[] {
  if (!(result instanceof Matches)) return [result ?? "was not compiled"];
  if (result.digest() === filter.sha256) return [];
  const { first, count } = result;
  const missing = filter.nums.find((number) => !first.includes(number));
  const extra = first.find((number) => !filter.nums.includes(number));
  return [
    `matches ${String(count)} events instead of ${String(filter.count)}`,
    ...(missing === undefined ? [] : [`not event ${String(missing)}`]),
    ...(extra === undefined ? [] : [`also event ${String(extra)}`]),
  ];
}

interface Batch {
  readonly wasm: Uint8Array;
  readonly filters: readonly Filter[];
}

/** Filters that are refused, or that the compiler fails at, are set aside with the reason. */
async function compileBatch(
  filters: readonly Filter[],
  cache: string,
  results: Map<string, Result>,
): Promise<Batch[]> {
  const text = filters.map(ruleOf).join("");
  const files = [{ name: "filters.yaml", text }];
  try {
    const { pack, diagnostics } = await compileRules(files, { cacheDirectory: cache });
    if (pack !== undefined) return [{ wasm: pack.wasm, filters }];
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (filters.length === 1) return refuse(filters, renderText(errors, files), results);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (filters.length === 1) return refuse(filters, reason, results);
  }
  const half = filters.length >> 1;
  return [
    ...(await compileBatch(filters.slice(0, half), cache, results)),
    ...(await compileBatch(filters.slice(half), cache, results)),
  ];
}

function refuse(filters: readonly Filter[], reason: string, results: Map<string, Result>): Batch[] {
  for (const { id } of filters) results.set(id, reason.split("\n").slice(0, 3).join(" "));
  return [];
}

function ruleOf({ id, condition }: Filter): string {
  const text = JSON.stringify(condition);
  return `- rule: ${id}\n  desc: d\n  output: x\n  priority: INFO\n  condition: ${text}\n`;
}

async function evaluate(
  capture: string,
  packs: readonly Uint8Array[],
  listener: SessionListener,
): Promise<void> {
  const state = { fd: createMemory("conformance-state", STATE_BYTES_MAX), bytes: STATE_BYTES_MAX };
  const replay = { fd: createMemory("conformance-in", REPLAY_BYTES_MAX), bytes: REPLAY_BYTES_MAX };
  try {
    const session = new Session(
      { ...sessionOptions(packs), windows: { state, replay, rings: [] } },
      listener,
    );
    const player = {
      setHost: session.setHost.bind(session),
      play: (blocks: Buffer) => {
        session.stage(blocks);
        session.replay(0, blocks.length);
      },
    };
    await playCapture(capture, player, ROW_BYTES);
  } finally {
    closeFd(state.fd);
    closeFd(replay.fd);
  }
}

function sessionOptions(packs: readonly Uint8Array[]): Omit<SessionOptions, "windows"> {
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
    disabled: [],
    takeOver: false,
  };
}
