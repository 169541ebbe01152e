/** Which packs want which event types, and the calls to them. */
import { Facts } from "../fields/facts";
import { EVENT_TYPES } from "../schema/generated/events";
import { MATCHES_MAX, PACKS_MAX } from "../schema/generated/memory";
import { Count, Counter } from "../state/counters";
import { Frame, NO_PACK } from "../state/frame";
import { HeaderAt } from "../state/header";
import { digestFrame } from "./digest";
import { onEvaluated, onMatch } from "./host";
import { Pacing } from "./pacing";

/** A pack's `evaluate` is at this index of the function table plus its own. */
const PACK_TABLE_BASE: u32 = 1_024;

/** Per event type, one bit per pack: 16 bytes × EVENT_TYPES. */
const WANTED: usize = memory.data(7_264, 8);
/** Packs that are switched on. */
const ENABLED: usize = memory.data(16, 8);

function wordOf(base: usize, pack: u32): usize {
  return base + (<usize>(pack >> 6) << 3);
}

export function subscribePack(pack: u32, type: u32): void {
  if (pack >= PACKS_MAX || type >= EVENT_TYPES) return;
  const word = wordOf(WANTED + (<usize>type << 4), pack);
  store<u64>(word, load<u64>(word) | (1 << (<u64>pack & 63)));
}

export function switchPack(pack: u32, on: bool): void {
  if (pack >= PACKS_MAX) return;
  const word = wordOf(ENABLED, pack);
  const bit: u64 = 1 << (<u64>pack & 63);
  store<u64>(word, on ? load<u64>(word) | bit : load<u64>(word) & ~bit);
}

/**
 * After a trap, which switched its pack off, or in place of an engine that died: calls the packs
 * behind the one that was being called, and that one too when it is on and had not answered.
 */
export function evaluateRest(): void {
  const pack = Frame.record.pack;
  evaluateFrom(Frame.record.answered != 0 ? pack + 1 : pack, false);
}

/** Calls all packs that want the current frame. */
export function evaluateAll(): void {
  evaluateFrom(0, true);
}

@inline
function evaluateFrom(first: u32, isNew: bool): void {
  const wanted = WANTED + (<usize>Frame.record.type << 4);
  const low = load<u64>(wanted) & load<u64>(ENABLED);
  const high = load<u64>(wanted, 8) & load<u64>(ENABLED, 8);
  if ((low | high) == 0) {
    Frame.record.pack = NO_PACK;
    return;
  }
  if (isNew) Count.one(Counter.Evaluated);
  digestFrame();
  if (Pacing.timed) onEvaluated(NO_PACK);
  evaluateWord(low, 0, first);
  evaluateWord(high, 64, first);
  Frame.record.pack = NO_PACK;
}

function evaluateWord(packs: u64, base: u32, first: u32): void {
  let left = packs;
  while (left != 0) {
    const pack = base + <u32>ctz<u64>(left);
    left &= left - 1;
    if (pack >= first) evaluateOne(pack);
  }
}

function evaluateOne(pack: u32): void {
  if (Pacing.isOn && Pacing.skips(pack)) return;
  const header = HeaderAt.header;
  Frame.record.answered = 0;
  Frame.record.pack = pack;
  header.heartbeat++;
  Count.one(Counter.Evaluations);
  const matches = call_indirect<u32>(
    PACK_TABLE_BASE + pack,
    Facts.type,
    Facts.word,
    Facts.fd,
    Facts.owner,
    Facts.container,
    Facts.descriptor,
    Facts.processTag,
    Facts.lineageTag,
    Facts.descriptorTag,
  );
  Frame.record.answered = 1;
  if (Pacing.isOn && Pacing.timed) onEvaluated(pack);
  if (matches == 0) return;
  const count = min<u32>(matches, MATCHES_MAX);
  Count.add(Counter.Matches, count);
  Count.one(Counter.MatchCalls);
  onMatch(pack, count);
}
