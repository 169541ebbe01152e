/** Who is alive, and how often the engine hears of it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { PurgeTimer } from "../../host/agent/purge-timer.ts";
import { livingThreads } from "../../host/capture/living-threads.ts";

const FIRST_NAMESPACE = "pid:[4026531836]";
const folders: string[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const THREADS = ["1/task/1", "7/task/7", "9/task/9", "9/task/12"];

/** A /proc of three processes, one with two threads. */
function proc(namespace: string, threads = THREADS): string {
  const root = mkdtempSync(join(tmpdir(), "lanner-proc-"));
  folders.push(root);
  for (const path of ["self/ns", ...threads]) {
    mkdirSync(join(root, path), { recursive: true });
  }
  symlinkSync(namespace, join(root, "self/ns/pid"));
  return root;
}

test("all threads of all processes", () => {
  expect([...(livingThreads(10, proc(FIRST_NAMESPACE)) ?? [])].sort((a, b) => a - b)).toEqual([
    1, 7, 9, 12,
  ]);
});

test("nobody where /proc hides the processes of others", () => {
  // hidepid=1 shows that they are there, hidepid=2 not even that.
  expect(livingThreads(10, proc(FIRST_NAMESPACE, ["1", "7/task/7"]))).toBeUndefined();
  expect(livingThreads(10, proc(FIRST_NAMESPACE, ["7/task/7"]))).toBeUndefined();
});

test("nobody where not all can be told", () => {
  expect(livingThreads(10, proc("pid:[4026532000]"))).toBeUndefined();
  expect(livingThreads(2, proc(FIRST_NAMESPACE))).toBeUndefined();
  expect(livingThreads(10, join(tmpdir(), "lanner-no-proc"))).toBeUndefined();
});

test("the engine is told after half a minute and then every five", () => {
  vi.useFakeTimers();
  const told: Uint32Array[] = [];
  const timer = new PurgeTimer({ tellLiving: (threads) => told.push(threads) });
  const own = readdirSync("/proc/self/task").map(Number);
  vi.advanceTimersByTime(29_999);
  expect(told).toHaveLength(0);
  vi.advanceTimersByTime(600_001);
  timer.stop();
  vi.advanceTimersByTime(600_000);
  // Where we are in a pid namespace of our own nothing is told.
  const isTold = livingThreads(1 << 20) !== undefined;
  expect(told).toHaveLength(isTold ? 3 : 0);
  for (const threads of told) expect([...threads]).toEqual(expect.arrayContaining(own));
});
