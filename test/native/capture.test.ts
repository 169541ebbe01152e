import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { handlersOf } from "../../host/capture/handlers.ts";
import { nativeArchitecture, selectInterest } from "../../host/capture/interest.ts";
import { cgroup2Mount } from "../../host/capture/scope.ts";
import {
  bootTimeNs,
  Capture,
  type CaptureOptions,
  mapWindow,
  NativeError,
  Waiter,
} from "../../host/native/native.ts";
import { RINGS_BASE, WAKEUP_BASE } from "../../host/schema/memory.ts";
import { BPF_OBJECT, liveIsMissing, liveName } from "../support/live.ts";

const RING_BYTES = 1 << 20;
const OPTIONS: CaptureOptions = {
  object: BPF_OBJECT,
  ringBytes: RING_BYTES,
  cpusPerRing: 1_024,
  handlers: handlersOf(nativeArchitecture()),
};
const CGROUPS = cgroup2Mount();
const EVERYTHING = new Uint8Array(64).fill(0xff);

const captures: Capture[] = [];
const children: ChildProcess[] = [];

afterEach(() => {
  for (const capture of captures.splice(0)) capture.close();
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function load(options: Partial<CaptureOptions> = {}): Promise<Capture> {
  const capture = new Capture({ ...OPTIONS, ...options });
  captures.push(capture);
  await capture.load(EVERYTHING);
  return capture;
}

/** Sleeps until `go`, then opens ten files; does nothing else of its own. */
function startChild(): ChildProcess {
  const script = "read go; for i in 1 2 3 4 5 6 7 8 9 10; do : < /dev/null; done";
  const child = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"] });
  children.push(child);
  return child;
}

async function run(child: ChildProcess): Promise<void> {
  child.stdin?.end("go\n");
  if (child.exitCode === null) await once(child, "exit");
}

async function captureOf(child: ChildProcess): Promise<Capture> {
  const capture = await load();
  capture.setScope({ kind: "tgid", value: child.pid ?? 0 });
  capture.setInterest(EVERYTHING);
  capture.setSyscallCodes(new Uint16Array(512).fill(1));
  capture.setBootTime(bootTimeNs());
  capture.attach();
  return capture;
}

function written(capture: Capture): number {
  return capture.counters().reduce((sum, row) => sum + row.written, 0);
}

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof NativeError) return error.code;
    throw error;
  }
  return "nothing was thrown";
}

describe("the door refuses", () => {
  test.each([
    ["ring bytes that are no power of two", { ringBytes: 5_000 }],
    ["a ring below a page", { ringBytes: 64 }],
    ["no CPU for a ring", { cpusPerRing: 0 }],
    ["an empty path", { object: "" }],
  ])("%s", (_, options) => {
    expect(codeOf(() => new Capture({ ...OPTIONS, ...options }))).toBe("BAD_ARGUMENT");
  });
});

describe.skipIf(liveIsMissing())(liveName("a capture"), () => {
  test("has its rings before its programs, and may be closed while they load", async () => {
    const capture = new Capture(OPTIONS);
    expect(capture.rings().length).toBeGreaterThan(0);
    expect(capture.wakeupFd()).toBeGreaterThan(0);
    expect(codeOf(() => capture.counters())).toBe("CLOSED");
    const loading = capture.load(EVERYTHING);
    capture.close();
    await loading;
    expect(codeOf(() => capture.rings())).toBe("CLOSED");
  });

  test("says what is wrong with an object that is none", async () => {
    await expect(load({ object: process.execPath })).rejects.toMatchObject({ code: "LOAD_FAILED" });
    await expect(load({ object: "/nowhere.o" })).rejects.toThrow(
      /cannot open \/nowhere\.o: .*npm run build/,
    );
  });

  test("writes nothing before it is enabled, and only of the process in scope", async () => {
    const child = startChild();
    const capture = await captureOf(child);
    expect(written(capture)).toBe(0);
    const other = startChild();
    capture.setEnabled(true);
    await run(other);
    expect(written(capture)).toBe(0);
    await run(child);
    const open = capture.counters().find(({ eventClass }) => eventClass === "open");
    expect(open?.written).toBeGreaterThanOrEqual(10);
    expect(capture.counters().map((row) => row.ringFull)).toEqual(Array(8).fill(0));
  });

  test("wakes the waiter through the mapped page; records can be read in place", async () => {
    const child = startChild();
    const capture = await captureOf(child);
    const memory = new WebAssembly.Memory({ initial: 32_768, maximum: 32_768 });
    const rings = capture.rings();
    expect(rings).toHaveLength(1);
    const ring = { fd: rings[0]?.fd ?? -1, fdOffset: 4_096 };
    mapWindow(memory.buffer, RINGS_BASE + 4_096, {
      ...ring,
      bytes: 4_096 + 2 * RING_BYTES,
      access: "read",
    });
    const wakeup = { fd: capture.wakeupFd(), fdOffset: 0, bytes: 4_096 } as const;
    mapWindow(memory.buffer, WAKEUP_BASE, { ...wakeup, access: "readwrite" });
    const view = new DataView(memory.buffer);
    const waiter = new Waiter(rings.map(({ fd }) => fd));
    const woken = new Promise<boolean>((resolve) => {
      waiter.wait(resolve, 5_000);
    });
    view.setUint32(WAKEUP_BASE, 1, true);
    capture.setEnabled(true);
    await run(child);
    expect(await woken).toBe(true);
    waiter.close();
    expect(view.getUint32(WAKEUP_BASE, true)).toBe(0);
    expect(view.getBigUint64(RINGS_BASE + 4_096, true)).toBeGreaterThan(0n);
    // Ring header (8), prelude (8), then the event: time, thread.
    const event = RINGS_BASE + 8_192 + 8 + 8;
    const agoMs = Date.now() - Number(view.getBigUint64(event, true) / 1_000_000n);
    expect(Math.abs(agoMs)).toBeLessThan(60_000);
    expect(view.getBigUint64(event + 8, true)).toBe(BigInt(child.pid ?? 0));
  });

  test("loads what a later interest adds, and keeps what runs", async () => {
    const child = startChild();
    const few = selectInterest({ rules: [], custom: ["close"] }).bits;
    const capture = new Capture(OPTIONS);
    captures.push(capture);
    await capture.load(few);
    capture.setScope({ kind: "tgid", value: child.pid ?? 0 });
    capture.setInterest(few);
    capture.attach();
    capture.setInterest(EVERYTHING);
    capture.setEnabled(true);
    await run(child);
    const opens = capture.counters().find((row) => row.eventClass === "open");
    expect(opens?.written).toBe(10);
  });

  test("follows the tree of a root", async () => {
    const child = spawn("/bin/sh", ["-c", "read go; /bin/true; /bin/true; exit 0"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    children.push(child);
    const capture = await load();
    capture.addToTree(child.pid ?? 0);
    capture.setScope({ kind: "tree" });
    capture.setInterest(EVERYTHING);
    capture.attach();
    capture.setEnabled(true);
    expect(capture.treeMembers()).toEqual([child.pid]);
    await run(child);
    expect(capture.treeMembers()).toEqual([]);
    const classOf = (name: string): number =>
      capture.counters().find(({ eventClass }) => eventClass === name)?.written ?? 0;
    expect(classOf("execve")).toBeGreaterThanOrEqual(2);
    expect(classOf("procExit")).toBe(3);
  });

  test.skipIf(CGROUPS === undefined)("excludes a process, not the next one of its id", async () => {
    const group = `${CGROUPS ?? ""}/lanner-exclude-${String(process.pid)}`;
    mkdirSync(group);
    try {
      const [excluded, successor, both] = [startChild(), startChild(), startChild()];
      for (const child of [excluded, successor, both]) {
        writeFileSync(`${group}/cgroup.procs`, String(child.pid));
      }
      const capture = await load();
      const tasks = capture.tasks();
      const startOf = (pid = 0): bigint => tasks.find(({ tid }) => tid === pid)?.startTime ?? 0n;
      capture.setInterest(EVERYTHING);
      capture.setScope({ kind: "cgroup", value: statSync(group, { bigint: true }).ino, level: 1 });
      // More than any fixed list; some share their low bits with the children.
      for (let id = 1; id <= 1_000; id++) capture.exclude(3_000_000 + id, 1n);
      capture.exclude(excluded.pid ?? 0, startOf(excluded.pid));
      // As an id that had another process before.
      capture.exclude(successor.pid ?? 0, startOf(successor.pid) - 1n);
      capture.attach();
      capture.setEnabled(true);
      await run(excluded);
      expect(written(capture)).toBe(0);
      await run(successor);
      expect(written(capture)).toBeGreaterThan(10);
      // An exclusion ends with its process: this child's own is unknown by now.
      const before = written(capture);
      await run(both);
      expect(written(capture)).toBeGreaterThan(before);
    } finally {
      await vi.waitFor(() => {
        rmdirSync(group);
      });
    }
  });

  test("tells every thread with its ids in all namespaces", async () => {
    const child = startChild();
    const capture = await load();
    const tasks = capture.tasks();
    const found = tasks.find(({ numbers }) => numbers.at(-1) === child.pid);
    const self = tasks.find(({ isReader, tid, tgid }) => isReader && tid === tgid);
    expect(self?.numbers.at(-1)).toBe(process.pid);
    expect(found).toMatchObject({ parent: self?.tid, isReader: false });
    expect(found?.startTime).toBeGreaterThan(self?.startTime ?? 0n);
    await run(child);
    const after = capture.tasks();
    expect(after.some(({ tid, startTime }) => tid === found?.tid && startTime > 0n)).toBe(false);
  });

  test("forgets the one process in scope when it has ended", async () => {
    const child = startChild();
    const capture = await captureOf(child);
    capture.setEnabled(true);
    await run(child);
    const first = written(capture);
    expect(first).toBeGreaterThan(10);
    // Another one may get its id: nobody's events are written any more, but a canary would be.
    const self = capture.tasks().find(({ isReader }) => isReader)?.tgid ?? 0;
    capture.awaitCanary(self, 2 ** 31 + 5);
    capture.sendCanary(2 ** 31 + 4);
    expect(capture.canariesWritten()).toBe(0);
    capture.sendCanary(2 ** 31 + 5);
    expect(capture.canariesWritten()).toBe(1);
    capture.forgetCanary();
    capture.sendCanary(2 ** 31 + 5);
    expect(capture.canariesWritten()).toBe(1);
    expect(written(capture)).toBe(first);
  });

  test("counts its programs' runs when told to", async () => {
    const child = startChild();
    const capture = await captureOf(child);
    capture.collectStatistics();
    capture.setEnabled(true);
    await run(child);
    const syscalls = capture.statistics().find(({ program }) => program === "on_syscall");
    expect(syscalls?.runs).toBeGreaterThan(10);
    expect(syscalls?.nanoseconds).toBeGreaterThan(0);
  });

  test("two at once see only their own", async () => {
    const [first, second] = [startChild(), startChild()];
    const [one, two] = [await captureOf(first), await captureOf(second)];
    one.setEnabled(true);
    two.setEnabled(true);
    await run(first);
    expect(written(one)).toBeGreaterThan(0);
    expect(written(two)).toBe(0);
  });

  test("closes twice, detaches after that, and then refuses the rest", async () => {
    const capture = await load();
    capture.attach();
    capture.attach();
    capture.detach();
    capture.close();
    capture.close();
    capture.detach();
    const calls = [
      () => capture.rings(),
      () => capture.counters(),
      () => capture.statistics(),
      () => capture.wakeupFd(),
      () => {
        capture.attach();
      },
      () => {
        capture.setEnabled(true);
      },
    ];
    expect(calls.map(codeOf)).toEqual(calls.map(() => "CLOSED"));
  });

  test("checks what it is told", async () => {
    const capture = await load();
    const calls = [
      () => {
        capture.setInterest(new Uint8Array(63));
      },
      () => {
        capture.setSyscallCodes(new Uint16Array(513));
      },
      () => {
        capture.setScope({ kind: "all" as "host" });
      },
      () => {
        capture.setScope({ kind: "tgid", value: -1 });
      },
      () => {
        capture.setScope({ kind: "cgroup", value: 1n, level: -1 });
      },
      () => {
        capture.addToTree(0);
      },
      () => {
        capture.setSnaplen(1_000_000);
      },
      () => {
        capture.setBootTime(-1n);
      },
      () => {
        capture.exclude(0, 1n);
      },
      () => {
        capture.exclude(1, -1n);
      },
      () => {
        capture.awaitCanary(1, 2 ** 31 - 1);
      },
    ];
    expect(calls.map(codeOf)).toEqual(calls.map(() => "BAD_ARGUMENT"));
  });
});
