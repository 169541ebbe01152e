/** A process and those that it started, as /proc shows them. */
import { readdirSync, readFileSync } from "node:fs";

/** Children that run now, of all threads. */
export function childrenOf(pid: number): readonly number[] {
  return tasksOf(pid).flatMap((tid) =>
    readFileSync(`/proc/${String(pid)}/task/${tid}/children`, "utf8")
      .split(" ")
      .filter(Boolean)
      .map(Number),
  );
}

export function tasksOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${String(pid)}/task`);
}

/** The process first, then its descendants. */
export function treeOf(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(treeOf)];
}
