/**
 * What is being evaluated now. The engine fills the frame before it calls packs; fields read it, in
 * the engine (rendering) and in packs (conditions) alike, so an accessor is written only once.
 */
import { Container } from "./container";
import { Descriptor } from "./descriptor";
import { FRAME_BASE } from "./header";
import { Thread } from "./thread";

@unmanaged
export class FrameRecord {
  /** `evt.num`: 1 for the first event. */
  number: u64;
  /** Address of the scap event header (see record/event.ts). */
  event: u32;
  /** Event type code, below EVENT_TYPES. */
  type: u32;
  /** Thread of the event, or 0 when it is not known. */
  thread: u32;
  /** Group leader of `thread` (itself for a leader), or 0. */
  leader: u32;
  /** Descriptor that the event uses, creates or destroys, or 0. */
  descriptor: u32;
  /** Container of the thread, or 0 for the host and for unknown threads. */
  container: u32;
  cpu: u32;
  /** The descriptor's tuple was changed by this very event (`fd.name_changed`). */
  nameChanged: u32;
  /** Pack being called, NO_PACK_YET, or NO_PACK. */
  pack: u32;
  /** fd number that the event speaks of; valid when `hasFd`. */
  hasFd: u32;
  fd: i64;
  /** `pack` has answered for this event; what is left of it is the host's. */
  answered: u32;
  /** The change clock when the event came: what has a later stamp was changed by it. */
  startedAt: u64;
  /** Differs for every event that was ever taken in, those of other recordings included. */
  serial: u64;
}

export const NO_PACK: u32 = 0xffff_ffff;
/** The event is in state and packs are to see it; should the engine die now, those of the next. */
export const NO_PACK_YET: u32 = 0xffff_fffe;

/** Reads of the current frame, as the accessors want them. */
export class Frame {
  @inline static get record(): FrameRecord {
    return changetype<FrameRecord>(<usize>FRAME_BASE);
  }
  @inline static get event(): usize {
    return Frame.record.event;
  }
  @inline static get type(): u32 {
    return Frame.record.type;
  }
  /** Null when the event's thread is not known. */
  @inline static get thread(): Thread | null {
    return changetype<Thread | null>(<usize>Frame.record.thread);
  }
  @inline static get leader(): Thread | null {
    return changetype<Thread | null>(<usize>Frame.record.leader);
  }
  @inline static get descriptor(): Descriptor | null {
    return changetype<Descriptor | null>(<usize>Frame.record.descriptor);
  }
  @inline static get container(): Container | null {
    return changetype<Container | null>(<usize>Frame.record.container);
  }
}
