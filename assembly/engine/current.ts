/**
 * The event that is being applied, as the handlers see it; packs see the same through the frame.
 */
import { Params } from "../record/event";
import { Count, Counter } from "../state/counters";
import { Descriptor, FdType } from "../state/descriptor";
import { DescriptorTable } from "../state/descriptor-table";
import { Frame } from "../state/frame";
import { findDescriptor, Owner } from "../state/lookup";
import { Thread } from "../state/thread";

export class Current {
  static time: u64 = 0;
  static tid: i64 = 0;
  static type: u32 = 0;
  /** Addresses, 0 when not known. */
  static thread: u32 = 0;
  static descriptor: u32 = 0;
  /** The container that the event tells of; it has no thread then. */
  static container: u32 = 0;

  @inline static get threadEntry(): Thread {
    return changetype<Thread>(<usize>Current.thread);
  }
  @inline static get descriptorEntry(): Descriptor {
    return changetype<Descriptor>(<usize>Current.descriptor);
  }
  /** Whose descriptors the thread uses; only for a known thread. */
  @inline static get owner(): u32 {
    return Owner.of(Current.threadEntry);
  }
  @inline static get succeeded(): bool {
    return Params.has(0) && Params.i64(0) >= 0;
  }

  /** Looks up the descriptor that the event speaks of. */
  static use(fd: i64): void {
    Frame.record.fd = fd;
    Frame.record.hasFd = 1;
    const descriptor = findDescriptor(Current.owner, fd);
    Current.descriptor = <u32>changetype<usize>(descriptor);
    if (descriptor === null) Count.one(Counter.DescriptorsUnknown);
  }

  /** A new descriptor, which becomes the event's own; null when there is no room. */
  static open(fd: i64, type: FdType): Descriptor | null {
    const descriptor = DescriptorTable.open(Current.owner, fd);
    Current.show(fd, descriptor);
    if (descriptor !== null) descriptor.type = <u8>type;
    return descriptor;
  }

  /** The event speaks of that number, whether or not there is a descriptor. */
  static speakOf(fd: i64): void {
    Frame.record.fd = fd;
    Frame.record.hasFd = 1;
  }

  /** Makes `descriptor` the event's own. */
  static show(fd: i64, descriptor: Descriptor | null): void {
    Frame.record.fd = fd;
    Frame.record.hasFd = 1;
    Current.descriptor = <u32>changetype<usize>(descriptor);
  }
}
