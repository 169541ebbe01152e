/** Stamps of the change clock (see ARCHITECTURE.md). */
import { Container } from "./container";
import { Descriptor } from "./descriptor";
import { HeaderAt } from "./header";
import { Thread } from "./thread";

export class Clock {
  @inline static tick(): u64 {
    const header = HeaderAt.header;
    const now = header.changeClock + 1;
    header.changeClock = now;
    return now;
  }

  /** Something that a field of the thread shows has changed. */
  static thread(thread: Thread): void {
    thread.changedAt = Clock.tick();
    if (isSeenByOthers(thread)) Clock.lineage();
  }

  /**
   * The process is a new one, or runs another program: others may have named it as the leader of
   * their session or group though it does not itself, as setpgid is not tracked.
   */
  static identity(thread: Thread): void {
    thread.changedAt = Clock.tick();
    const isLeader = thread.leader == <u32>changetype<usize>(thread);
    if (isLeader || isSeenByOthers(thread)) Clock.lineage();
  }

  @inline static descriptor(descriptor: Descriptor): void {
    descriptor.changedAt = Clock.tick();
  }

  @inline static container(container: Container): void {
    container.changedAt = Clock.tick();
  }

  @inline static lineage(): void {
    HeaderAt.header.lineageChangedAt = Clock.tick();
  }

  @inline static users(): void {
    HeaderAt.header.usersChangedAt = Clock.tick();
  }
}

/** A process with children is their ancestor; a leader of a session or group names its members. */
function isSeenByOthers(thread: Thread): bool {
  if (thread.groupChildren != 0 || thread.children != 0) return true;
  return thread.sid == thread.vpid || thread.pgid == thread.pid || thread.vpgid == thread.vpid;
}
