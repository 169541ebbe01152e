/** Processes: clone from both sides, exec, exit, reparenting, groups, placeholders. */
import { describe, expect, test } from "vitest";
import { REPLAY_BASE } from "../../host/schema/memory.ts";
import { clone, encode, execve, pass, task } from "../support/records.ts";
import { WasmEngine } from "./wasm-engine.ts";

const CLONE_THREAD = 1 << 13;
const IN_PIDNS = 1 << 29;

function withShell(): WasmEngine {
  const engine = new WasmEngine();
  engine.feed(task({ tid: 1, comm: "init" }));
  engine.feed(task({ tid: 100, ppid: 1, comm: "sh", argv: "/bin/sh\0-l\0", cwd: "/root" }));
  return engine;
}

const anything = (tid: number): Buffer => encode("SYSCALL_GETUID_X", tid, 0);
const exit = (tid: number, reaper = 0): Buffer => encode("PROCEXIT_1_E", tid, 0, 0, 0, 0, reaper);

describe("clone", () => {
  test("the caller's side makes a child that inherits", () => {
    const engine = withShell();
    engine.feed(clone({ result: 101, tid: 100, exe: "/bin/sh", args: "-l\0" }), anything(101));
    expect(engine.field("proc.pid")).toBe(101);
    expect(engine.field("proc.ppid")).toBe(100);
    expect(engine.field("proc.pname")).toBe("sh");
    expect(engine.field("proc.cmdline")).toBe("sh -l");
    expect(engine.field("proc.cwd")).toBe("/root/");
    expect(engine.field("proc.exepath")).toBe("/bin/task");
    expect(engine.counter("placeholders")).toBe(0);
  });

  test("the child's side first, then the caller's, make one entry", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }));
    const added = engine.counter("threadsAdded");
    engine.feed(clone({ result: 101, tid: 100 }), anything(101));
    expect(engine.counter("threadsAdded")).toBe(added);
    expect(engine.field("proc.ppid")).toBe(100);
  });

  test("the caller's side first, then the child's, make one entry", () => {
    const engine = withShell();
    engine.feed(clone({ result: 101, tid: 100 }));
    const added = engine.counter("threadsAdded");
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }), anything(101));
    expect(engine.counter("threadsAdded")).toBe(added);
    expect(engine.field("proc.ppid")).toBe(100);
  });

  test("a thread shares its leader's process", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 102, pid: 100, ptid: 1, flags: CLONE_THREAD }));
    engine.feed(anything(102));
    expect(engine.field("proc.pid")).toBe(100);
    expect(engine.field("thread.tid")).toBe(102);
    expect(engine.field("proc.cwd")).toBe("/root/");
    expect(engine.field("proc.nthreads")).toBe(2);
  });

  test("the caller in a pid namespace does not name the child by a foreign id", () => {
    const engine = withShell();
    engine.feed(clone({ result: 7, tid: 100, flags: IN_PIDNS }), anything(7));
    expect(engine.field("proc.name")).toBe("<NA>");
    expect(engine.counter("placeholders")).toBe(1);
  });

  test("a vfork's caller does not bring back a child that is gone", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }), exit(101));
    engine.feed(clone({ result: 101, tid: 100 }, "SYSCALL_VFORK_20_X"), anything(100));
    expect(engine.counter("threadsAdded") - engine.counter("threadsRemoved")).toBe(2);
  });

  test("a caller that is told late does not bring back a child that is gone", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }), exit(101));
    engine.feed(clone({ result: 101, tid: 100 }), anything(100));
    expect(engine.counter("threadsAdded") - engine.counter("threadsRemoved")).toBe(2);
  });

  test("an id that is used again replaces the entry whose exit was lost", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100, comm: "old" }));
    pass(3_000_000_000n);
    engine.feed(clone({ result: 0, tid: 101, ptid: 1, comm: "new" }), anything(101));
    expect(engine.field("proc.name")).toBe("new");
    expect(engine.field("proc.ppid")).toBe(1);
    expect(engine.counter("threadsReplaced")).toBe(1);
  });
});

describe("exec", () => {
  test("takes over what the kernel says", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }));
    engine.feed(
      execve({
        tid: 101,
        ptid: 100,
        exe: "./ls",
        args: "-l\0/tmp dir\0",
        comm: "ls",
        env: "A=1\0B=2\0",
        exePath: "/usr/bin/ls (deleted)",
        uid: 33,
      }),
    );
    expect(engine.field("proc.name")).toBe("ls");
    expect(engine.field("proc.cmdline")).toBe("ls -l /tmp dir");
    expect(engine.field("proc.exepath")).toBe("/usr/bin/ls");
    expect(engine.field("proc.env", "B")).toBe("2");
    expect(engine.field("user.uid")).toBe(33);
  });

  test("ends the other threads and closes what is marked", () => {
    const engine = withShell();
    const O_CLOEXEC = 1 << 12;
    engine.feed(clone({ result: 0, tid: 102, pid: 100, ptid: 1, flags: CLONE_THREAD }));
    engine.feed(encode("SYSCALL_OPENAT_2_X", 100, 3, -100, "/a", 1 | O_CLOEXEC, 0, 1, 2));
    engine.feed(encode("SYSCALL_OPENAT_2_X", 100, 4, -100, "/b", 1, 0, 1, 2));
    engine.feed(execve({ tid: 100, exe: "/bin/x", comm: "x" }));
    expect(engine.field("proc.nthreads")).toBe(1);
    expect(engine.field("proc.fdopencount")).toBe(1);
  });

  test("heals a thread that was known by its id only", () => {
    const engine = withShell();
    engine.feed(anything(500));
    expect(engine.field("proc.name")).toBe("<NA>");
    engine.feed(execve({ tid: 500, ptid: 100, exe: "/bin/x", comm: "x" }));
    expect(engine.field("proc.name")).toBe("x");
    expect(engine.field("proc.pname")).toBe("sh");
  });
});

describe("exit", () => {
  test("the process can be seen at its exit and is gone at the next event", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100, comm: "child" }), exit(101));
    expect(engine.field("proc.name")).toBe("child");
    const removed = engine.counter("threadsRemoved");
    engine.feed(anything(100));
    expect(engine.counter("threadsRemoved")).toBe(removed + 1);
  });

  test("children go to the reaper that the kernel names", () => {
    const engine = withShell();
    engine.feed(
      clone({ result: 0, tid: 101, ptid: 100 }),
      clone({ result: 0, tid: 102, ptid: 101 }),
    );
    engine.feed(exit(101, 100), anything(102));
    expect(engine.field("proc.ppid")).toBe(100);
  });

  test("without a word from the kernel they go to the nearest subreaper, else to init", () => {
    const engine = withShell();
    engine.feed(
      clone({ result: 0, tid: 101, ptid: 100 }),
      clone({ result: 0, tid: 102, ptid: 101 }),
    );
    engine.feed(clone({ result: 0, tid: 103, ptid: 102 }), exit(102), anything(103));
    expect(engine.field("proc.ppid")).toBe(1);
    engine.feed(encode("SYSCALL_PRCTL_X", 101, 0, 36, "", 1));
    engine.feed(
      clone({ result: 0, tid: 104, ptid: 101 }),
      clone({ result: 0, tid: 105, ptid: 104 }),
    );
    engine.feed(exit(104), anything(105));
    expect(engine.field("proc.ppid")).toBe(101);
  });

  test("a dead leader stays until its last thread is gone", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 102, pid: 100, ptid: 1, flags: CLONE_THREAD }));
    engine.feed(exit(100), anything(102));
    expect(engine.field("proc.cwd")).toBe("/root/");
    engine.feed(exit(102), anything(1));
    expect(engine.counter("threadsAdded") - engine.counter("threadsRemoved")).toBe(1);
  });
});

describe("a reaper that nobody knows", () => {
  test("gets an entry, but no children", () => {
    const engine = new WasmEngine();
    engine.feed(task({ tid: 100, ppid: 1, comm: "sh" }));
    engine.feed(
      clone({ result: 0, tid: 101, ptid: 100 }),
      clone({ result: 0, tid: 102, ptid: 101 }),
    );
    engine.feed(exit(101, 1), encode("SYSCALL_KILL_X", 102, 0, 1, 9));
    expect(engine.field("evt.arg", "pid")).toBe("<NA>");
    expect(engine.field("proc.pname")).toBeUndefined();
  });

  test("gets none when there is nobody to hand over", () => {
    const engine = new WasmEngine();
    engine.feed(task({ tid: 100, ppid: 1, comm: "sh" }));
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }), exit(101, 1));
    engine.feed(encode("SYSCALL_KILL_X", 100, 0, 1, 9));
    expect(engine.field("evt.arg", "pid")).toBe("1");
  });
});

describe("what exec measures", () => {
  const CTIME = 5n;

  test("children inherit the age of the program, not that against the namespace", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }));
    const start = engine.field("proc.pid.ts");
    engine.feed(execve({ tid: 101, ptid: 100, exe: "/bin/x", comm: "x" }));
    const age = Number(start) - Number(CTIME);
    expect(engine.field("proc.exe_ino.ctime_duration_proc_start")).toBe(age);
    pass(1_000_000n);
    engine.feed(clone({ result: 0, tid: 102, ptid: 101 }));
    expect(engine.field("proc.exe_ino.ctime_duration_proc_start")).toBe(age);
    expect(engine.field("proc.exe_ino.ctime_duration_pidns_start")).toBeUndefined();
  });

  test("a parent whose start is not known shows how many descriptors there are", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }));
    engine.feed(encode("SYSCALL_OPENAT_2_X", 101, 3, -100, "/a", 1, 0, 1, 2), anything(101));
    expect(engine.field("proc.ppid.duration")).toBe(1);
    engine.feed(clone({ result: 0, tid: 102, ptid: 101 }), anything(102));
    expect(engine.field("proc.ppid.duration")).toBe(4_000);
  });
});

describe("a thread that is known by its id only", () => {
  test("has no process to count in", () => {
    const engine = withShell();
    engine.feed(encode("SYSCALL_OPENAT_2_X", 900, 3, -100, "/a", 1, 0, 1, 2), anything(900));
    expect(engine.field("proc.fdopencount")).toBe(0);
    expect(engine.field("proc.fdlimit")).toBe(0);
    expect(engine.field("proc.cwd")).toBe("./");
    expect(engine.field("proc.aenv", "PATH")).toBe("");
  });
});

test("only a leader hands its environment on", () => {
  const engine = withShell();
  engine.feed(clone({ result: 0, tid: 102, pid: 100, ptid: 1, flags: CLONE_THREAD }));
  engine.feed(clone({ result: 0, tid: 103, ptid: 102 }));
  expect(engine.field("proc.env")).toBe("");
  expect(engine.field("proc.cwd")).toBe("/root/");
  engine.feed(clone({ result: 0, tid: 104, ptid: 100 }));
  expect(engine.field("proc.env", "PATH")).toBe("/bin");
});

describe("purge", () => {
  const IDLE = 300_000_000_000n;

  function keep(engine: WasmEngine, ...tids: readonly number[]): void {
    engine.bytes.set(new Uint8Array(Uint32Array.from(tids).buffer), REPLAY_BASE);
    engine.exports.keepAlive(REPLAY_BASE, tids.length);
  }
  const threads = (engine: WasmEngine): number =>
    engine.counter("threadsAdded") - engine.counter("threadsRemoved");

  test("lets go of idle threads that are not alive, and hands over their children", () => {
    const engine = withShell();
    engine.feed(
      clone({ result: 0, tid: 101, ptid: 100 }),
      clone({ result: 0, tid: 102, ptid: 101 }),
      clone({ result: 0, tid: 103, pid: 102, ptid: 101, flags: CLONE_THREAD }),
    );
    engine.feed(encode("SYSCALL_OPENAT_2_X", 101, 3, -100, "/a", 1, 0, 1, 2));
    pass(IDLE);
    engine.feed(anything(102));
    keep(engine, 1, 100, 102, 103);
    expect(engine.exports.purge(IDLE)).toBe(1);
    engine.feed(anything(102));
    expect(engine.field("proc.ppid")).toBe(1);
    expect(engine.field("proc.nthreads")).toBe(2);
    expect(engine.counter("threadsReplaced")).toBe(1);
    expect(engine.counter("descriptorsAdded")).toBe(engine.counter("descriptorsRemoved"));
    expect(engine.header("changing")).toBe(0);
  });

  test("spares what has done something since, and forgets who was named", () => {
    const engine = withShell();
    pass(IDLE);
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }), anything(900));
    keep(engine, 1, 100);
    expect(engine.exports.purge(IDLE)).toBe(0);
    pass(IDLE);
    engine.feed(anything(1));
    expect(engine.exports.purge(IDLE)).toBe(3);
    expect(threads(engine)).toBe(1);
  });

  test("takes a whole group, its leader last or not", () => {
    const engine = withShell();
    engine.feed(
      clone({ result: 0, tid: 102, pid: 100, ptid: 1, flags: CLONE_THREAD }),
      clone({ result: 0, tid: 103, pid: 100, ptid: 1, flags: CLONE_THREAD }),
    );
    pass(IDLE);
    engine.feed(exit(100), anything(1));
    keep(engine, 1);
    expect(engine.exports.purge(IDLE)).toBe(3);
    expect(threads(engine)).toBe(1);
  });

  test("refuses a list that does not lie in the replay window", () => {
    const engine = withShell();
    engine.exports.keepAlive(0, 4);
    engine.exports.keepAlive(REPLAY_BASE, 0xffff_ffff);
    engine.exports.keepAlive(REPLAY_BASE + 64, 0x4000_0001);
    pass(IDLE);
    engine.feed(anything(1));
    expect(engine.exports.purge(IDLE)).toBe(1);
  });
});

describe("ids", () => {
  test("−1 leaves the user as it is, and is taken for a group", () => {
    const engine = withShell();
    engine.feed(encode("SYSCALL_SETRESUID_X", 100, 0, 7, 8, 9));
    engine.feed(encode("SYSCALL_SETRESUID_X", 100, 0, 5, 0xffff_ffff, 5));
    expect(engine.field("user.uid")).toBe(8);
    engine.feed(encode("SYSCALL_SETREGID_X", 100, 0, 5, 6));
    engine.feed(encode("SYSCALL_SETREGID_X", 100, 0, 5, 0xffff_ffff));
    expect(engine.field("group.gid")).toBe(0xffff_ffff);
    engine.feed(encode("SYSCALL_SETUID_X", 100, -1, 33));
    expect(engine.field("user.uid")).toBe(8);
  });

  test("a child of an unknown parent gives that one an entry, and has none", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 501, ptid: 500 }));
    expect(engine.field("evt.arg", "ptid")).toBe("<NA>");
    expect(engine.field("proc.ppid")).toBeUndefined();
    engine.feed(execve({ tid: 500, ptid: 100, exe: "/bin/x", comm: "x" }), anything(501));
    expect(engine.field("proc.ppid")).toBeUndefined();
  });
});

describe("stamps", () => {
  test("lineage moves when an ancestor changes, not when a leaf does", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }));
    const before = engine.header("lineageChangedAt");
    engine.feed(encode("SYSCALL_SETUID_X", 101, 0, 5));
    expect(engine.header("lineageChangedAt")).toBe(before);
    engine.feed(encode("SYSCALL_SETUID_X", 100, 0, 5));
    expect(engine.header("lineageChangedAt")).toBeGreaterThan(before);
  });

  test("lineage moves when a parent appears that others named already", () => {
    const engine = withShell();
    engine.feed(task({ tid: 300, ppid: 299 }));
    const before = engine.header("lineageChangedAt");
    engine.feed(task({ tid: 299, ppid: 1, comm: "late" }), anything(300));
    expect(engine.header("lineageChangedAt")).toBeGreaterThan(before);
    expect(engine.field("proc.pname")).toBe("late");
  });

  test("events that change nothing leave the clock alone", () => {
    const engine = withShell();
    engine.feed(anything(100));
    const before = engine.header("changeClock");
    engine.feed(anything(100), encode("SYSCALL_READ_X", 100, 1, Buffer.of(1), 9, 1));
    expect(engine.header("changeClock")).toBe(before);
    expect(engine.header("changing")).toBe(0);
  });
});
