/**
 * The BPF ring buffers, mapped in place (see host/schema/memory.ts). Records are taken in time
 * order over all rings. Nothing that a ring says is believed before it is checked against its
 * positions.
 *
 *   record   ├─ length u32 (bit 31 busy, bit 30 discarded) ─┼─ offset u32 ─┼─ prelude ─┼─ event …
 */
import { EVENT_HEADER_BYTES, EventAt } from "../record/event";
import {
  CANARY_BASE,
  RING_CANARY_BYTES,
  RING_CANARY_FLAG,
  RING_DATA_OFFSET,
  RING_PRELUDE_BYTES,
  RING_PRODUCER_OFFSET,
  RINGS_BASE,
  RINGS_MAX,
  WAKEUP_BASE,
  WASM_PAGE_BYTES,
} from "../schema/generated/memory";
import { Count, Counter } from "../state/counters";
import { HeaderAt, RING_POSITIONS_BASE } from "../state/header";
import { DrainLimit } from "./drain-limit";
import { processEvent, Progress } from "./pipeline";
import { tapEvent } from "./tap";

const BUSY: u32 = 1 << 31;
const DISCARDED: u32 = 1 << 30;
const RECORD_HEADER_BYTES: u32 = 8;
/** The consumer's page is written once per so many bytes, and at the end of a drain. */
const PUBLISH_BYTES: u64 = 65_536;
const NEVER: u64 = ~0;

@unmanaged
class Ring {
  /** Where the record at `position` ends, its position and the one the kernel was told. */
  next: u64;
  position: u64;
  published: u64;
  producer: u64;
  /** Time of the record at `position`; NEVER when there is none. */
  time: u64;
  event: u32;
  available: u32;
  cpu: u32;
  base: u32;
  mask: u32;
  index: u32;
}

const RINGS: usize = memory.data(9_216, 8); // 72 bytes × RINGS_MAX
let count: u32 = 0;
let freeBase: u32 = RINGS_BASE;

function ringAt(index: u32): Ring {
  return changetype<Ring>(RINGS + <usize>index * offsetof<Ring>());
}

/** Rings are told in order of their index, `bytes` of data each, a power of two. */
export function mapRing(index: u32, bytes: u32): void {
  if (index != count || index >= RINGS_MAX) return;
  const ring = ringAt(index);
  ring.base = freeBase;
  ring.mask = bytes - 1;
  ring.index = index;
  const size = RING_DATA_OFFSET + 2 * bytes + WASM_PAGE_BYTES - 1;
  freeBase += size & ~(WASM_PAGE_BYTES - 1);
  count++;
  startRing(ring);
}

/** Goes on where state says that it stopped, if that lies in what the ring holds. */
function startRing(ring: Ring): void {
  const consumer = atomic.load<u64>(<usize>ring.base);
  const producer = atomic.load<u64>(<usize>ring.base + RING_PRODUCER_OFFSET);
  const applied = load<u64>(positionSlot(ring));
  const fits = applied >= consumer && applied <= producer;
  ring.position = fits ? applied : consumer;
  ring.published = consumer;
  ring.producer = producer;
  ring.time = NEVER;
  store<u64>(positionSlot(ring), ring.position);
}

function positionSlot(ring: Ring): usize {
  return <usize>RING_POSITIONS_BASE + (<usize>ring.index << 3);
}

/** Finds the record at the ring's position; false when there is none to be had now. */
function look(ring: Ring): bool {
  ring.time = NEVER;
  while (ring.position < ring.producer || moreProduced(ring)) {
    const position = ring.position;
    const record = <usize>ring.base + RING_DATA_OFFSET + <usize>(<u32>position & ring.mask);
    const head = atomic.load<u32>(record);
    if ((head & BUSY) != 0) return false;
    const length = head & ~DISCARDED;
    const total = (<u64>length + RECORD_HEADER_BYTES + 7) & ~7;
    if (total > ring.producer - position || total > <u64>ring.mask + 1) {
      Count.one(Counter.RingGaps);
      skipTo(ring, ring.producer);
      return false;
    }
    if ((head & DISCARDED) == 0 && length >= RING_PRELUDE_BYTES + EVENT_HEADER_BYTES) {
      ring.next = position + total;
      const body = record + RECORD_HEADER_BYTES;
      ring.event = <u32>(body + RING_PRELUDE_BYTES);
      ring.available = length - RING_PRELUDE_BYTES;
      ring.cpu = <u32>load<u16>(body + RING_PRELUDE_BYTES - 2);
      ring.time = EventAt.time(body + RING_PRELUDE_BYTES);
      return true;
    }
    if ((head & DISCARDED) != 0) Count.one(Counter.Discarded);
    else if (!isCanary(record + RECORD_HEADER_BYTES, length)) Count.one(Counter.Malformed);
    skipTo(ring, position + total);
  }
  return false;
}

/**
 * A record that shows the agent that records arrive: no event, and nothing that counts as one. The
 * prelude has a flag, and behind it is the number that the agent waits for.
 */
function isCanary(body: usize, length: u32): bool {
  if (length != RING_CANARY_BYTES || load<u16>(body, 4) != RING_CANARY_FLAG) return false;
  store<u32>(<usize>CANARY_BASE, load<u32>(body, RING_PRELUDE_BYTES));
  return true;
}

function moreProduced(ring: Ring): bool {
  const producer = atomic.load<u64>(<usize>ring.base + RING_PRODUCER_OFFSET);
  if (producer < ring.position) {
    Count.one(Counter.RingGaps);
    skipTo(ring, producer);
  }
  ring.producer = producer;
  return producer > ring.position;
}

function skipTo(ring: Ring, position: u64): void {
  ring.position = position;
  store<u64>(positionSlot(ring), position);
}

function publish(ring: Ring): void {
  if (ring.published == ring.position) return;
  ring.published = ring.position;
  atomic.store<u64>(<usize>ring.base, ring.position);
}

/**
 * Applies at most `eventsMax` records; returns how many it took. The limit is looked up anew for
 * each: an event may end the drain.
 */
export function drainRings(eventsMax: u32): u32 {
  HeaderAt.header.heartbeat++;
  let taken: u32 = 0;
  DrainLimit.events = eventsMax;
  while (taken < DrainLimit.events) {
    const ring = earliest();
    if (ring === null) break;
    // Until another ring's record is older there is no need to look at the others.
    do {
      take(ring);
      taken++;
    } while (taken < DrainLimit.events && look(ring) && ring.time <= runnerUp);
  }
  for (let i: u32 = 0; i < count; i++) publish(ringAt(i));
  return taken;
}

/** Time of the second earliest record after `earliest`. */
let runnerUp: u64 = NEVER;

function earliest(): Ring | null {
  let best: Ring | null = null;
  let time: u64 = NEVER;
  runnerUp = NEVER;
  for (let i: u32 = 0; i < count; i++) {
    const ring = ringAt(i);
    if (!look(ring)) continue;
    if (best === null || ring.time < time) {
      runnerUp = time;
      time = ring.time;
      best = ring;
    } else if (ring.time < runnerUp) runnerUp = ring.time;
  }
  return best;
}

function take(ring: Ring): void {
  // Moved before packs run: after one that traps, the next drain goes on behind this record. The
  // kernel is told only later, so the record stays readable.
  ring.position = ring.next;
  Progress.slot = positionSlot(ring);
  Progress.position = ring.next;
  tapEvent(<usize>ring.event, ring.available, ring.cpu, ring.index, ring.next);
  processEvent(<usize>ring.event, ring.available, ring.cpu, false);
  Progress.slot = 0;
  if (ring.position - ring.published >= PUBLISH_BYTES) {
    publish(ring);
    HeaderAt.header.heartbeat++;
  }
}

/** Asks the capture programs for a wake-up; 1 when a record is there already. */
export function askForWakeup(): u32 {
  atomic.store<u32>(<usize>WAKEUP_BASE, 1);
  for (let i: u32 = 0; i < count; i++) {
    if (look(ringAt(i))) return 1;
  }
  return 0;
}
