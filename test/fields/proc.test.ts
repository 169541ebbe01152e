import { beforeAll, describe, expect, test } from "vitest";
import { encodeEvent } from "../../host/replay/encode.ts";
import { FieldsModule } from "./fields-module.ts";

const GETUID_X = 203;
const NO_TID = 0xffff_ffff_ffff_ffffn;

let fields: FieldsModule;
const addresses = new Map<string, number>();

/** "sh", padded to the sixteen bytes of a comm. */
function comm(text: string): { comm0: bigint; comm1: bigint; commLength: number } {
  const bytes = Buffer.alloc(16);
  bytes.write(text);
  return {
    comm0: bytes.readBigUInt64LE(0),
    comm1: bytes.readBigUInt64LE(8),
    commLength: text.length,
  };
}

function show(name: string | null): void {
  const event = encodeEvent({ type: GETUID_X, tid: NO_TID, time: 5_000n }, [0]);
  const at = name === null ? 0 : (addresses.get(name) ?? 0);
  fields.show(event, { thread: at, leader: at });
}

beforeAll(async () => {
  fields = await FieldsModule.compile();
  const line = ["init", "bash", "python3", "ls"];
  line.forEach((name, i) => {
    const at = fields.thread({
      ...comm(name),
      tid: BigInt(i + 1),
      pid: BigInt(i + 1),
      ptid: BigInt(i),
      vtid: BigInt(i + 1),
      vpid: BigInt(i + 1),
      sid: 2n,
      vpgid: i === 3 ? 99n : 1n,
      pgid: 3n,
      exe: `/bin/${name}`,
      exePath: `/usr/bin/${name}`,
      args: i === 3 ? "-l\0\0/tmp\0" : "",
      cmdline: i === 3 ? "ls -l  /tmp" : name,
      env: `LEVEL= ${String(i)} \0${i === 1 ? "SHELL=/bin/bash\0" : ""}`,
      cwd: "/srv/",
      cgroups: "cpuset=/a\0memory=/b\0",
      capEffective: i === 3 ? 0x21n : 0n,
      cloneTime: i === 3 ? 1_000n : 0n,
      uid: 1000 + i,
      gid: i,
      loginuid: 0xffff_ffff,
    });
    addresses.set(name, at);
  });
  fields.user(1003, "alice");
  // Two processes that name each other as their parents, as only damaged state has.
  for (const [tid, ptid] of [[50n, 51n] as const, [51n, 50n] as const]) {
    addresses.set(`loop${String(tid)}`, fields.thread({ ...comm("loop"), tid, pid: tid, ptid }));
  }
});

describe("of an unknown thread", () => {
  test.each([
    "procName",
    "procExe",
    "procCmdline",
    "procArgs",
    "procCwd",
    "procEnv",
    "procPname",
    "procAnameJoined",
    "procSname",
    "userName",
    "groupName",
    "threadCapEffective",
    "containerId",
    "containerName",
  ])("%s is missing", (name) => {
    show(null);
    expect(fields.text_(name)).toBeNull();
  });
});

test("texts of the process", () => {
  show("ls");
  expect(fields.text_("procName")).toBe("ls");
  expect(fields.text_("procExe")).toBe("/bin/ls");
  expect(fields.text_("procExepath")).toBe("/usr/bin/ls");
  expect(fields.text_("procCmdline")).toBe("ls -l  /tmp");
  expect(fields.text_("procArgs")).toBe("-l  /tmp");
  expect(fields.text_("procExeline")).toBe("/bin/ls -l  /tmp");
  expect(fields.text_("procCwd")).toBe("/srv/");
  expect(fields.text_("threadCapEffective")).toBe("CAP_CHOWN CAP_KILL");
  expect(fields.text_("threadCgroups")).toBe("cpuset=/a memory=/b");
  expect(fields.text_("threadCgroup", "memory")).toBe("/b");
  expect(fields.text_("threadCgroup", "mem")).toBeNull();
});

test("arguments are counted and found by number; beyond the last one is empty", () => {
  show("ls");
  expect(fields.number("procCmdnargs")).toBe(3n);
  expect(fields.number("procCmdlenargs")).toBe(6n);
  expect([0, 1, 2, 3, 4_000_000_000].map((i) => fields.text_("procArgsAt", i))).toEqual([
    "-l",
    "",
    "/tmp",
    "",
    "",
  ]);
  show("bash");
  expect(fields.text_("procArgs")).toBe("");
  expect(fields.text_("procExeline")).toBe("/bin/bash ");
});

test("a variable of the environment is trimmed, an unset one is empty", () => {
  show("ls");
  expect(fields.text_("procEnv")).toBe("LEVEL= 3 ");
  expect(fields.text_("procEnvOf", "LEVEL")).toBe("3");
  expect(fields.text_("procEnvOf", "LEVE")).toBe("");
  expect(fields.text_("procAenvOf", "SHELL")).toBe("/bin/bash");
  expect(fields.text_("procAenvOf", "NONE")).toBe("");
});

test("ancestors, parent first, end at an unknown one", () => {
  show("ls");
  expect([0, 1, 2, 3, 4, 64, 65].map((level) => fields.text_("procAname", level))).toEqual([
    "ls",
    "python3",
    "bash",
    "init",
    null,
    null,
    null,
  ]);
  expect(fields.text_("procAnameJoined")).toBe("python3 bash init");
  expect(fields.text_("procPcmdline")).toBe("python3");
  expect(fields.number("procPpid")).toBe(3n);
  expect(fields.number("procApid")).toBe(4n);
  expect(fields.number("procLoginshellid")).toBe(2n);
  show("init");
  expect(fields.text_("procPname")).toBeNull();
  expect(fields.text_("procAnameJoined")).toBeNull();
  expect(fields.number("procLoginshellid")).toBeNull();
});

test("a loop of parents is cut", () => {
  show("loop50");
  expect(fields.text_("procAname", 64)).toBe("loop");
  expect(fields.text_("procAnameJoined")?.split(" ").length).toBe(64);
});

test("session and group leaders: found, or empty", () => {
  show("ls");
  expect(fields.text_("procSname")).toBe("bash");
  expect(fields.text_("procPgidExepath")).toBe("/usr/bin/python3");
  expect(fields.text_("procVpgidName")).toBe("");
});

test("times are missing while the start is not known", () => {
  show("ls");
  expect(fields.number("procDuration")).toBe(4_000n);
  show("bash");
  expect(fields.number("procDuration")).toBeNull();
  // As in Falco: the number of descriptors.
  expect(fields.number("procPpidDuration")).toBe(0n);
});

test("users without an entry read <NA>", () => {
  show("ls");
  expect(fields.text_("userName")).toBe("alice");
  expect(fields.text_("groupName")).toBe("<NA>");
  expect(fields.number("userLoginuid")).toBe(-1n);
  expect(fields.text_("userLoginname")).toBe("<NA>");
  show("bash");
  expect(fields.text_("userName")).toBe("<NA>");
});
