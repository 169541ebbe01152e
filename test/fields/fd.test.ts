import { beforeAll, describe, expect, test } from "vitest";
import { encodeEvent, type ParamValue } from "../../host/replay/encode.ts";
import { FieldsModule, type Members } from "./fields-module.ts";

const READ_X = 7;
const CONNECT_X = 23;
const OPENAT_X = 307;
const SOCKET_X = 19;
const CHDIR_X = 95;

const FILE = 16;
const DIRECTORY = 2;
const IPV4 = 3;
const IPV4_SERVER = 5;
const UNIX = 8;
const TCP = 2;
const ROLE_CLIENT = 1;

let fields: FieldsModule;
let thread: number;
let descriptors: Readonly<Record<string, number>>;

/** Four bytes of an address in the order of the network, as the low half of a member. */
function address(...bytes: readonly number[]): bigint {
  return BigInt(Buffer.from(bytes).readUInt32LE());
}

beforeAll(async () => {
  fields = await FieldsModule.compile();
  thread = fields.thread({ tid: 7n, pid: 7n, cwd: "/srv/" });
  fields.local([10, 0, 0, 1]);
  const connection: Members = {
    type: IPV4,
    l4: TCP,
    flags: ROLE_CLIENT,
    name: "10.0.0.1:1000->10.0.0.2:80",
    source0: address(10, 0, 0, 1),
    sourcePort: 1000,
    destination0: address(10, 0, 0, 2),
    destinationPort: 80,
  };
  descriptors = {
    file: fields.descriptor(thread, 3n, { type: FILE, name: "/etc/passwd", rawName: "passwd" }),
    root: fields.descriptor(thread, 4n, { type: FILE, name: "/vmlinuz" }),
    directory: fields.descriptor(thread, 5n, { type: DIRECTORY, name: "/etc/ssh" }),
    socket: fields.descriptor(thread, 6n, connection),
    server: fields.descriptor(thread, 8n, {
      ...connection,
      type: IPV4_SERVER,
      name: "10.0.0.1:80",
      destination0: address(10, 0, 0, 1),
    }),
    unix: fields.descriptor(thread, 9n, { type: UNIX, name: "/run/x" }),
    fresh: fields.descriptor(thread, 10n, { type: IPV4 }),
  };
});

function show(type: number, params: readonly ParamValue[], members: Members = {}): void {
  const event = encodeEvent({ type, tid: 7n, time: 1n }, params);
  fields.show(event, { thread, leader: thread, ...members });
}

function use(name: string, members: Members = {}): void {
  const descriptor = descriptors[name] ?? 0;
  show(READ_X, [0, undefined, 3, 0], { descriptor, hasFd: 1, fd: 3n, ...members });
}

const ENDS = ["fdCip", "fdSip", "fdLip", "fdRip"] as const;
const PORTS = ["fdCport", "fdSport", "fdLport", "fdRport"] as const;

function ends(): readonly (string | null)[] {
  return ENDS.map((name) => fields.bytes(name)?.join(".") ?? null);
}

function ports(): readonly (bigint | null)[] {
  return PORTS.map((name) => fields.number(name));
}

test("an event without a descriptor has none of the fields", () => {
  show(CHDIR_X, [0, "/"]);
  const texts = ["fdName", "fdType", "fdTypechar", "fdDirectory", "fdFilename", "fdTypes"];
  expect(texts.map((name) => fields.text_(name))).toEqual(texts.map(() => null));
  expect(fields.number("fdNum")).toBeNull();
  expect([...ends(), ...ports()].every((value) => value === null)).toBe(true);
});

test("files and directories", () => {
  const shown = (): readonly (string | null)[] =>
    ["fdName", "fdNameraw", "fdType", "fdTypechar", "fdDirectory", "fdFilename"].map((name) =>
      fields.text_(name),
    );
  use("file");
  expect(shown()).toEqual(["/etc/passwd", "passwd", "file", "f", "/etc", "passwd"]);
  use("root");
  expect(shown()).toEqual(["/vmlinuz", "", "file", "f", "/", "vmlinuz"]);
  use("directory");
  expect(shown()).toEqual(["/etc/ssh", "", "directory", "d", "/etc/ssh", null]);
  use("unix");
  expect(shown()).toEqual(["/run/x", "", "unix", "u", null, null]);
  expect(fields.text_("fdSockfamily")).toBe("unix");
  expect(fields.text_("fdL4proto")).toBe("<NA>");
});

describe("ends of a connection", () => {
  test("the local end is the one with an address of the host", () => {
    use("socket");
    expect(ends()).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.2"]);
    expect(ports()).toEqual([1000n, 80n, 1000n, 80n]);
    expect(fields.text_("fdL4proto")).toBe("tcp");
    expect(fields.text_("fdSockfamily")).toBe("ip");
    expect(fields.number("fdIsServer")).toBe(0n);
    expect([0, 1].map((end) => fields.bytes("fdIp", end)?.join("."))).toEqual([
      "10.0.0.1",
      "10.0.0.2",
    ]);
  });

  test("within a container no address is local", () => {
    use("socket", { container: fields.container({ id: "0123456789ab" }) });
    expect(ends()).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.1"]);
  });

  test("a listening socket has only the server's", () => {
    use("server");
    expect(ends()).toEqual([null, "10.0.0.1", null, null]);
    expect(ports()).toEqual([null, 80n, null, null]);
    expect(fields.number("fdIsServer")).toBe(1n);
    expect(fields.bytes("fdNet", 0)).toBeNull();
    expect(fields.text_("fdCproto")).toBe("");
  });

  test("without a role there are none", () => {
    use("fresh");
    expect(ends()).toEqual([null, null, null, null]);
    expect(fields.text_("fdName")).toBe("");
  });
});

test("a failed open takes its name from the parameters", () => {
  show(OPENAT_X, [-2, -100, "a/../secret", 1, 0, 0, 0], { hasFd: 1, fd: -1n });
  expect(fields.number("fdNum")).toBe(-1n);
  expect(fields.text_("fdName")).toBe("/srv/secret");
  expect(fields.text_("fdNameraw")).toBe("a/../secret");
  expect(fields.text_("fdDirectory")).toBe("/srv");
  expect(fields.text_("fdFilename")).toBeNull();
  expect(fields.text_("fdType")).toBeNull();
  expect(fields.text_("fdTypechar")).toBe("f");
  show(SOCKET_X, [-1, 2, 1, 0, 0], { hasFd: 1, fd: -1n });
  expect(fields.text_("fdName")).toBe("");
  expect(fields.text_("fdTypechar")).toBe("4");
  show(CONNECT_X, [-9, undefined, 99, undefined], { hasFd: 1, fd: 99n });
  expect(fields.text_("fdTypechar")).toBe("o");
});

test("types of all descriptors, each once", () => {
  use("file");
  expect(fields.text_("fdTypes")?.split("\0").sort()).toEqual([
    "directory",
    "file",
    "ipv4",
    "unix",
  ]);
  expect(fields.text_("fdTypesAt", 5)).toBe("directory");
  expect(fields.text_("fdTypesAt", 99)).toBeNull();
});

test("containers: unknown metadata is missing, the host has all", () => {
  use("file");
  expect(fields.text_("containerId")).toBe("host");
  expect(fields.text_("containerImageRepository")).toBe("");
  expect(fields.number("containerPrivileged")).toBe(0n);
  expect(fields.text_("k8sNsName")).toBeNull();
  use("file", { container: fields.container({ id: "0123456789ab" }) });
  expect(fields.text_("containerId")).toBe("0123456789ab");
  expect(fields.text_("containerImageRepository")).toBeNull();
  expect(fields.number("containerPrivileged")).toBeNull();
  const container = fields.container({
    id: "0123456789ab",
    name: "web",
    type: 11,
    described: 1,
    privileged: 1,
    labels: "app=web\0io.kubernetes.pod.name=p\0tier=front",
    mounts: "/srv/a:/a::true:rprivate\0/etc:/host/etc:ro:false:",
  });
  use("file", { container });
  expect(fields.text_("containerType")).toBe("podman");
  expect(fields.number("containerPrivileged")).toBe(1n);
  expect(fields.text_("containerLabel", "tier")).toBe("front");
  expect(fields.text_("containerLabels")).toBe("app:web, tier:front");
  expect(fields.text_("containerMounts")).toBe("/srv/a:/a::true:rprivate,/etc:/host/etc:ro:false:");
  expect(fields.text_("containerMountDest", "/etc")).toBe("/host/etc");
  expect(fields.text_("containerMountDest", "/srv*")).toBe("/a");
  expect(fields.text_("containerMountDest", "/[a-r]*")).toBe("/host/etc");
  expect(fields.text_("containerMountSource", "/host/*")).toBe("/etc");
  expect(fields.text_("containerMountMode", "1")).toBe("ro");
  expect(fields.text_("containerMountRdwr", "0")).toBe("true");
  expect(fields.text_("containerMountDest", "/nowhere")).toBeNull();
  expect(fields.text_("containerMount", "2")).toBeNull();
});
