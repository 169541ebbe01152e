/** Life and death of processes where recordings seldom go: failures, namespaces, reused ids. */
import { describe, expect, test } from "vitest";
import { clone, encode, execve, pass, task } from "../support/records.ts";
import { WasmEngine } from "./wasm-engine.ts";

const CLONE_PARENT = 1 << 8;
const CLONE_THREAD = 1 << 13;
const CLONE_NEWUSER = 1 << 20;
const IN_PIDNS = 1 << 29;
const CHILD_SUBREAPER = 36;

function withShell(): WasmEngine {
  const engine = new WasmEngine();
  engine.feed(task({ tid: 1, comm: "init" }));
  engine.feed(task({ tid: 100, ppid: 1, comm: "sh", argv: "/bin/sh\0-l\0", cwd: "/root" }));
  return engine;
}

const anything = (tid: number): Buffer => encode("SYSCALL_GETUID_X", tid, 0);
const exit = (tid: number, reaper = 0): Buffer => encode("PROCEXIT_1_E", tid, 0, 0, 0, 0, reaper);
const living = (engine: WasmEngine): number =>
  engine.counter("threadsAdded") - engine.counter("threadsRemoved");

/** Two threads of one process, 100 and 102. */
function withThread(): WasmEngine {
  const engine = withShell();
  engine.feed(clone({ result: 0, tid: 102, pid: 100, ptid: 1, flags: CLONE_THREAD }));
  return engine;
}

describe("exec", () => {
  test("one that fails changes nothing", () => {
    const engine = withThread();
    const before = engine.header("changeClock");
    engine.feed(encode("SYSCALL_EXECVE_19_X", 100, -2, "/bin/none", Buffer.from("x\0")));
    expect(engine.field("proc.name")).toBe("sh");
    expect(engine.field("proc.cmdline")).toBe("sh -l");
    expect(engine.field("proc.nthreads")).toBe(2);
    expect(engine.field("evt.res")).toBe("ENOENT");
    expect(engine.header("changeClock")).toBe(before);
  });

  test("a thread that calls it after its leader died becomes the leader", () => {
    const engine = withThread();
    engine.feed(exit(100), anything(102));
    expect(engine.field("proc.nthreads")).toBe(1);
    engine.feed(execve({ tid: 100, pid: 100, exe: "/bin/x", comm: "x" }));
    expect(engine.field("proc.nthreads")).toBe(1);
    expect(engine.field("proc.name")).toBe("x");
    expect(engine.field("thread.ismain")).toBe(true);
    expect(living(engine)).toBe(2);
    engine.feed(exit(100), anything(1));
    expect(living(engine)).toBe(1);
  });
});

describe("an id that is used again", () => {
  test("has nothing of the one before, though only the child's side told", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100, comm: "old" }));
    engine.feed(encode("SYSCALL_OPENAT_2_X", 101, 3, -100, "/secret", 1, 0, 1, 2));
    engine.feed(execve({ tid: 101, ptid: 100, exe: "/bin/old", comm: "old", env: "A=1\0" }));
    const started = engine.field("proc.pid.ts");
    engine.feed(exit(101), clone({ result: 0, tid: 101, ptid: 1, comm: "new" }));
    engine.feed(encode("SYSCALL_READ_X", 101, 1, Buffer.of(1), 3, 1));
    expect(engine.field("proc.name")).toBe("new");
    expect(engine.field("proc.pname")).toBe("init");
    expect(engine.field("proc.env")).not.toContain("A=1");
    expect(engine.field("fd.name")).not.toBe("/secret");
    expect(engine.field("proc.pid.ts")).not.toBe(started);
  });

  test("as that of a thread, frees what a lost process held", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }));
    engine.feed(encode("SYSCALL_OPENAT_2_X", 101, 3, -100, "/a", 1, 0, 1, 2));
    pass(3_000_000_000n);
    engine.feed(clone({ result: 0, tid: 101, pid: 100, ptid: 1, flags: CLONE_THREAD }));
    engine.feed(anything(101));
    expect(engine.field("proc.pid")).toBe(100);
    expect(engine.field("proc.fdopencount")).toBe(0);
    expect(engine.counter("descriptorsAdded")).toBe(engine.counter("descriptorsRemoved"));
  });
});

describe("pid namespaces", () => {
  /** A first process of a namespace, its child and its grandchild. */
  function nested(): WasmEngine {
    const engine = withShell();
    const inside = (tid: number, vtid: number, ptid: number): Buffer =>
      clone({ result: 0, tid, ptid, vtid, vpid: vtid, flags: IN_PIDNS });
    engine.feed(inside(200, 1, 100), inside(201, 2, 200), inside(202, 3, 201));
    return engine;
  }

  test("orphans go to the namespace's first process, not to the host's", () => {
    const engine = nested();
    engine.feed(exit(201), anything(202));
    expect(engine.field("proc.ppid")).toBe(200);
    expect(engine.field("proc.vpid")).toBe(3);
    expect(engine.field("proc.pvpid")).toBe(1);
  });

  test("with the first process gone there is no reaper that could be guessed", () => {
    const engine = nested();
    engine.feed(exit(200), anything(201));
    expect(engine.field("proc.ppid")).toBeUndefined();
    expect(engine.field("proc.aname", "1")).toBeUndefined();
  });
});

describe("parents", () => {
  test("CLONE_PARENT: only the child's side knows them", () => {
    const engine = withShell();
    const before = living(engine);
    engine.feed(clone({ result: 101, tid: 100, flags: CLONE_PARENT }));
    expect(living(engine)).toBe(before);
    engine.feed(clone({ result: 0, tid: 101, ptid: 1, flags: CLONE_PARENT }), anything(101));
    expect(engine.field("proc.ppid")).toBe(1);
  });

  test("orphans of one thread go to another of its process", () => {
    const engine = withThread();
    engine.feed(clone({ result: 0, tid: 103, ptid: 102 }), anything(103));
    expect(engine.field("proc.ppid")).toBe(100);
    engine.feed(exit(102), anything(103));
    expect(engine.field("proc.ppid")).toBe(100);
    expect(engine.field("proc.pname")).toBe("sh");
  });

  test("a subreaper that is none any more is passed over", () => {
    const engine = withShell();
    const prctl = (on: number): Buffer =>
      encode("SYSCALL_PRCTL_X", 101, 0, CHILD_SUBREAPER, "", on);
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }), prctl(1), prctl(0));
    engine.feed(
      clone({ result: 0, tid: 102, ptid: 101 }),
      clone({ result: 0, tid: 103, ptid: 102 }),
    );
    engine.feed(exit(102), anything(103));
    expect(engine.field("proc.ppid")).toBe(1);
  });

  test("a reaper that is the child itself has no parent then", () => {
    const engine = withShell();
    engine.feed(
      clone({ result: 0, tid: 101, ptid: 100 }),
      clone({ result: 0, tid: 102, ptid: 101 }),
    );
    engine.feed(exit(101, 102), anything(102));
    expect(engine.field("proc.ppid")).toBeUndefined();
    expect(engine.field("proc.aname", "2")).toBeUndefined();
  });
});

describe("credentials", () => {
  test("are inherited, and each thread changes its own", () => {
    const engine = withThread();
    engine.feed(encode("SYSCALL_SETUID_X", 102, 0, 33), anything(100));
    expect(engine.field("user.uid")).toBe(0);
    engine.feed(anything(102));
    expect(engine.field("user.uid")).toBe(33);
  });

  test("a new user namespace gives all capabilities, capset takes them", () => {
    const engine = withShell();
    engine.feed(encode("SYSCALL_CAPSET_X", 100, 0, 0, 0, 0));
    expect(engine.field("thread.cap_effective")).toBe("");
    engine.feed(encode("SYSCALL_UNSHARE_X", 100, -1, CLONE_NEWUSER));
    expect(engine.field("thread.cap_effective")).toBe("");
    engine.feed(encode("SYSCALL_UNSHARE_X", 100, 0, CLONE_NEWUSER));
    expect(engine.field("thread.cap_effective")).toContain("CAP_SYS_ADMIN");
    engine.feed(encode("SYSCALL_CAPSET_X", 100, 0, 0, 1, 1));
    expect(engine.field("thread.cap_effective")).toBe("CAP_CHOWN");
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }));
    expect(engine.field("thread.cap_permitted")).toBe("CAP_CHOWN");
  });

  test("a session begins with who asks for it", () => {
    const engine = withShell();
    engine.feed(clone({ result: 0, tid: 101, ptid: 100 }));
    expect(engine.field("proc.is_sid_leader")).toBe(false);
    engine.feed(encode("SYSCALL_SETSID_X", 101, 101));
    expect(engine.field("proc.is_sid_leader")).toBe(true);
    expect(engine.field("proc.sname")).toBe("sh");
    engine.feed(encode("SYSCALL_SETSID_X", 101, -1));
    expect(engine.field("proc.sid")).toBe(101);
  });
});

test("lineage moves when a thread that others name as their leader gets an entry", () => {
  const engine = withShell();
  engine.feed(task({ tid: 300, ppid: 100, sid: 299 }), anything(300));
  expect(engine.field("proc.sname")).toBe("");
  const before = engine.header("lineageChangedAt");
  engine.feed(anything(299));
  expect(engine.header("lineageChangedAt")).toBeGreaterThan(before);
  engine.feed(anything(300));
  expect(engine.field("proc.sname")).toBe("<NA>");
});

test("a working directory belongs to the process and is inherited once", () => {
  const engine = withThread();
  engine.feed(encode("SYSCALL_CHDIR_X", 102, 0, "../tmp/./x"), anything(100));
  expect(engine.field("proc.cwd")).toBe("/tmp/x/");
  engine.feed(clone({ result: 0, tid: 103, ptid: 102 }), encode("SYSCALL_CHDIR_X", 103, 0, "/"));
  expect(engine.field("proc.cwd")).toBe("/");
  engine.feed(encode("SYSCALL_CHDIR_X", 100, -2, "/none"));
  expect(engine.field("proc.cwd")).toBe("/tmp/x/");
});
