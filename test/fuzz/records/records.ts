/** Damaged captures and events without end: the loop, and what is kept of it. */
import { gzipSync } from "node:zlib";
import { Random } from "../random.ts";
import { soundCapture } from "./captures.ts";
import { type Corpus, fingerprint } from "./corpus.ts";
import { EngineRun, kindOf, RENDERED_CPU } from "./engine-run.ts";
import { soundEvent } from "./events.ts";
import { mutateBlocks, mutateEvent } from "./mutate.ts";
import { checkCompressed, checkParts, checkReading } from "./reader-run.ts";

export interface RecordFuzzOptions {
  readonly seed: number;
  /** Damaged captures for the reader, and damaged events for the engine. */
  readonly captures: number;
  readonly events: number;
  readonly corpus: Corpus;
  readonly packs: readonly Uint8Array[];
  readonly log: (line: string) => void;
  /** Called often: whoever counts the calls sees that nothing hangs. */
  readonly onStep: () => void;
}

const COMPRESSED = 0.03;
/** Part of the captures that are turned into event blocks as well. */
const PARTS = 0.2;
const BATCH_EVENTS = 500;
/** Part of the events that are rendered: all fields of an event cost as much as hundreds. */
const RENDERED = 0.01;
/** Of each batch so many go in once more as one row with damaged blocks. */
const ROW_EVENTS = 20;
/** A fresh state now and then, for full tables take nothing in any more. */
const BATCHES_PER_ENGINE = 100;
const LOG_CAPTURES = 20_000;

/** Throws an Error that names the input, which is in the corpus then. */
export async function fuzzReader(options: RecordFuzzOptions): Promise<void> {
  const { captures, corpus, log, onStep, seed } = options;
  for (let i = 0; i < captures; i++) {
    onStep();
    const random = new Random(seed * 1_000_003 + i);
    const bytes = Buffer.concat(mutateBlocks(soundCapture(random), random));
    const chunkBytes = 1 + random.below(700);
    const packed = random.chance(COMPRESSED) ? compressed(bytes, random) : undefined;
    try {
      if (random.chance(PARTS)) await checkParts(bytes);
      const kind =
        packed === undefined
          ? await checkReading(bytes, chunkBytes)
          : await checkCompressed(packed, chunkBytes);
      corpus.keep("reader", kind, packed ?? bytes);
    } catch (error) {
      throw found(corpus, "reader", packed ?? bytes, error);
    }
    if ((i + 1) % LOG_CAPTURES === 0) log(`${String(i + 1)} captures read`);
  }
}

/** Compressed, then damaged as bytes; sometimes two members in a row. */
function compressed(bytes: Buffer, random: Random): Buffer {
  const whole = gzipSync(bytes, { level: random.pick([0, 1, 9]) });
  const rows = random.chance(0.2) ? [whole, gzipSync(bytes)] : [whole];
  return Buffer.concat(random.chance(0.2) ? rows : mutateBlocks(rows, random));
}

export function fuzzEngine(options: RecordFuzzOptions): { readonly values: number } {
  const { corpus, events, log, onStep, packs, seed } = options;
  let values = 0;
  const batches = Math.ceil(events / BATCH_EVENTS);
  for (let batch = 0; batch < batches; ) {
    const run = new EngineRun(packs);
    try {
      const end = Math.min(batches, batch + BATCHES_PER_ENGINE);
      for (; batch < end; batch++) {
        onStep();
        const random = new Random(seed * 1_000_003 + batch);
        const count = Math.min(BATCH_EVENTS, events - batch * BATCH_EVENTS);
        const blocks = Array.from({ length: count }, (_, i) =>
          damagedEvent(random, batch * BATCH_EVENTS + i),
        );
        try {
          run.feed(blocks);
          run.feedRow(Buffer.concat(mutateBlocks(blocks.slice(0, ROW_EVENTS), random)));
        } catch (error) {
          throw found(corpus, "engine", Buffer.concat(blocks), error);
        }
        for (const each of blocks) corpus.keep("engine", engineKind(each), each);
      }
      values += run.values;
    } finally {
      run.close();
    }
    log(`${String(Math.min(batch * BATCH_EVENTS, events))} events taken`);
  }
  return { values };
}

/** Mostly damaged; some sound ones keep the tables busy. */
function damagedEvent(random: Random, index: number): Buffer {
  const sound = soundEvent(random, index);
  const bytes = random.chance(0.85) ? mutateEvent(sound, random) : sound;
  const cpu = random.chance(RENDERED) ? RENDERED_CPU : random.below(RENDERED_CPU);
  if (bytes.length >= 14) bytes.writeUInt16LE(cpu, 8);
  return bytes;
}

/** One input of each type and verdict is worth keeping. */
function engineKind(bytes: Buffer): string {
  const kind = kindOf(bytes);
  return kind === "event" && bytes.length > 35 ? `event ${String(bytes.readUInt16LE(30))}` : kind;
}

function found(corpus: Corpus, target: "reader" | "engine", bytes: Buffer, cause: unknown): Error {
  corpus.add(target, bytes);
  const words = cause instanceof Error ? cause.message : String(cause);
  const name = fingerprint(bytes);
  return new Error(`${target}: ${words}\nkept as ${target} ${name} in the corpus`, { cause });
}
