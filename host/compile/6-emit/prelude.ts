/** What every generated module begins with: questions to `Value`, rows, the match list. */

import { CACHE_ROWS_MAX, PACK_CACHE_BASE, PACK_CACHE_BYTES_MAX } from "../../schema/memory.ts";
import type { Plan } from "../5-plan/plan.ts";
import { Code } from "../code.ts";

const ROW_HEADER_BYTES = 24;
/** A hash of 32 bits is cut down to the number of a row. */
const ROW_HASH_SHIFT = Math.clz32(CACHE_ROWS_MAX - 1);

interface Table {
  readonly base: number;
  readonly rowBytes: number;
  readonly pairs: number;
  readonly mask: number;
}

export interface CacheLayout {
  readonly matches: number;
  readonly memo: number;
  /** One bit per rule, for packs that find rules out of order. */
  readonly hits: number;
  readonly process: Table;
  readonly lineage: Table;
  readonly descriptor: Table;
  /** Behind the last of them. */
  readonly end: number;
  /** False when the rules need more than there is. */
  readonly fits: boolean;
}

export function layOutCaches(plan: Plan): CacheLayout {
  let at = PACK_CACHE_BASE;
  const reserve = (bytes: number): number => {
    const start = at;
    at += (bytes + 63) & ~63;
    return start;
  };
  const table = (bits: number): Table => {
    const pairs = Math.ceil(bits / 64);
    const rowBytes = ROW_HEADER_BYTES + 16 * pairs;
    // One row more than the mask reaches: for events without a thread or descriptor.
    return {
      base: reserve(rowBytes * (CACHE_ROWS_MAX + 1)),
      rowBytes,
      pairs,
      mask: CACHE_ROWS_MAX - 1,
    };
  };
  const matches = reserve(plan.rules.length * 4);
  const memo = reserve(plan.cacheSizes.event * 4);
  const hits = reserve(hitWords(plan) * 8);
  const process = table(plan.cacheSizes.process);
  const lineage = table(plan.cacheSizes.lineage);
  const descriptor = table(plan.cacheSizes.descriptor);
  return {
    matches,
    memo,
    hits,
    process,
    lineage,
    descriptor,
    end: at,
    fits: at <= PACK_CACHE_BASE + PACK_CACHE_BYTES_MAX,
  };
}

function hitWords(plan: Plan): number {
  return Math.ceil(plan.rules.length / 64);
}

/** Whether some rules are found by their values, and so in any order. */
export function usesBuckets(plan: Plan): boolean {
  return plan.dispatch.some(({ buckets }) => buckets.length > 0);
}

export function prelude(plan: Plan, layout: CacheLayout, transforms: boolean): Code {
  const more = transforms ? TRANSFORM_IMPORTS : Code.of``;
  const memoWords = plan.cacheSizes.event;
  const buckets = usesBuckets(plan);
  return Code.of`${IMPORTS}${more}${buckets ? BUCKET_IMPORTS : Code.of``}
let count: u32 = 0;
let epoch: u32 = 0;
let calls: u64 = 0;
let processAt: usize = 0;
let lineageAt: usize = 0;
let descriptorAt: usize = 0;

export function matches(): usize {
  return ${layout.matches};
}

function begin(): void {
  count = 0;
  processAt = 0;
  lineageAt = 0;
  descriptorAt = 0;
  calls++;
  epoch += 2;
  if (epoch == 0) {
    for (let i: usize = 0; i < ${memoWords}; i++) store<u32>(${layout.memo} + (i << 2), 0);
    epoch = 2;
  }
}
${buckets ? anyOrder(layout, hitWords(plan)) : inOrder(layout)}
${rows(layout)}`;
}

/** Rules are decided in the order of their index. */
function inOrder({ matches }: CacheLayout): Code {
  return Code.of`
function hit(rule: u32): void {
  store<u32>(${matches} + (<usize>count << 2), rule);
  count++;
}

function finish(): u32 {
  return count;
}
`;
}

/** Rules are decided in any order, and perhaps more than once. */
function anyOrder({ hits, matches }: CacheLayout, words: number): Code {
  return Code.of`
function hit(rule: u32): void {
  const word = ${hits} + (<usize>(rule >>> 6) << 3);
  const bit: u64 = 1 << <u64>(rule & 63);
  const known = load<u64>(word);
  if ((known & bit) != 0) return;
  store<u64>(word, known | bit);
  count++;
}

function finish(): u32 {
  if (count == 0) return 0;
  let at: usize = ${matches};
  for (let word: u32 = 0; word < ${words}; word++) {
    let bits = load<u64>(${hits} + (<usize>word << 3));
    if (bits == 0) continue;
    store<u64>(${hits} + (<usize>word << 3), 0);
    for (; bits != 0; bits &= bits - 1) {
      store<u32>(at, (word << 6) + <u32>ctz<u64>(bits));
      at += 4;
    }
  }
  return count;
}

function tryAll(list: usize): void {
  if (list == 0) return;
  const end = list + 4 + <usize>load<u32>(list) * 12;
  for (let entry = list + 4; entry < end; entry += 12) {
    if (decide(load<u32>(entry, 4), load<u32>(entry, 8))) hit(load<u32>(entry));
  }
}
`;
}

const BUCKET_IMPORTS = Code.of`import { listOfNumber, listOfText } from "./ops/lookup";
import { nextPrefix, nextSuffix, TreeWalk } from "./ops/lookup";
`;

const QUESTION_IMPORTS = Code.of`
import { is, isIn, order, starts, startsAny } from "./pack/questions";
import { ends, endsAny, has, hasAny, hasFolded } from "./pack/questions";
import { hasFoldedAny, fits, below, matched, isNumber } from "./pack/questions";
import { isAddress, isInside, allIn, anyIn } from "./pack/questions";
`;

const TRANSFORM_IMPORTS = Code.of`
import { compareBytes, containsBytes, containsFolded, endsWithBytes, sameBytes } from "./ops/bytes";
import { matchesGlob } from "./ops/glob";
import { areAllAmong, isAnyAmong } from "./ops/lists";
import { countTexts, sizeOfFirst } from "./ops/text";
import { fixedText, lowerText, upperText, lastComponent } from "./pack/transforms";
import { decodeBase64, numberText, joinTexts, optionsOf } from "./pack/transforms";
`;

const IMPORTS = Code.of`import { Scratch } from "./fields/scratch";
import { Value } from "./fields/value";
import { Facts, mayClimb, UNSETTLED } from "./fields/facts";
import { openRow, isKnown, answerOf, remember } from "./ops/rows";
${QUESTION_IMPORTS}`;

/** The row behind those that the mask reaches. */
function spare({ base, rowBytes, mask }: Table): number {
  return base + rowBytes * (mask + 1);
}

function rows({ process, lineage, descriptor }: CacheLayout): Code {
  return Code.of`
/** For answers that do not outlive the event: the next one finds this row empty. */
function openSpareRow(row: usize, pairs: u32): usize {
  return openRow(row, 0, calls, UNSETTLED, pairs);
}

function openThreadRow(base: usize, bytes: usize, pairs: u32, tag: u64): usize {
  return openRow(base + Facts.row * bytes, Facts.owner, Facts.container, tag, pairs);
}

function processRow(): usize {
  if (processAt != 0) return processAt;
  const tag = Facts.processTag;
  processAt = tag != UNSETTLED
    ? openThreadRow(${process.base}, ${process.rowBytes}, ${process.pairs}, tag)
    : openSpareRow(${spare(process)}, ${process.pairs});
  return processAt;
}

function lineageRow(): usize {
  if (lineageAt != 0) return lineageAt;
  const tag = Facts.lineageTag;
  lineageAt = tag != UNSETTLED
    ? openThreadRow(${lineage.base}, ${lineage.rowBytes}, ${lineage.pairs}, tag)
    : openSpareRow(${spare(lineage)}, ${lineage.pairs});
  return lineageAt;
}

/** Which end of a socket is local depends on whether its process is in a container. */
function descriptorRow(): usize {
  if (descriptorAt != 0) return descriptorAt;
  const at = Facts.descriptor;
  const tag = Facts.descriptorTag;
  const slot = ((at >>> 4) * 0x9e37_79b1) >>> ${ROW_HASH_SHIFT};
  const row = ${descriptor.base} + slot * ${descriptor.rowBytes};
  descriptorAt = tag != UNSETTLED
    ? openRow(row, at, Facts.container, tag, ${descriptor.pairs})
    : openSpareRow(${spare(descriptor)}, ${descriptor.pairs});
  return descriptorAt;
}
`;
}
