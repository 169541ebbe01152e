/**
 * Which container a thread runs in, by the paths of its cgroups. Runtimes are tried in a fixed
 * order, each over all cgroups. The patterns are those of Falco's container plugin, and so is the
 * order, but that containerd's, which takes nearly any path, comes last.
 */
import { Clock } from "../state/clock";
import { Container } from "../state/container";
import { ContainerTable, CONTAINER_TYPE_UNKNOWN } from "../state/container-table";
import { Heap } from "../state/heap";
import { NO_TEXT, TextAt } from "../state/text";
import { Thread } from "../state/thread";
import { CgroupMatch, matchRuntime, RUNTIMES } from "./cgroup-patterns";
import { DrainLimit } from "./drain-limit";
import { onProcess } from "./host";

const EQUALS: u8 = 61;

/** Puts the thread where its cgroups say. */
export function resolveContainer(thread: Thread): void {
  ContainerTable.assign(thread, containerOf(thread));
}

/** Lets the host tell of the container, of its users above all, once a program runs in it. */
export function announceProcess(thread: Thread): void {
  if (thread.container == 0) return;
  const id = changetype<Container>(<usize>thread.container).id;
  const answers = onProcess(<i32>thread.pid, <u32>TextAt.bytes(id), TextAt.length(id));
  if (answers != 0) DrainLimit.events = 0;
}

function containerOf(thread: Thread): u32 {
  if (thread.cgroups == 0 || TextAt.length(thread.cgroups) == 0) return 0;
  for (let runtime: u32 = 0; runtime < RUNTIMES; runtime++) {
    if (!matchAny(thread, runtime)) continue;
    const container = ContainerTable.open(CgroupMatch.address, CgroupMatch.length);
    if (container === null) return 0;
    if (container.threads == 0) complete(container, thread);
    return <u32>changetype<usize>(container);
  }
  return 0;
}

/** What the path says, where nobody told it already. */
function complete(container: Container, thread: Thread): void {
  if (container.type == CONTAINER_TYPE_UNKNOWN) container.type = CgroupMatch.type;
  if (container.fullId == NO_TEXT && CgroupMatch.fullLength != 0) {
    container.fullId = Heap.make(CgroupMatch.address, CgroupMatch.fullLength);
  }
  if (container.startTime == 0) container.startTime = thread.pidnsStart;
  if (CgroupMatch.isWhole) container.described = 1;
  Clock.container(container);
}

function matchAny(thread: Thread, runtime: u32): bool {
  const text = TextAt.bytes(thread.cgroups);
  const end = text + TextAt.length(thread.cgroups);
  let at = text;
  while (at < end) {
    while (at < end && load<u8>(at) != EQUALS) at++;
    const path = at + 1;
    while (at < end && load<u8>(at) != 0) at++;
    if (path < at && matchRuntime(runtime, path, <u32>(at - path))) return true;
    at++;
  }
  return false;
}
