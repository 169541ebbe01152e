/** A /proc scan by the ids that events have. */
import type { FdList, ProcessEntry } from "../replay/entries.ts";
import type { ProcScan } from "./proc-scan.ts";
import type { ProcessIds } from "./process-ids.ts";

/**
 * Threads that cannot be named by the kernel's ids are left out: they started after `ids` were
 * read, so their start is an event, or /proc belongs to a namespace in which we are not. Of the
 * descriptors `without` is left out.
 */
export function byKernelIds(scan: ProcScan, ids: ProcessIds, without?: bigint): ProcScan {
  const lists = without === undefined ? scan.descriptors : scan.descriptors.map(dropped(without));
  if (ids.procIsFirst) return { ...scan, descriptors: lists };
  const processes = scan.processes.flatMap((entry) => renamed(entry, ids));
  const descriptors = lists.flatMap((list) => {
    const tid = ids.kernelId(Number(list.tid), "proc");
    return tid === undefined ? [] : [{ ...list, tid: BigInt(tid) }];
  });
  return { ...scan, processes, descriptors };
}

function renamed(entry: ProcessEntry, ids: ProcessIds): ProcessEntry[] {
  const id = ids.kernelId(Number(entry.tid), "proc");
  const task = id === undefined ? undefined : ids.task(id);
  if (task === undefined) return [];
  return [
    {
      ...entry,
      tid: BigInt(task.tid),
      pid: BigInt(task.tgid),
      ptid: BigInt(task.parent),
      pgid: BigInt(task.pgid),
      sid: BigInt(task.sid),
    },
  ];
}

function dropped(fd: bigint): (list: FdList) => FdList {
  return (list) => ({ ...list, descriptors: list.descriptors.filter((each) => each.fd !== fd) });
}
