/**
 * The container table: fixed entries, a chained hash by short id. An entry is made when a thread
 * turns out to run in it, or when the runtime tells of it, whichever is first.
 */
import { Clock } from "./clock";
import { Container } from "./container";
import { Count, Counter } from "./counters";
import { Hash } from "./hash";
import { HeaderAt } from "./header";
import { Heap } from "./heap";
import { findContainer } from "./lookup";
import { NO_TEXT, Text, TextAt } from "./text";
import { Thread } from "./thread";

/** Falco's number for a container whose runtime is not known. */
export const CONTAINER_TYPE_UNKNOWN: u32 = 0xffff;
/** `Container.privileged` before the runtime told. */
const NOT_KNOWN: u32 = 2;

export class ContainerTable {
  static clear(): void {
    const header = HeaderAt.header;
    memory.fill(<usize>header.containerIndexBase, 0, <usize>header.containerSlots << 2);
    const bytes = <usize>header.containerCapacity * offsetof<Container>();
    memory.fill(<usize>header.containerBase, 0, bytes);
    header.containerCount = 0;
  }

  /** The entry with that short id, made when it is new; null when there is no room. */
  static open(id: usize, length: u32): Container | null {
    const known = findContainer(id, length);
    if (known !== null) return known;
    const container = place();
    if (container === null) {
      Count.one(Counter.ContainersFull);
      return null;
    }
    memory.fill(changetype<usize>(container), 0, offsetof<Container>());
    container.id = Heap.make(id, length);
    if (container.id == NO_TEXT) return null;
    container.type = CONTAINER_TYPE_UNKNOWN;
    container.privileged = NOT_KNOWN;
    const bucket = bucketOf(container);
    container.hashNext = load<u32>(bucket);
    store<u32>(bucket, <u32>changetype<usize>(container));
    HeaderAt.header.containerCount++;
    Clock.container(container);
    return container;
  }

  static remove(container: Container): void {
    const at = <u32>changetype<usize>(container);
    let link = bucketOf(container);
    while (load<u32>(link) != at) {
      link = <usize>load<u32>(link) + offsetof<Container>("hashNext");
    }
    store<u32>(link, container.hashNext);
    for (let i: u32 = 0; i < CONTAINER_TEXTS; i++) {
      Heap.release(load<u32>(textSlot(container, i)));
      store<u32>(textSlot(container, i), NO_TEXT);
    }
    HeaderAt.header.containerCount--;
    Clock.tick();
  }

  /** What was told of it is void: news are on the way. What its cgroups say stays. */
  static forget(container: Container): void {
    for (let i: u32 = FIRST_TOLD_TEXT; i < CONTAINER_TEXTS; i++) {
      ContainerTable.setText(container, i, NO_TEXT);
    }
    container.privileged = NOT_KNOWN;
    container.hostPid = 0;
    container.hostNetwork = 0;
    container.hostIpc = 0;
  }

  /** Puts the thread into a container (an address; 0: the host). The caller stamps the thread. */
  static assign(thread: Thread, container: u32): void {
    if (thread.container == container) return;
    if (thread.container != 0) changetype<Container>(<usize>thread.container).threads--;
    thread.container = container;
    if (container != 0) changetype<Container>(<usize>container).threads++;
  }

  /** Text member number `index`, in the order of the class; the old one is let go. */
  static setText(container: Container, index: u32, text: Text): void {
    Heap.release(load<u32>(textSlot(container, index)));
    store<u32>(textSlot(container, index), text);
  }
}

/** Members of type Text, from `id` to `podLabels`. */
export const CONTAINER_TEXTS: u32 = 17;
/** `name`: the ids before it are known from the cgroups. */
const FIRST_TOLD_TEXT: u32 = 2;

function textSlot(container: Container, index: u32): usize {
  return changetype<usize>(container) + offsetof<Container>("id") + (<usize>index << 2);
}

function bucketOf(container: Container): usize {
  const header = HeaderAt.header;
  const hash = Hash.ofBytes(TextAt.bytes(container.id), TextAt.length(container.id));
  return <usize>header.containerIndexBase + (<usize>(hash & (header.containerSlots - 1)) << 2);
}

/** A free entry, else the one without threads whose news is oldest. */
function place(): Container | null {
  const header = HeaderAt.header;
  let oldest: Container | null = null;
  for (let i: u32 = 0; i < header.containerCapacity; i++) {
    const at = header.containerBase + i * offsetof<Container>();
    const container = changetype<Container>(<usize>at);
    if (container.id == NO_TEXT) return container;
    if (container.threads != 0) continue;
    if (oldest === null || container.changedAt < oldest.changedAt) oldest = container;
  }
  if (oldest !== null) ContainerTable.remove(oldest);
  return oldest;
}
