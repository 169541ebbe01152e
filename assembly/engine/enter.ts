/**
 * Enter events of open, openat, openat2, creat and connect are kept until their exit: they were
 * read before another thread could rewrite the memory that the call points to. The record is kept
 * whole in the string heap; it was decoded once, so its lengths fit.
 */
import { EVENT_HEADER_BYTES, EventAt, PARAMS_MAX } from "../record/event";
import { Count, Counter } from "../state/counters";
import { Heap } from "../state/heap";
import { NO_TEXT, TextAt } from "../state/text";
import { Thread } from "../state/thread";
import { Current } from "./current";
import { TextSlot } from "./identity";

export function keepEnter(event: usize): void {
  if (Current.thread == 0) return;
  const slot = <usize>Current.thread + offsetof<Thread>("enter");
  TextSlot.put(slot, Heap.make(event, EventAt.bytes(event)));
  Count.one(Counter.EntersKept);
}

/** An exit ends the wait, whether or not it used what was kept. */
export function dropEnter(thread: Thread): void {
  TextSlot.put(changetype<usize>(thread) + offsetof<Thread>("enter"), NO_TEXT);
}

/** A parameter of the kept enter event that belongs to the exit being applied. */
export class Enter {
  static address: usize = 0;
  static length: u32 = 0;

  /** Finds parameter `index`; false when there is no such event or the parameter is empty. */
  static find(index: u32): bool {
    Enter.length = 0;
    const kept = Current.threadEntry.enter;
    if (kept == NO_TEXT) return false;
    const event = TextAt.bytes(kept);
    const count = EventAt.params(event);
    if (EventAt.type(event) + 1 != Current.type || index >= count || count > PARAMS_MAX) {
      return false;
    }
    const lengths = event + EVENT_HEADER_BYTES;
    let at = lengths + (<usize>count << 1);
    for (let i: u32 = 0; i < index; i++) at += load<u16>(lengths + (<usize>i << 1));
    Enter.address = at;
    Enter.length = load<u16>(lengths + (<usize>index << 1));
    return Enter.length != 0;
  }
}
