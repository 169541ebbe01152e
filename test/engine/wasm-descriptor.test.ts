/** Descriptors: files and their names, copies, sockets and their roles, what close leaves. */
import { describe, expect, test } from "vitest";
import {
  address4,
  clone,
  encode,
  encodeStateOnly,
  ipv4,
  task,
  tuple4,
  tuple6,
} from "../support/records.ts";
import { WasmEngine } from "./wasm-engine.ts";

const RDONLY = 1;
const DIRECTORY = 1 << 10;
const AT_FDCWD = -100;

function engineWithTask(): WasmEngine {
  const engine = new WasmEngine();
  engine.feed(task({ tid: 10, ppid: 0, comm: "app", cwd: "/srv/app" }));
  return engine;
}

const openat = (fd: number, dirfd: number, name: string, flags = RDONLY): Buffer =>
  encode("SYSCALL_OPENAT_2_X", 10, fd, dirfd, name, flags, 0, 0x801, 42);
const read = (fd: number): Buffer => encode("SYSCALL_READ_X", 10, 1, Buffer.of(120), fd, 1);

describe("names of files", () => {
  test.each([
    ["/etc/passwd", "/etc/passwd"],
    ["data/x", "/srv/app/data/x"],
    ["./a/../b//c", "/srv/app/b/c"],
    ["../../../../etc/shadow", "/etc/shadow"],
    ["/", "/"],
    ["/a/b/", "/a/b"],
  ])("%s is %s", (given, expected) => {
    const engine = engineWithTask();
    engine.feed(openat(3, AT_FDCWD, given), read(3));
    expect(engine.field("fd.name")).toBe(expected);
    expect(engine.field("fd.num")).toBe(3);
    expect(engine.field("fd.ino")).toBe(42);
  });

  test("a path may be relative to an open directory", () => {
    const engine = engineWithTask();
    engine.feed(
      openat(3, AT_FDCWD, "/var/log", RDONLY | DIRECTORY),
      openat(4, 3, "app/out.log"),
      read(4),
    );
    expect(engine.field("fd.name")).toBe("/var/log/app/out.log");
    expect(engine.field("fd.nameraw")).toBe("app/out.log");
  });

  test("an unknown directory is said to be so", () => {
    const engine = engineWithTask();
    engine.feed(openat(4, 77, "x"), read(4));
    expect(engine.field("fd.name")).toBe("<UNKNOWN>x");
  });

  test("a name that is too long is replaced", () => {
    const engine = engineWithTask();
    engine.feed(openat(4, AT_FDCWD, `/${"d/".repeat(700)}`), read(4));
    expect(engine.field("fd.name")).toBe("/DIR_TOO_LONG/FILENAME_TOO_LONG");
  });

  test("chdir and fchdir move what is relative", () => {
    const engine = engineWithTask();
    engine.feed(encode("SYSCALL_CHDIR_X", 10, 0, "sub"), openat(3, AT_FDCWD, "f"), read(3));
    expect(engine.field("fd.name")).toBe("/srv/app/sub/f");
    engine.feed(
      openat(4, AT_FDCWD, "/opt", RDONLY | DIRECTORY),
      encode("SYSCALL_FCHDIR_X", 10, 0, 4),
    );
    expect(engine.field("proc.cwd")).toBe("/opt/");
  });

  test("a failed open leaves nothing", () => {
    const engine = engineWithTask();
    engine.feed(encode("SYSCALL_OPENAT_2_X", 10, -2, AT_FDCWD, "/nope", RDONLY, 0, 0, 0));
    expect(engine.frame("descriptor")).toBe(0);
    expect(engine.counter("descriptorsAdded")).toBe(0);
  });

  test("the enter event's name is believed before the exit's, and is not shown to packs", () => {
    const engine = engineWithTask();
    engine.feed(encode("SYSCALL_OPENAT_2_E", 10, AT_FDCWD, "/etc/shadow", RDONLY, 0));
    engine.feed(openat(3, AT_FDCWD, "/tmp/harmless"), read(3));
    expect(engine.field("fd.name")).toBe("/etc/shadow");
    expect(engine.counter("entersUsed")).toBe(1);
  });

  test("an enter event of another call is not believed", () => {
    const engine = engineWithTask();
    engine.feed(encode("SYSCALL_OPENAT_2_E", 10, AT_FDCWD, "/etc/shadow", RDONLY, 0));
    engine.feed(encode("SYSCALL_GETUID_X", 10, 0), openat(3, AT_FDCWD, "/tmp/x"), read(3));
    expect(engine.field("fd.name")).toBe("/tmp/x");
  });
});

describe("copies and closing", () => {
  test("close shows the descriptor and drops it at the next event", () => {
    const engine = engineWithTask();
    engine.feed(openat(3, AT_FDCWD, "/a"), encode("SYSCALL_CLOSE_X", 10, 0, 3));
    expect(engine.field("fd.name")).toBe("/a");
    engine.feed(read(3));
    expect(engine.frame("descriptor")).toBe(0);
  });

  test("dup2 replaces what had the number", () => {
    const engine = engineWithTask();
    engine.feed(openat(3, AT_FDCWD, "/a"), openat(4, AT_FDCWD, "/b"));
    engine.feed(encode("SYSCALL_DUP2_X", 10, 4, 3, 4), read(4));
    expect(engine.field("fd.name")).toBe("/a");
    expect(engine.field("proc.fdopencount")).toBe(2);
  });

  test("fork copies, and each side has its own from then on", () => {
    const engine = engineWithTask();
    engine.feed(openat(3, AT_FDCWD, "/a"), clone({ result: 0, tid: 11, ptid: 10 }));
    engine.feed(
      encode("SYSCALL_CLOSE_X", 10, 0, 3),
      encode("SYSCALL_READ_X", 11, 0, Buffer.of(1), 3, 1),
    );
    expect(engine.field("fd.name")).toBe("/a");
  });

  test("close_range drops a range at once", () => {
    const engine = engineWithTask();
    for (const fd of [3, 4, 5, 6]) engine.feed(openat(fd, AT_FDCWD, `/f${fd}`));
    engine.feed(encode("SYSCALL_CLOSE_RANGE_X", 10, 0, 4, 5, 0));
    expect(engine.field("proc.fdopencount")).toBe(2);
  });

  test("descriptors from before the first event have their kinds and names", () => {
    const engine = engineWithTask();
    const id = (10n << 32n) | 10n;
    engine.feed(encodeStateOnly("ITER_TASK_FILE_REGULAR_E", id, 0, "/dev/null", RDONLY, 0, 9));
    engine.feed(encodeStateOnly("ITER_TASK_FILE_PIPE_E", id, 1, "pipe:[5]", 5), read(1));
    expect(engine.field("fd.type")).toBe("pipe");
    engine.feed(read(0));
    expect(engine.field("fd.name")).toBe("/dev/null");
  });
});

describe("sockets", () => {
  const socket = (fd: number, type: number): Buffer =>
    encode("SOCKET_SOCKET_X", 10, fd, 2, type, 0, 0);

  test("connect makes a client", () => {
    const engine = engineWithTask();
    const peer = tuple4("10.0.0.5", 40_000, "93.184.216.34", 443);
    engine.feed(
      socket(3, 1),
      encode("SOCKET_CONNECT_X", 10, 0, peer, 3, address4("93.184.216.34", 443)),
    );
    expect(engine.field("fd.name")).toBe("10.0.0.5:40000->93.184.216.34:443");
    expect(engine.field("fd.name_changed")).toBe(true);
    expect(engine.field("fd.sport")).toBe(443);
    expect(engine.field("fd.sip")).toBe("93.184.216.34");
    expect(engine.field("fd.l4proto")).toBe("tcp");
    expect(engine.field("fd.connected")).toBe(true);
  });

  test("connect believes the enter event's address where memory could have been rewritten", () => {
    const engine = engineWithTask();
    engine.feed(socket(3, 1), encode("SOCKET_CONNECT_E", 10, 3, address4("1.2.3.4", 22)));
    const shown = tuple4("10.0.0.5", 40_000, "8.8.8.8", 53);
    engine.feed(encode("SOCKET_CONNECT_X", 10, -115, shown, 3, address4("8.8.8.8", 53)));
    expect(engine.field("fd.name")).toBe("10.0.0.5:40000->1.2.3.4:22");
  });

  test("connect on a socket that is not known names its ends", () => {
    const engine = engineWithTask();
    const ends = tuple4("10.0.0.5", 40_000, "93.184.216.34", 443);
    engine.feed(encode("SOCKET_CONNECT_X", 10, 0, ends, 7, address4("93.184.216.34", 443)));
    expect(engine.field("fd.name")).toBe("10.0.0.5:40000->93.184.216.34:443");
    expect(engine.field("fd.type")).toBeUndefined();
  });

  test("accept makes a server", () => {
    const engine = engineWithTask();
    engine.feed(
      encode("SOCKET_ACCEPT4_6_X", 10, 5, tuple4("10.0.0.9", 5555, "10.0.0.5", 80), 0, 0, 4, 0),
    );
    expect(engine.field("fd.name")).toBe("10.0.0.9:5555->10.0.0.5:80");
    expect(engine.field("fd.cip")).toBe("10.0.0.9");
    expect(engine.field("fd.sport")).toBe(80);
  });

  test("bind makes a listening socket, and what comes in names the client", () => {
    const engine = engineWithTask();
    engine.exports.addInterface(2, put(engine, ipv4("10.0.0.5")));
    engine.feed(socket(3, 2), encode("SOCKET_BIND_X", 10, 0, address4("0.0.0.0", 53), 3));
    expect(engine.field("fd.name")).toBe("0.0.0.0:53");
    const question = tuple4("10.0.0.9", 5555, "0.0.0.0", 53);
    engine.feed(encode("SOCKET_RECVFROM_X", 10, 1, Buffer.of(1), question, 3, 1));
    expect(engine.field("fd.name")).toBe("10.0.0.9:5555->10.0.0.5:53");
    expect(engine.field("fd.name_changed")).toBe(true);
    const answer = tuple4("10.0.0.5", 53, "10.0.0.9", 5555);
    engine.feed(encode("SOCKET_SENDTO_X", 10, 1, Buffer.of(1), 3, 1, answer));
    expect(engine.field("fd.name")).toBe("10.0.0.9:5555->10.0.0.5:53");
    expect(engine.field("fd.name_changed")).toBe(false);
  });

  test("IPv4 in IPv6 is IPv4", () => {
    const engine = engineWithTask();
    const ends = tuple6(mapped("10.0.0.9"), 5555, mapped("10.0.0.5"), 80);
    engine.feed(encode("SOCKET_ACCEPT4_6_X", 10, 5, ends, 0, 0, 4, 0));
    expect(engine.field("fd.name")).toBe("10.0.0.9:5555->10.0.0.5:80");
    expect(engine.field("fd.type")).toBe("ipv4");
  });

  test("an IPv6 address of a network of this host is a local one", () => {
    const engine = engineWithTask();
    const address6 = (last: number): Uint8Array =>
      Uint8Array.from([0xfd, 0, 0, 0x50, ...Array.from({ length: 11 }, () => 0), last]);
    engine.exports.addInterface(10, put(engine, address6(1)));
    const ends = tuple6(address6(9), 5555, address6(7), 80);
    engine.feed(encode("SOCKET_SOCKET_X", 10, 3, 10, 1, 0, 0));
    engine.feed(encode("SOCKET_CONNECT_X", 10, 0, ends, 3, ends.subarray(0, 19)));
    expect(engine.field("fd.is_server")).toBe(true);
    expect(engine.field("fd.lport")).toBe(5555);
  });

  test("a transport counts once the role is known, and a raw one at once", () => {
    const engine = engineWithTask();
    engine.feed(socket(3, 2), encode("SOCKET_BIND_X", 10, 0, address4("10.0.0.5", 0), 3));
    expect(engine.field("fd.name")).toBe("10.0.0.5:0");
    expect(engine.field("fd.l4proto")).toBe("<NA>");
    engine.feed(encode("SOCKET_BIND_X", 10, 0, address4("10.0.0.5", 53), 3));
    expect(engine.field("fd.l4proto")).toBe("udp");
    engine.feed(encode("SOCKET_SOCKET_X", 10, 4, 2, 3, 255, 0));
    expect(engine.field("fd.l4proto")).toBe("raw");
  });

  test("services are ports, and empty where a socket has no such end", () => {
    const engine = engineWithTask();
    engine.feed(socket(3, 1), encode("SOCKET_BIND_X", 10, 0, address4("10.0.0.5", 53), 3));
    expect(["c", "s", "l"].map((end) => engine.field(`fd.${end}proto`))).toEqual([
      "",
      "",
      undefined,
    ]);
    const ends = tuple4("10.0.0.9", 5555, "10.0.0.5", 80);
    engine.feed(encode("SOCKET_ACCEPT4_6_X", 10, 5, ends, 0, 0, 4, 0));
    expect(["c", "s"].map((end) => engine.field(`fd.${end}proto`))).toEqual(["5555", "80"]);
    const local = Buffer.concat([Buffer.of(1), Buffer.alloc(16, 2), Buffer.from("/run/x\0")]);
    engine.feed(encode("SOCKET_ACCEPT4_6_X", 10, 6, local, 0, 0, 4, 0));
    expect(["c", "s"].map((end) => engine.field(`fd.${end}proto`))).toEqual(["", undefined]);
  });

  test("an IPv6 socket that connects to a mapped address loses its transport", () => {
    const engine = engineWithTask();
    const ends = tuple6(mapped("127.0.0.1"), 40_000, mapped("127.0.0.1"), 80);
    engine.feed(encode("SOCKET_SOCKET_X", 10, 3, 10, 1, 0, 0));
    engine.feed(encode("SOCKET_CONNECT_X", 10, 0, ends, 3, ends.subarray(0, 19)));
    expect(engine.field("fd.name")).toBe("<unknown>");
    expect(engine.field("fd.l4proto")).toBe("<NA>");
    expect(engine.field("fd.type")).toBe("ipv4");
    expect(engine.field("fd.sport")).toBe(80);
    const wide = tuple6(global6(9), 40_000, global6(7), 80);
    engine.feed(encode("SOCKET_CONNECT_X", 10, 0, wide, 3, wide.subarray(0, 19)));
    expect(engine.field("fd.name")).toBe("fd00::9:40000->fd00::7:80");
    expect(engine.field("fd.l4proto")).toBe("tcp");
  });

  test("a datagram to a mapped address is udp", () => {
    const engine = engineWithTask();
    const ends = tuple6(mapped("127.0.0.1"), 40_000, mapped("127.0.0.1"), 53);
    engine.feed(encode("SOCKET_SOCKET_X", 10, 3, 10, 2, 0, 0));
    engine.feed(encode("SOCKET_SENDTO_X", 10, 1, Buffer.of(1), 3, 1, ends));
    expect(engine.field("fd.name")).toBe("127.0.0.1:40000->127.0.0.1:53");
    expect(engine.field("fd.l4proto")).toBe("udp");
  });

  test("a bound IPv6 socket takes each sender for its server", () => {
    const engine = engineWithTask();
    engine.feed(encode("SOCKET_SOCKET_X", 10, 3, 10, 2, 0, 0));
    const own = tuple6(global6(7), 53, global6(7), 53).subarray(0, 19);
    engine.feed(encode("SOCKET_BIND_X", 10, 0, own, 3));
    expect(engine.field("fd.l4proto")).toBe("udp");
    const question = tuple6(global6(9), 5555, global6(7), 53);
    engine.feed(encode("SOCKET_RECVFROM_X", 10, 1, Buffer.of(1), question, 3, 1));
    expect(engine.field("fd.name")).toBe("fd00::9:5555->fd00::7:53");
    expect(engine.field("fd.name_changed")).toBe(true);
    expect(engine.field("fd.sip")).toBe(global6(9).join("."));
    expect(engine.field("fd.sport")).toBe(0xfd);
    expect(engine.field("fd.cip")).toBeUndefined();
    expect(engine.field("fd.l4proto")).toBe("<NA>");
    const answer = tuple6(global6(7), 53, global6(9), 5555);
    engine.feed(encode("SOCKET_SENDTO_X", 10, 1, Buffer.of(1), 3, 1, answer));
    expect(engine.field("fd.name")).toBe("fd00::7:53->fd00::9:5555");
    engine.feed(encode("SOCKET_CONNECT_X", 10, 0, answer, 3, answer.subarray(0, 19)));
    expect(engine.field("fd.name")).toBe("fd00::9:5555->fd00::7:53");
    expect(engine.field("fd.l4proto")).toBe("udp");
  });

  test("a ping's name has no ports", () => {
    const engine = engineWithTask();
    engine.feed(encode("SOCKET_SOCKET_X", 10, 3, 2, 3, 1, 0));
    const ends = tuple4("10.0.0.5", 0, "10.0.0.9", 0);
    engine.feed(encode("SOCKET_SENDTO_X", 10, 1, Buffer.of(8), 3, 1, ends));
    expect(engine.field("fd.name")).toBe("10.0.0.5->10.0.0.9");
    expect(engine.field("fd.l4proto")).toBe("raw");
  });

  test("poll shows the address of a listening socket, but not its port", () => {
    const engine = engineWithTask();
    engine.feed(socket(3, 1), encode("SOCKET_BIND_X", 10, 0, address4("10.0.0.5", 80), 3));
    const polled = Buffer.alloc(12);
    polled.writeUInt16LE(1, 0);
    polled.writeBigInt64LE(3n, 2);
    engine.feed(encode("SYSCALL_POLL_X", 10, 1, polled, 0));
    expect(engine.field("fdlist.sips")).toBe("10.0.0.5");
    expect(engine.field("fdlist.sports")).toBeUndefined();
    expect(engine.field("fdlist.cips")).toBeUndefined();
    expect(engine.field("fdlist.names")).toBe("10.0.0.5:80");
  });

  test("what a bound stream socket receives names its ends, and a connected one keeps its own", () => {
    const engine = engineWithTask();
    engine.feed(socket(3, 1), encode("SOCKET_BIND_X", 10, 0, address4("127.0.0.9", 8080), 3));
    const ends = tuple4("0.0.0.0", 0, "127.0.0.9", 8080);
    engine.feed(encode("SOCKET_RECVFROM_X", 10, 0, undefined, ends, 3, 300));
    expect(engine.field("fd.name")).toBe("0.0.0.0:0->127.0.0.9:8080");
    expect(engine.field("fd.name_changed")).toBe(true);
    expect(engine.field("fd.l4proto")).toBe("tcp");
    expect(engine.field("fd.cport")).toBe(0);
    expect(engine.field("fd.is_server")).toBe(false);
    const others = tuple4("10.0.0.9", 5555, "127.0.0.9", 8080);
    engine.feed(encode("SOCKET_RECVFROM_X", 10, 1, Buffer.of(1), others, 3, 1));
    expect(engine.field("fd.name")).toBe("0.0.0.0:0->127.0.0.9:8080");
  });

  test("poll's list shows negative descriptors as unsigned numbers", () => {
    const engine = engineWithTask();
    const polled = Buffer.alloc(22);
    polled.writeUInt16LE(2, 0);
    polled.writeBigInt64LE(-1n, 2);
    polled.writeBigInt64LE(-100n, 12);
    engine.feed(encode("SYSCALL_POLL_X", 10, 0, polled, 0));
    expect(engine.field("evt.arg", "fds")).toBe("18446744073709551615:?0 18446744073709551516:?0");
    expect(engine.field("fdlist.nums")).toBe("-1,-100");
  });

  test("a tuple that is cut short changes nothing", () => {
    const engine = engineWithTask();
    const cut = tuple4("10.0.0.5", 40_000, "93.184.216.34", 443).subarray(0, 9);
    engine.feed(socket(3, 1), encode("SOCKET_CONNECT_X", 10, 0, cut, 3, cut));
    expect(engine.field("fd.name")).toBe("");
  });
});

/** `::ffff:a.b.c.d` */
function mapped(ip: string): Uint8Array {
  return Uint8Array.from([...Array.from({ length: 10 }, () => 0), 255, 255, ...ipv4(ip)]);
}

/** `fd00::n` */
function global6(last: number): Uint8Array {
  return Uint8Array.from([0xfd, ...Array.from({ length: 14 }, () => 0), last]);
}

function put(engine: WasmEngine, bytes: Uint8Array): number {
  const at = engine.exports.argument() >>> 0;
  engine.bytes.set(bytes, at);
  return at;
}
