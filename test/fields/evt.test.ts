import { beforeAll, describe, expect, test } from "vitest";
import { encodeEvent, type ParamValue } from "../../host/replay/encode.ts";
import { paramNameId } from "../../host/schema/blob.ts";
import { EVENTS } from "../../host/schema/events.ts";
import { FieldsModule, type Members } from "./fields-module.ts";

const TIME = 1_795_317_333_229_243_663n;
/** Of the values that socket options have. */
const BUFFER_VARIANT = 0;
const TIME_VARIANT = 4;

let fields: FieldsModule;
let thread: number;

beforeAll(async () => {
  fields = await FieldsModule.compile();
  thread = fields.thread({ tid: 7n, pid: 7n, cwd: "/srv/demo/", comm0: 0x6873n, commLength: 2 });
  fields.descriptor(thread, 3n, { type: 2, name: "/etc" });
  fields.descriptor(thread, 4n, { type: 3, l4: 2, flags: 1, name: "10.0.0.1:5->10.0.0.2:6" });
  fields.user(0, "root");
  fields.group(33, "www-data");
});

/** Shows an event of the thread, by the id of its type. */
function show(id: string, params: readonly ParamValue[], members: Members = {}): void {
  const type = EVENTS.find((event) => event.id === id)?.code ?? -1;
  const event = encodeEvent({ type, tid: 7n, time: TIME }, params);
  fields.show(event, { thread, leader: thread, ...members });
}

function argument(name: string): string | null {
  return fields.text_("evtArg", paramNameId(name) ?? -1);
}

describe("a parameter in its readable form", () => {
  test("flags, modes, descriptors and a path below a directory", () => {
    show("SYSCALL_OPENAT_2_X", [-2, 3, "passwd", 0x1003, 0o644, 0, 0]);
    expect(argument("fd")).toBe("ENOENT");
    expect(argument("dirfd")).toBe("<d>/etc");
    expect(argument("name")).toBe("/etc/passwd");
    expect(argument("flags")).toBe("O_RDWR|O_CLOEXEC");
    expect(argument("mode")).toBe("0644");
    expect(fields.text_("evtArgKey", "name")).toBe("/etc/passwd");
    expect(fields.text_("evtArgKey", "2")).toBe("/etc/passwd");
    expect(fields.text_("evtArgIndex", 7)).toBeNull();
    expect(argument("pid")).toBeNull();
    expect(fields.text_("evtArgs")).toBe(
      "fd=-2(ENOENT) dirfd=3(<d>/etc) name=passwd(/etc/passwd) flags=4099(O_RDWR|O_CLOEXEC) " +
        "mode=0644 dev=0 ino=0",
    );
  });

  test("paths: absolute ones stay, relative ones are tidied below the working directory", () => {
    const resolved = (path: string): string | null => {
      show("SYSCALL_OPENAT_2_X", [-2, -100, path, 1, 0, 0, 0]);
      return argument("name");
    };
    expect(resolved("/a//../b")).toBe("/a//../b");
    expect(resolved("x//./y/")).toBe("/srv/demo/x/y");
    expect(resolved("../../../..")).toBe("/");
    expect(resolved("")).toBe("");
    expect(resolved("a/".repeat(600))).toBe("/DIR_TOO_LONG/FILENAME_TOO_LONG");
  });

  test("a directory that is not known leaves the path relative", () => {
    show("SYSCALL_OPENAT_2_X", [-9, 99, "x", 1, 0, 0, 0]);
    expect(argument("dirfd")).toBe("99");
    expect(argument("name")).toBe("x");
    expect(fields.text_("evtAbspath")).toBe("<UNKNOWN>/x");
  });

  test("users, groups, processes and signals", () => {
    show("SYSCALL_SETRESUID_X", [0, 0, 1234, 0xffff_ffff]);
    expect(fields.text_("evtArgs")).toBe("res=0 ruid=0(root) euid=1234(<NA>) suid=-1(<NONE>)");
    show("SYSCALL_KILL_X", [0, 7, 9]);
    expect(fields.text_("evtArgs")).toBe("res=0 pid=7(sh) sig=9(SIGKILL)");
    show("SYSCALL_KILL_X", [-3, 8, 99]);
    expect(fields.text_("evtArgs")).toBe("res=-3(ESRCH) pid=8 sig=99");
  });

  test("an empty parameter, and one that the producer could not read", () => {
    show("SYSCALL_READ_X", [-9, undefined, 3, 4]);
    expect(argument("data")).toBe("NULL");
    show("SYSCALL_OPEN_X", [-14, "(NULL)", 1, 0, 0, 0]);
    expect(argument("name")).toBe("<NA>");
    show("SYSCALL_OPEN_X", [-14, undefined, 1, 0, 0, 0]);
    expect(argument("name")).toBe("<NA>");
  });

  test("socket addresses and tuples, short ones too", () => {
    const inet = Buffer.from([2, 127, 0, 0, 1, 0x50, 0]);
    show("SOCKET_BIND_X", [0, inet, 4]);
    expect(argument("addr")).toBe("127.0.0.1:80");
    expect(argument("fd")).toBe("<4t>10.0.0.1:5->10.0.0.2:6");
    show("SOCKET_BIND_X", [0, inet.subarray(0, 6), 4]);
    expect(argument("addr")).toBe("family 2");
    show("SOCKET_BIND_X", [0, Buffer.from("\x01/run/x\0rest", "latin1"), 4]);
    expect(argument("addr")).toBe("/run/x");
    const inet6 = Buffer.alloc(37);
    inet6[0] = 10;
    inet6.writeUInt16BE(0xfd00, 1);
    inet6[16] = 1;
    inet6.writeUInt16LE(53, 17);
    show("SOCKET_CONNECT_X", [0, inet6, 4, inet]);
    expect(argument("tuple")).toBe("fd00::1:53->:::0");
  });

  test("a list of descriptors is no longer than its record", () => {
    const list = Buffer.alloc(12);
    list.writeUInt16LE(9, 0);
    list.writeBigInt64LE(4n, 2);
    list.writeUInt16LE(0x41, 10);
    show("SYSCALL_POLL_X", [1, list, 0]);
    expect(argument("fds")).toBe("4:441");
    expect(fields.text_("fdlistNums")).toBe("4");
  });

  test("data is shown in dots, and is all there as bytes", () => {
    show("SYSCALL_WRITE_X", [3, Buffer.from("a\0\xff", "latin1"), 3, 3]);
    expect(argument("data")).toBe("a..");
    expect(fields.bytes("evtBuffer")).toEqual(Buffer.from("a\0\xff", "latin1"));
    expect(fields.bytes("evtRawargKey", "data")).toEqual(Buffer.from("a\0\xff", "latin1"));
  });
});

test("a parameter as it is: number, or text in the event's format", () => {
  show("SYSCALL_OPENAT_2_X", [3, -100, "x", 0x1001, 0o644, 0xfe00, 42]);
  expect(fields.number("evtRawargKey", "dirfd")).toBe(-100n);
  expect(fields.kind).toBe(2);
  expect(fields.number("evtRawargKey", "ino")).toBe(42n);
  expect(fields.kind).toBe(3);
  expect(fields.text_("evtRawargKey", "dev")).toBe("FE00");
  expect(fields.number("evtRawargKey", "dev")).toBe(0xfe00n);
  expect(fields.kind).toBe(1);
  expect(fields.text_("evtRawargKey", "name")).toBe("x");
  expect(fields.text_("evtRawargKey", "nosuch")).toBeNull();
  expect(fields.kind).toBe(0);
});

test("a text is made anew for the next event", () => {
  show("SYSCALL_CHDIR_X", [0, "/one"]);
  expect(argument("path")).toBe("/one");
  expect(argument("path")).toBe("/one");
  show("SYSCALL_CHDIR_X", [0, "/two"]);
  expect(argument("path")).toBe("/two");
});

test("what is too long for the scratch memory is cut, never written beyond it", () => {
  const data = Buffer.alloc(65_535 - 200, 0x61);
  show("SYSCALL_WRITE_X", [0, data, 3, 3]);
  let last = 0;
  for (let i = 0; i < 40; i++) last = fields.text_("evtArgs")?.length ?? -1;
  expect(last).toBe(0);
  show("SYSCALL_WRITE_X", [0, data, 3, 3]);
  expect(fields.text_("evtArgs")?.length).toBeGreaterThan(data.length);
});

test("results: success, a named error, an unnamed one, none", () => {
  show("SYSCALL_CHDIR_X", [0, "/"]);
  expect(fields.text_("evtRes")).toBe("SUCCESS");
  expect(fields.number("evtFailed")).toBe(0n);
  show("SYSCALL_CHDIR_X", [-13, "/"]);
  expect(fields.text_("evtRes")).toBe("EACCES");
  expect(fields.number("evtRawres")).toBe(-13n);
  show("SYSCALL_CHDIR_X", [-4000, "/"]);
  expect(fields.text_("evtRes")).toBe("-4000");
  show("GENERIC_X", [3, 3]);
  expect(fields.text_("evtRes")).toBeNull();
  expect(fields.number("evtFailed")).toBeNull();
});

test("times", () => {
  show("SYSCALL_CHDIR_X", [0, "/"]);
  expect(fields.number("evtRawtime")).toBe(TIME);
  expect(fields.text_("evtTimeIso8601")).toBe("2026-11-22T03:15:33.229243663+0000");
  expect(fields.text_("evtDatetimeS")).toBe("2026-11-22 03:15:33");
});

test("open flags are false, not missing, for other events", () => {
  const truths = (): readonly (bigint | null)[] =>
    ["Read", "Write", "Exec", "Create"].map((what) => fields.number(`evtIsOpen${what}`));
  show("SYSCALL_CHDIR_X", [0, "/"]);
  expect(truths()).toEqual([0n, 0n, 0n, 0n]);
  show("SYSCALL_OPENAT_2_X", [3, -100, "x", 0x4007, 0o755, 0, 0]);
  expect(truths()).toEqual([1n, 1n, 1n, 1n]);
  show("SYSCALL_OPENAT_2_X", [-13, -100, "x", 2, 0, 0, 0]);
  expect(truths()).toEqual([0n, 1n, 0n, 0n]);
});

test("paths of calls: only when they succeed, but of opens always", () => {
  show("SYSCALL_RENAME_X", [0, "a", "/b"]);
  expect(fields.text_("fsPathSource")).toBe("/srv/demo/a");
  expect(fields.text_("fsPathSourceraw")).toBe("a");
  expect(fields.text_("fsPathTarget")).toBe("/b");
  expect(fields.text_("fsPathName")).toBeNull();
  show("SYSCALL_RENAME_X", [-2, "a", "/b"]);
  expect(fields.text_("fsPathSource")).toBeNull();
  show("SYSCALL_OPEN_X", [-2, "x", 1, 0, 0, 0]);
  expect(fields.text_("fsPathName")).toBe("/srv/demo/x");
  show("SYSCALL_OPENAT_2_X", [-2, -100, "x", 1, 0, 0, 0]);
  expect(fields.text_("fsPathName")).toBe("<UNKNOWN>");
});

describe("how much data was moved, and what failed, by the kind of descriptor", () => {
  const SIZES = ["", "In", "Out", "File", "FileIn", "FileOut", "Net", "NetIn", "NetOut"];
  const sizes = (): Record<string, bigint | null> =>
    Object.fromEntries(SIZES.map((name) => [name, fields.number(`evtBuflen${name}`)]));
  const present = (): string[] => SIZES.filter((name) => sizes()[name] !== null);
  const ERRORS = ["File", "Net", "Memory", "Other"];
  const errors = (): string[] =>
    ERRORS.filter((name) => fields.number(`evtCountError${name}`) !== null);
  const descriptor = (fd: bigint, type: number): Members => ({
    descriptor: fields.descriptor(thread, fd, { type, name: "x" }),
  });

  test("sizes of reads, writes and other calls on a descriptor", () => {
    show("SYSCALL_READ_X", [5, Buffer.from("abcde"), 20, 9], descriptor(20n, 1));
    expect(present()).toEqual(["", "In", "File", "FileIn"]);
    expect(fields.number("evtBuflenFile")).toBe(5n);
    show("SYSCALL_SENDFILE_X", [7, 21, 22, 0, 9], descriptor(21n, 3));
    expect(present()).toEqual(["", "Out", "Net", "NetOut"]);
    show("SYSCALL_CLOSE_X", [0, 23], descriptor(23n, 16));
    expect(present()).toEqual(["", "File"]);
    show("SYSCALL_WRITE_X", [3, Buffer.from("abc"), 24, 3], descriptor(24n, 8));
    expect(present()).toEqual(["", "Out"]);
    show("SYSCALL_READ_X", [-9, Buffer.alloc(0), 9, 9]);
    expect(present()).toEqual([]);
  });

  test("a descriptor that is there says what failed, not the call", () => {
    show("SOCKET_CONNECT_X", [-111, Buffer.alloc(0), 30, Buffer.alloc(0)], descriptor(30n, 15));
    expect(errors()).toEqual(["Other"]);
    show("SOCKET_CONNECT_X", [-88, Buffer.alloc(0), 31, Buffer.alloc(0)], descriptor(31n, 1));
    expect(errors()).toEqual(["File"]);
    show("SOCKET_CONNECT_X", [-9, Buffer.alloc(0), 99, Buffer.alloc(0)]);
    expect(errors()).toEqual(["Net"]);
    show("SYSCALL_OPENAT_2_X", [-2, -100, "x", 1, 0, 0, 0]);
    expect(errors()).toEqual(["File"]);
  });
});

test("retired counters and latencies are 0", () => {
  show("SYSCALL_CLOSE_X", [0, 3]);
  for (const name of ["Latency", "LatencyQuantized", "WaitLatency", "CountProcinfo"])
    expect([name, fields.number(`evt${name}`)]).toEqual([name, 0n]);
  show("PROCINFO_E", [1, 2]);
  expect(fields.number("evtCountProcinfo")).toBe(1n);
  expect(fields.number("evtCountThreadinfo")).toBe(1n);
});

describe("socket options", () => {
  const option = (variant: number, value: Uint8Array): string | null => {
    show("SOCKET_GETSOCKOPT_X", [0, 4, 1, 20, Buffer.concat([Buffer.of(variant), value]), 4]);
    return argument("val");
  };

  test.each([
    [0n, "0s"],
    [1n, "1e-09s"],
    [99_999n, "9.9999e-05s"],
    [100_000n, "0.0001s"],
    [1_500_000n, "0.0015s"],
    [1_000_000_000n, "1s"],
    [1_500_000_000n, "1.5s"],
    [123_456_789_012n, "123.457s"],
    [999_999_400_000_000n, "999999s"],
    [999_999_600_000_000n, "1e+06s"],
    [5_381_286_293_376_294_320n, "5.38129e+09s"],
    [100_000_000_000_000n, "100000s"],
  ])("%d ns read %s", (ns, expected) => {
    const value = Buffer.alloc(8);
    value.writeBigUInt64LE(ns);
    expect(option(TIME_VARIANT, value)).toBe(expected);
  });

  test("an empty buffer is empty, and a value that is not there is not", () => {
    expect(option(BUFFER_VARIANT, Buffer.alloc(0))).toBe("");
    show("SOCKET_GETSOCKOPT_X", [0, 4, 1, 20, undefined, 4]);
    expect(argument("val")).toBe("NULL");
  });
});

test.each([
  [28, "SIGWINCH"],
  [29, "SIGIO"],
  [30, "SIGPWR"],
  [31, "SIGSYS"],
  [32, "32"],
])("signal %d is %s", (number, expected) => {
  show("SYSCALL_KILL_X", [0, 7, number]);
  expect(argument("sig")).toBe(expected);
});
