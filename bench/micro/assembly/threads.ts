/** A chain of threads in a state window of its own: what walks over ancestors are measured on. */
import { ancestor } from "../../../assembly/fields/thread-of";
import { Frame } from "../../../assembly/state/frame";
import { layOutTables, Sizes } from "../../../assembly/state/layout";
import { findThread } from "../../../assembly/state/lookup";
import { ThreadTable } from "../../../assembly/state/thread-table";

/** Threads 1 to `count`; each is the child of the one before. */
export function makeThreads(count: u32): i32 {
  Sizes.threads = 4_096;
  Sizes.descriptors = 4_096;
  Sizes.stringBytes = 1 << 20;
  Sizes.containers = 16;
  Sizes.users = 16;
  Sizes.groups = 16;
  const failed = layOutTables();
  if (failed != 0) return failed;
  for (let tid: i64 = 1; tid <= <i64>count; tid++) {
    const thread = ThreadTable.insert(tid);
    if (thread === null) return -1;
    thread.ptid = tid - 1;
    thread.leader = <u32>changetype<usize>(thread);
  }
  return 0;
}

/** The id of the ancestor of the thread whose id is at the address. */
export function ancestorId(at: usize, level: u32): u32 {
  Frame.record.leader = <u32>changetype<usize>(findThread(<i64>load<u32>(at)));
  const thread = ancestor(level);
  return thread === null ? 0 : <u32>thread.tid;
}
