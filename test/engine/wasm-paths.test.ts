/** `fs.path.*` and `fd.directory`: which path of a call is which, and what it is relative to. */
import { describe, expect, test } from "vitest";
import { encode, task } from "../support/records.ts";
import { WasmEngine } from "./wasm-engine.ts";

const DIRECTORY = 1 << 10;
const RDONLY = 1;
const AT_FDCWD = -100;
const ENOENT = -2;
const EPERM = -1;

/** A process in /srv/app with /var/log open twice: 3 as a directory, 4 without saying so. */
function engineWithDirectories(): WasmEngine {
  const engine = new WasmEngine();
  engine.feed(
    task({ tid: 10, ppid: 0, comm: "app", cwd: "/srv/app" }),
    openat(3, AT_FDCWD, "/var/log", RDONLY | DIRECTORY),
    openat(4, AT_FDCWD, "/var/log"),
  );
  return engine;
}

const openat = (fd: number, dirfd: number, name: string, flags = RDONLY): Buffer =>
  encode("SYSCALL_OPENAT_2_X", 10, fd, dirfd, name, flags, 0, 0x801, 42);

describe("opens", () => {
  test("name what was opened", () => {
    const engine = engineWithDirectories();
    engine.feed(openat(5, 4, "app//out.log"));
    expect(engine.field("fs.path.name")).toBe("/var/log/app/out.log");
    expect(engine.field("fs.path.nameraw")).toBe("app//out.log");
  });

  test.each([
    ["o/f0", "<UNKNOWN>"],
    ["", "<UNKNOWN>"],
    ["/etc//nope/.", "/etc/nope"],
  ])("that fail know only what is absolute: %s is %s", (given, expected) => {
    const engine = engineWithDirectories();
    engine.feed(openat(ENOENT, AT_FDCWD, given));
    expect(engine.field("fs.path.name")).toBe(expected);
    expect(engine.field("fs.path.nameraw")).toBe(given);
  });

  test("that may not be done name nothing", () => {
    const engine = engineWithDirectories();
    engine.feed(openat(EPERM, AT_FDCWD, "/etc/shadow"));
    expect(engine.field("fs.path.name")).toBeUndefined();
    expect(engine.field("fs.path.nameraw")).toBeUndefined();
    expect(engine.field("fd.name")).toBe("/etc/shadow");
  });

  test.each([
    ["a/b", "<UNKNOWN>a/b"],
    ["../b", "<UNKNOWN>../b"],
    ["./b", "<UNKNOWN>./b"],
    ["a/../b", "b"],
  ])("below a descriptor that is not known: %s is %s", (given, expected) => {
    const engine = engineWithDirectories();
    engine.feed(openat(ENOENT, 77, given));
    expect(engine.field("fd.name")).toBe(expected);
    engine.feed(openat(6, 77, given));
    expect(engine.field("fd.name")).toBe(expected);
    expect(engine.field("fs.path.name")).toBe(expected);
    expect(engine.field("fd.nameraw")).toBe(given);
  });
});

describe("calls that change files", () => {
  test.each([
    [3, "old", "/var/log/old"],
    [3, "../tmp/old", "/var/tmp/old"],
    [4, "old", "<UNKNOWN>old"],
    [AT_FDCWD, "old", "<UNKNOWN>old"],
    [4, "/tmp//old", "/tmp/old"],
  ])("unlinkat below %d of %s removes %s", (dirfd, given, expected) => {
    const engine = engineWithDirectories();
    engine.feed(encode("SYSCALL_UNLINKAT_2_X", 10, 0, dirfd, given, 0));
    expect(engine.field("fs.path.name")).toBe(expected);
    expect(engine.field("fs.path.nameraw")).toBe(given);
  });

  test("both paths of renameat and linkat are below the working directory", () => {
    const engine = engineWithDirectories();
    engine.feed(encode("SYSCALL_RENAMEAT_X", 10, 0, 3, "a", 4, "../b"));
    expect(engine.field("fs.path.source")).toBe("/srv/app/a");
    expect(engine.field("fs.path.target")).toBe("/srv/b");
    engine.feed(encode("SYSCALL_LINKAT_2_X", 10, 0, 3, "", 4, "new", 0x1000));
    expect(engine.field("fs.path.source")).toBe("/srv/app/new");
    expect(engine.field("fs.path.target")).toBe("");
  });

  test("the target of symlinkat is treated as its path", () => {
    const engine = engineWithDirectories();
    engine.feed(encode("SYSCALL_SYMLINKAT_X", 10, 0, "../x", 3, "link"));
    expect(engine.field("fs.path.source")).toBe("/var/log/link");
    expect(engine.field("fs.path.target")).toBe("/var/x");
  });

  test("a call that fails has no path", () => {
    const engine = engineWithDirectories();
    engine.feed(encode("SYSCALL_UNLINKAT_2_X", 10, ENOENT, 3, "old", 0));
    expect(engine.field("fs.path.name")).toBeUndefined();
    expect(engine.field("fs.path.nameraw")).toBeUndefined();
  });
});

describe("parts of a name", () => {
  const named = (path: string): WasmEngine => {
    const engine = engineWithDirectories();
    engine.feed(encode("SYSCALL_OPEN_BY_HANDLE_AT_X", 10, 5, 3, RDONLY, path, 0, 0));
    return engine;
  };

  test.each([
    ["/a/b", "/a", "b"],
    ["/b", "/", "b"],
    ["b", "/", "/"],
    ["/", "/", "/"],
  ])("%s is in %s and called %s", (path, directory, filename) => {
    const engine = named(path);
    expect(engine.field("fd.name")).toBe(path);
    expect(engine.field("fd.directory")).toBe(directory);
    expect(engine.field("fd.filename")).toBe(filename);
  });
});

test("evt.abspath puts a slash behind the name of an open root", () => {
  const engine = engineWithDirectories();
  engine.feed(openat(5, AT_FDCWD, "/", RDONLY | DIRECTORY), openat(6, 5, "etc"));
  expect(engine.field("evt.abspath")).toBe("//etc");
  engine.feed(encode("SYSCALL_FCHDIR_X", 10, 0, 5), openat(6, AT_FDCWD, "etc"));
  expect(engine.field("evt.abspath")).toBe("/etc");
});

test("a process cannot use more than all its descriptors", () => {
  const engine = engineWithDirectories();
  engine.feed(encode("SYSCALL_SETRLIMIT_X", 10, 0, 1, 1, 7));
  expect(engine.field("proc.fdlimit")).toBe(1);
  expect(engine.field("proc.fdusage")).toBe(100);
});

test("a memfd that could not be made counts as a descriptor of no kind", () => {
  const engine = engineWithDirectories();
  engine.feed(encode("SYSCALL_MEMFD_CREATE_X", 10, -22, "x", 0));
  expect(engine.field("fd.num")).toBe(-22);
  expect(engine.field("fd.type")).toBe("<NA>");
  expect(engine.field("fd.typechar")).toBe("?");
  expect(engine.field("proc.fdopencount")).toBe(3);
  engine.feed(encode("SYSCALL_READ_X", 10, -9, Buffer.alloc(0), -22, 1));
  expect(engine.field("fd.type")).toBeUndefined();
});

describe("a path below a directory that is not known", () => {
  test.each([
    ["../h/a", "h/a"],
    [".//dir///a", "/dir/a"],
    ["./a", "a"],
    ["a/..", "a/.."],
    ["a/../../b/", "b"],
    ["...", "..."],
  ])("%s reads %s as a parameter", (given, expected) => {
    const engine = engineWithDirectories();
    engine.feed(encode("SYSCALL_UNLINKAT_2_X", 10, ENOENT, 77, given, 0));
    expect(engine.field("evt.arg", "name")).toBe(expected);
  });

  test.each([
    ["../h/a", "h/a"],
    ["h/a", "<UNKNOWN>/h/a"],
    ["/h/../a", "/a"],
  ])("%s is %s as an absolute one", (given, expected) => {
    const engine = engineWithDirectories();
    engine.feed(encode("SYSCALL_UNLINKAT_2_X", 10, ENOENT, 77, given, 0));
    expect(engine.field("evt.abspath")).toBe(expected);
  });
});

test("renameat2 takes its paths below the directories that it names", () => {
  const engine = engineWithDirectories();
  engine.feed(encode("SYSCALL_RENAMEAT2_X", 10, 0, 4, "a", AT_FDCWD, "../b", 0));
  expect(engine.field("fs.path.source")).toBe("/var/log/a");
  expect(engine.field("fs.path.target")).toBe("/srv/b");
});

test.each(["SYSCALL_FCHMOD_X", "SYSCALL_FCHOWN_X"])("%s of an anonymous file", (id) => {
  const engine = engineWithDirectories();
  engine.feed(encode("SYSCALL_MEMFD_CREATE_X", 10, 9, "./secret", 0));
  engine.feed(encode(id, 10, 0, 9, 0));
  expect(engine.field("fs.path.name")).toBe("/srv/app/secret");
  expect(engine.field("fs.path.nameraw")).toBe("./secret");
});

describe("a path that was not read, or that reads as if it was not", () => {
  test.each(["(NULL)", "<NA>"])("%s has no meaning as a parameter", (given) => {
    const engine = engineWithDirectories();
    engine.feed(encode("SYSCALL_MKDIRAT_X", 10, 0, 3, given, 0));
    expect(engine.field("evt.arg", "path")).toBe("<NA>");
    expect(engine.field("evt.abspath")).toBe("/var/log/<NA>");
    expect(engine.field("fs.path.name")).toBe("/var/log/<NA>");
  });

  test("names what was opened all the same", () => {
    const engine = engineWithDirectories();
    engine.feed(openat(5, 4, "(NULL)"));
    expect(engine.field("fd.name")).toBe("/var/log/<NA>");
    expect(engine.field("fd.nameraw")).toBe("<NA>");
    expect(engine.field("fd.filename")).toBe("<NA>");
    engine.feed(openat(ENOENT, 77, "(NULL)"));
    expect(engine.field("fd.name")).toBe("<UNKNOWN><NA>");
    expect(engine.field("fd.nameraw")).toBe("<NA>");
  });
});

test("a failed open shows the path that it was given with single slashes", () => {
  const engine = engineWithDirectories();
  engine.feed(encode("SYSCALL_OPEN_X", 10, ENOENT, "/srv//h///c", 1, 0, 0, 0));
  expect(engine.field("fd.name")).toBe("/srv//h///c");
  expect(engine.field("fd.nameraw")).toBe("/srv/h/c");
  engine.feed(openat(ENOENT, AT_FDCWD, "a//b"));
  expect(engine.field("fd.nameraw")).toBe("a/b");
});
