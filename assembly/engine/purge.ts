/**
 * Threads whose exit was lost stay in the table until their id is used again. Now and then the host
 * tells which threads are alive; the others go, unless they have done something since so short a
 * time that the list may have been made before they came. A recording is not purged: nobody can
 * say who was alive then, and its own clock does not tell an idle thread from a dead one.
 */
import { Count, Counter } from "../state/counters";
import { HeaderAt } from "../state/header";
import { CHANGING_NOTHING, CHANGING_RECORD } from "../state/layout";
import { findThread } from "../state/lookup";
import { Thread } from "../state/thread";
import { Current } from "./current";
import { isPlaceholder } from "./identity";
import { removeThread } from "./removal";

/** Marks the threads of `count` ids, u32 each at `address`. */
export function markAlive(address: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const thread = findThread(<i64>load<u32>(address + (<usize>i << 2)));
    if (thread !== null) thread.alive = 1;
  }
}

/**
 * Removes all threads that are not marked and had no event within the last `idle` ns of event
 * time; takes the marks away. Returns how many went.
 */
export function purgeThreads(idle: u64): u32 {
  const header = HeaderAt.header;
  const now = Current.time;
  const before = header.threadCount;
  header.changing = CHANGING_RECORD;
  for (let i: u32 = 0; i < header.threadFresh; i++) {
    const thread = changetype<Thread>(<usize>(header.threadBase + i * offsetof<Thread>()));
    if (thread.tid < 0) continue;
    const isAlive = thread.alive != 0;
    thread.alive = 0;
    if (isAlive || now - lastSeen(thread, now) < idle) continue;
    if (!isPlaceholder(thread)) Count.one(Counter.ThreadsReplaced);
    thread.reaperTid = -1;
    removeThread(thread);
  }
  header.changing = CHANGING_NOTHING;
  return before - min<u32>(before, header.threadCount);
}

/** A thread from before the first event has only the time at which it started, if that. */
function lastSeen(thread: Thread, now: u64): u64 {
  const seen = max<u64>(thread.lastEventTime, thread.cloneTime);
  return min<u64>(seen, now);
}
