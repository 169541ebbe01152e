import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NativeError, Waiter } from "../../host/native/native.ts";

const ADDON = new URL("../../build/lanner.node", import.meta.url).pathname;

/** A named pipe opened at both ends: readable as soon as something was written. */
let directory: string;
let pipe: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lanner-waiter-"));
  execFileSync("mkfifo", [join(directory, "pipe")]);
  pipe = openSync(join(directory, "pipe"), constants.O_RDWR | constants.O_NONBLOCK);
});

afterEach(() => {
  closeSync(pipe);
  rmSync(directory, { recursive: true });
});

function wait(waiter: Waiter, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    waiter.wait(resolve, timeoutMs);
  });
}

describe("a waiter", () => {
  test("calls back when data comes", async () => {
    const waiter = new Waiter([pipe]);
    setTimeout(() => {
      writeSync(pipe, "x");
    }, 5);
    expect(await wait(waiter, 5_000)).toBe(true);
    waiter.close();
  });

  test("calls back at once when there is data, again and again", async () => {
    writeSync(pipe, "x");
    const waiter = new Waiter([pipe]);
    for (let i = 0; i < 100; i++) expect(await wait(waiter, 5_000)).toBe(true);
    waiter.close();
  });

  test("calls back with false when the time is up", async () => {
    const waiter = new Waiter([pipe]);
    const start = performance.now();
    expect(await wait(waiter, 20)).toBe(false);
    expect(performance.now() - start).toBeGreaterThan(15);
    waiter.close();
  });

  test("does not call back after cancel or close", async () => {
    const calls: string[] = [];
    const waiter = new Waiter([pipe]);
    waiter.wait(() => calls.push("cancelled"));
    waiter.cancel();
    waiter.wait(() => calls.push("closed"));
    writeSync(pipe, "x");
    waiter.close();
    waiter.close();
    waiter.cancel();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(calls).toEqual([]);
  });

  test("may be closed in its own callback", async () => {
    writeSync(pipe, "x");
    const waiter = new Waiter([pipe]);
    const ready = await new Promise<boolean>((resolve) => {
      waiter.wait((answer) => {
        waiter.close();
        resolve(answer);
      });
    });
    expect(ready).toBe(true);
  });

  test("refuses a second wait, a closed one, strange descriptors and times", () => {
    const waiter = new Waiter([pipe]);
    const ignore = (): void => undefined;
    waiter.wait(ignore);
    const calls: [() => unknown, string][] = [
      [
        () => {
          waiter.wait(ignore);
        },
        "BAD_ARGUMENT",
      ],
      [() => new Waiter([1_000_000]), "BAD_ARGUMENT"],
      [() => new Waiter([-1]), "BAD_ARGUMENT"],
      [() => new Waiter("3" as unknown as number[]), "BAD_ARGUMENT"],
      [() => new Waiter(Array.from({ length: 200 }, () => pipe)), "BAD_ARGUMENT"],
      [
        () => {
          waiter.cancel();
          waiter.wait(ignore, -2);
        },
        "BAD_ARGUMENT",
      ],
      [
        () => {
          waiter.wait(undefined as unknown as () => void);
        },
        "BAD_ARGUMENT",
      ],
      [
        () => {
          waiter.close();
          waiter.wait(ignore);
        },
        "CLOSED",
      ],
    ];
    for (const [call, code] of calls) {
      expect(call).toThrow(NativeError);
      try {
        call();
      } catch (error) {
        expect((error as NativeError).code).toBe(code);
      }
    }
  });
});

/** Runs in a thread of its own: maps, waits, and ends with the wait still open if told so. */
const WORKER = `
  const { parentPort, workerData } = require("node:worker_threads");
  const addon = require(workerData.addon);
  const memory = new WebAssembly.Memory({ initial: 32, maximum: 32 });
  const fd = addon.createMemory("worker", 65536);
  addon.mapWindow(memory.buffer, 65536, { fd, fdOffset: 0, bytes: 65536, access: "readwrite" });
  new Uint8Array(memory.buffer)[65536] = 9;
  addon.unmapWindow(memory.buffer, 65536, 65536);
  addon.closeFd(fd);
  const waiter = new addon.Waiter([workerData.pipe]);
  waiter.wait((ready) => {
    waiter.close();
    if (workerData.leaveOpen) new addon.Waiter([]).wait(() => {}, -1);
    parentPort.postMessage(ready);
  }, 10_000);
`;

function work(leaveOpen: boolean): { readonly worker: Worker; readonly ready: Promise<unknown> } {
  const worker = new Worker(WORKER, { eval: true, workerData: { addon: ADDON, pipe, leaveOpen } });
  const ready = new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { worker, ready };
}

describe("two workers at once", () => {
  test("each have an addon of their own", async () => {
    const workers = [work(false), work(false)];
    writeSync(pipe, "x");
    const ended = workers.map(
      ({ worker }) => new Promise((resolve) => worker.once("exit", resolve)),
    );
    expect(await Promise.all(workers.map(({ ready }) => ready))).toEqual([true, true]);
    expect(await Promise.all(ended)).toEqual([0, 0]);
  });

  test("end cleanly with a wait still open", async () => {
    const workers = [work(true), work(true)];
    writeSync(pipe, "x");
    await Promise.all(workers.map(({ ready }) => ready));
    const codes = await Promise.all(workers.map(({ worker }) => worker.terminate()));
    expect(codes).toEqual([1, 1]);
  });
});
