/** procexit. Parameters: status, ret, sig, core, reaper_tid. The entry goes at the next event. */
import { Params } from "../../record/event";
import { Clock } from "../../state/clock";
import { ThreadTable } from "../../state/thread-table";
import { Current } from "../current";
import { Deferred } from "../deferred";
import { RecentExits } from "../recent-exits";

export function onExit(): void {
  RecentExits.note(Current.tid, Current.time);
  if (Current.thread == 0) return;
  const thread = Current.threadEntry;
  ThreadTable.markDead(thread);
  thread.exitTime = Current.time;
  thread.reaperTid = Params.has(4) ? <i32>Params.i64(4) : -1;
  thread.changedAt = Clock.tick();
  Deferred.thread(Current.tid);
}
