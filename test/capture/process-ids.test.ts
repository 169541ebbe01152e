import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { scanProc } from "../../host/capture/proc-scan.ts";
import { ProcessIds } from "../../host/capture/process-ids.ts";
import { byKernelIds } from "../../host/capture/scan-ids.ts";
import type { Task } from "../../host/native/native.ts";

const root = mkdtempSync(join(tmpdir(), "lanner-ids-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function task(numbers: readonly number[], more: Partial<Task> = {}): Task {
  const [tid = 0] = numbers;
  const rest = { parent: 1, pgid: tid, sid: tid, startTime: 1n, isReader: false };
  return { tid, tgid: tid, ...rest, numbers, ...more };
}

/** A /proc whose `self` says of us what a namespace that is `levels` above ours would say. */
function procRoot(levels: number): string {
  const folder = mkdtempSync(join(root, "proc-"));
  mkdirSync(join(folder, "self"));
  const numbers = Array.from({ length: levels }, (_, i) => String(900 + i)).join("\t");
  writeFileSync(join(folder, "self/status"), `Name:\tnode\nNSpid:\t${numbers}\n`);
  return folder;
}

/** We are 9 in a namespace below the first, 7000 there. */
const TASKS = [
  task([6999, 1]),
  task([7000, 9], { parent: 6999, isReader: true }),
  task([7001, 9], { tid: 7001, tgid: 7000, parent: 6999, numbers: [7001, 10], isReader: true }),
  task([7002, 11], { parent: 7000, pgid: 6999, sid: 6999 }),
  task([7003, 12, 1], { parent: 7002 }),
];

test("a container's own /proc: its numbers are translated, both ways", () => {
  const ids = new ProcessIds(TASKS, procRoot(1));
  expect(ids.procIsFirst).toBe(false);
  expect(ids.kernelId(9, "own")).toBe(7000);
  expect(ids.kernelId(12, "proc")).toBe(7003);
  expect(ids.kernelId(7003, "proc")).toBeUndefined();
  expect(ids.number(7002, "proc")).toBe(11);
  expect(ids.self()?.tgid).toBe(7000);
  expect(ids.descendants(7000)).toEqual([7000, 7002, 7003]);
});

test("the host's /proc in a container: only what we start has other numbers", () => {
  const ids = new ProcessIds(TASKS, procRoot(2));
  expect(ids.procIsFirst).toBe(true);
  expect(ids.isPlain).toBe(false);
  expect(ids.kernelId(11, "own")).toBe(7002);
  expect(ids.kernelId(4_242, "proc")).toBe(4_242);
});

test("a /proc in which we are not names nobody", () => {
  const ids = new ProcessIds(TASKS, mkdtempSync(join(root, "foreign-")));
  expect(ids.kernelId(9, "proc")).toBeUndefined();
  expect(ids.number(7000, "proc")).toBeUndefined();
});

test("the same number everywhere outside of containers", () => {
  const ids = new ProcessIds([task([process.pid], { isReader: true })]);
  expect(ids.isPlain).toBe(true);
  expect(ids.kernelId(77, "own")).toBe(77);
});

test("a scan gets the ids that events have, and loses the gate", () => {
  const scan = scanProc({ pids: [process.pid], bootTime: 0n });
  const us = scan.processes.filter(({ tid }) => tid === BigInt(process.pid));
  const list = scan.descriptors.find(({ tid }) => tid === BigInt(process.pid));
  const tasks = [task([7000, process.pid], { parent: 6999, pgid: 5, sid: 6, isReader: true })];
  const ids = new ProcessIds(tasks, procRoot(1));
  const told = byKernelIds({ ...scan, processes: us }, ids, 0n);
  expect(told.processes).toMatchObject([
    { tid: 7000n, pid: 7000n, ptid: 6999n, pgid: 5n, sid: 6n },
  ]);
  expect(told.descriptors.map(({ tid }) => tid)).toEqual([7000n]);
  expect(told.descriptors[0]?.descriptors).toEqual(list?.descriptors.filter(({ fd }) => fd !== 0n));
});
