/** Sockets that were open before the first event get their roles when all lists are read. */
import { describe, expect, test } from "vitest";
import { bootstrapDescriptors } from "../../host/replay/bootstrap.ts";
import { type FdEntry, L4, type ServerFd, type TupleFd } from "../../host/replay/entries.ts";
import { encode, ipv4, task } from "../support/records.ts";
import { WasmEngine } from "./wasm-engine.ts";

const HERE = "10.0.0.5";
const THERE = "10.0.0.9";

function connection(fd: number, from: string, to: string, l4: number = L4.tcp): TupleFd {
  const [source = "", sourcePort = ""] = from.split(":");
  const [destination = "", destinationPort = ""] = to.split(":");
  return {
    kind: "tuple",
    fd: BigInt(fd),
    inode: 7n,
    type: 3,
    source: ipv4(source),
    sourcePort: Number(sourcePort),
    destination: ipv4(destination),
    destinationPort: Number(destinationPort),
    l4,
  };
}

function server(fd: number, port: number, address: Uint8Array = ipv4("0.0.0.0")): ServerFd {
  const type = address.length === 4 ? 5 : 6;
  return { kind: "server", fd: BigInt(fd), inode: 7n, type, address, port, l4: L4.tcp };
}

/** An engine whose process 10 had these descriptors; the address is told behind them, or never. */
function engineWith(descriptors: readonly FdEntry[], address?: string): WasmEngine {
  const engine = new WasmEngine();
  engine.feed(task({ tid: 10, ppid: 0, comm: "app", cwd: "/" }));
  engine.feed(bootstrapDescriptors({ tid: 10n, descriptors }, 0n).blocks);
  if (address !== undefined) {
    const at = engine.exports.argument() >>> 0;
    engine.bytes.set(ipv4(address), at);
    engine.exports.addInterface(2, at);
  }
  return engine;
}

const read = (fd: number): Buffer => encode("SYSCALL_READ_X", 10, 1, Buffer.of(120), fd, 1);

function ends(engine: WasmEngine, fd: number): readonly unknown[] {
  engine.feed(read(fd));
  return ["fd.name", "fd.cport", "fd.sport", "fd.l4proto"].map((field) => engine.field(field));
}

describe("an IPv4 connection that was listed", () => {
  test("is a client's where nobody listens on its port", () => {
    const engine = engineWith([connection(3, `${HERE}:40000`, `${THERE}:443`)]);
    expect(ends(engine, 3)).toEqual([`${HERE}:40000->${THERE}:443`, 40_000, 443, "tcp"]);
  });

  test.each([
    ["IPv4", server(9, 80)],
    ["IPv6", server(9, 80, new Uint8Array(16))],
  ])(
    "is the server's where an %s socket listens on its port, wherever it is listed",
    (_, listener) => {
      const accepted = connection(3, `${HERE}:80`, `${THERE}:5555`);
      for (const list of [
        [accepted, listener],
        [listener, accepted],
      ]) {
        const engine = engineWith(list);
        expect(ends(engine, 3)).toEqual([`${THERE}:5555->${HERE}:80`, 5_555, 80, "tcp"]);
      }
    },
  );

  test("keeps its role when the next event comes, and copies have it too", () => {
    const engine = engineWith([server(9, 80), connection(3, `${HERE}:80`, `${THERE}:5555`)]);
    engine.feed(read(3), encode("SYSCALL_DUP_1_X", 10, 4, 3));
    expect(ends(engine, 4)).toEqual([`${THERE}:5555->${HERE}:80`, 5_555, 80, "tcp"]);
  });

  test("has an open end filled in from addresses that are listed behind it", () => {
    const engine = engineWith([connection(3, `${HERE}:53`, "0.0.0.0:0", L4.udp)], HERE);
    expect(ends(engine, 3)).toEqual([`${HERE}:53->${HERE}:0`, 53, 0, "udp"]);
  });

  test("of a transport that nobody told has no ends in its name", () => {
    const engine = engineWith([connection(3, `${HERE}:1`, `${THERE}:2`, L4.unknown)]);
    expect(ends(engine, 3).slice(0, 3)).toEqual(["<unknown>", 1, 2]);
  });

  test("waits through the rest of the lists", () => {
    const engine = engineWith([connection(3, `${HERE}:80`, `${THERE}:5555`)]);
    engine.feed(task({ tid: 20, ppid: 0, comm: "httpd", cwd: "/" }));
    engine.feed(bootstrapDescriptors({ tid: 20n, descriptors: [server(3, 80)] }, 0n).blocks);
    expect(ends(engine, 3)[0]).toBe(`${THERE}:5555->${HERE}:80`);
  });
});

test("a socket that comes later and has no role is left alone", () => {
  const engine = engineWith([server(9, 80)]);
  engine.feed(read(9), encode("SOCKET_SOCKET_X", 10, 3, 2, 1, 0, 0), read(3));
  expect(engine.field("fd.name")).toBe("");
  expect(engine.field("fd.l4proto")).toBe("<NA>");
});

test("an IPv6 connection has no role, and a mapped one is IPv4", () => {
  const wide = (last: number): Uint8Array =>
    Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? last : 0xfd));
  const mapped = (address: string): Uint8Array =>
    Buffer.concat([Buffer.alloc(10), Buffer.of(0xff, 0xff), ipv4(address)]);
  const tuple = connection(3, `${HERE}:40000`, `${THERE}:443`);
  const engine = engineWith([
    { ...tuple, type: 4, source: wide(1), destination: wide(2) },
    { ...tuple, fd: 4n, type: 4, source: mapped(HERE), destination: mapped(THERE) },
    { ...server(5, 443, mapped(HERE)) },
  ]);
  engine.feed(read(3));
  expect([engine.field("fd.cport"), engine.field("fd.l4proto")]).toEqual([undefined, "<NA>"]);
  expect(ends(engine, 4)).toEqual([`${HERE}:40000->${THERE}:443`, 40_000, 443, "tcp"]);
  engine.feed(read(5));
  expect(engine.field("fd.type")).toBe("ipv6");
  expect(engine.field("fd.name")).toBe(`::ffff:${HERE}:443`);
});
