import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { scanProc } from "../../host/capture/proc-scan.ts";
import type { FdEntry, ProcessEntry } from "../../host/replay/entries.ts";
import { endChildren, startChild } from "./child-processes.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "lanner-scan-")));
afterAll(async () => {
  await endChildren();
  rmSync(folder, { recursive: true, force: true });
});

const BOOT_TIME = 1_000n;

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}

function scanOf(pid: number): { readonly entry: ProcessEntry; readonly fds: Map<number, FdEntry> } {
  const scan = scanProc({ pids: [pid], bootTime: BOOT_TIME });
  const entry = scan.processes.find((process) => process.tid === BigInt(pid));
  if (entry === undefined) throw new Error(`process ${pid} was not found`);
  const list = scan.descriptors.find((each) => each.tid === BigInt(pid));
  const fds = new Map((list?.descriptors ?? []).map((each) => [Number(each.fd), each]));
  return { entry, fds };
}

describe("a shell", async () => {
  const file = join(folder, "data.txt");
  writeFileSync(file, "x");
  const script = `exec 5<${file} 6>>${file} 7<${folder}; echo ready; read line`;
  const { pid } = await startChild(["sh", "-c", script, "two words", "-x"], {
    cwd: folder,
    env: { LANNER_TEST: "yes", PATH: process.env["PATH"] ?? "" },
  });
  const { entry, fds } = scanOf(pid);

  test("is told with its command, place and environment", () => {
    expect(text(entry.comm)).toBe("sh");
    expect(text(entry.exe)).toBe("sh");
    expect(text(entry.exePath)).toBe(realpathSync("/bin/sh"));
    expect(text(entry.args)).toBe(`-c\0${script}\0two words\0-x\0`);
    expect(text(entry.cwd)).toBe(`${folder}/`);
    expect(text(entry.root)).toBe("/");
    expect(text(entry.env).split("\0")).toContain("LANNER_TEST=yes");
  });

  test("is told with its ids and rights", () => {
    expect(entry).toMatchObject({
      pid: BigInt(pid),
      ptid: BigInt(process.pid),
      vtid: BigInt(pid),
      vpid: BigInt(pid),
      uid: process.geteuid?.(),
      gid: process.getegid?.(),
    });
    // A session whose leader is outside the PID namespace has the id 0, so no bound would do.
    const [, , pgid, sid] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    expect(entry.pgid).toBe(BigInt(pgid ?? -1));
    expect(entry.sid).toBe(BigInt(sid ?? -1));
    expect(entry.fdLimit).toBeGreaterThan(0n);
    expect(entry.vmRss).toBeGreaterThan(0);
    expect(entry.minorFaults).toBeGreaterThan(0n);
    expect(entry.startTime).toBeGreaterThan(BOOT_TIME);
  });

  test("is told with the inode of its program", () => {
    const program = statSync("/bin/sh", { bigint: true });
    expect(entry.exeInode).toBe(program.ino);
    expect(entry.exeMtime).toBe(program.mtimeNs);
    expect(entry.exeCtime).toBe(program.ctimeNs);
  });

  test("is told with its control groups, in the order of the capture programs", () => {
    const names = text(entry.cgroups)
      .split("\0")
      .map((each) => each.split("=")[0]);
    expect(names).toEqual(["cpuset", "cpu", "cpuacct", "io", "memory", ""]);
  });

  test("has its files, directories and pipes", () => {
    const inode = statSync(file, { bigint: true }).ino;
    expect(fds.get(5)).toMatchObject({ kind: "file", type: 16, inode });
    expect(fds.get(6)).toMatchObject({ kind: "file", type: 16, inode });
    const [read, append] = [fds.get(5), fds.get(6)];
    if (read?.kind !== "file" || append?.kind !== "file") throw new Error("not files");
    expect(text(read.name)).toBe(file);
    expect(read.openFlags & 3).toBe(1);
    expect(append.openFlags & 3).toBe(2);
    expect(append.openFlags & 8).toBe(8);
    expect(read.dev).toBe(statSync(file).dev);
    expect(read.mountId).toBeGreaterThan(0);
    expect(fds.get(7)).toMatchObject({ kind: "named", type: 2 });
    expect(fds.get(0)?.type).toBe(8);
  });

  test("brings its ancestors, without their descriptors and environment", () => {
    const scan = scanProc({ pids: [pid], bootTime: BOOT_TIME });
    const pids = scan.processes.map((each) => Number(each.pid));
    expect(pids).toContain(process.pid);
    expect(pids).toContain(process.ppid);
    expect(scan.descriptors.map((list) => list.tid)).toEqual([BigInt(pid)]);
    const others = scan.processes.filter((each) => each.pid !== BigInt(pid));
    expect(others.every((each) => each.env.length === 0)).toBe(true);
    expect(text(scan.processes[0]?.env)).toContain("LANNER_TEST=yes");
  });
});

const SERVER = `
  const net = require("net"), dgram = require("dgram");
  const tcp = net.createServer(() => {});
  tcp.listen(0, "127.0.0.1", () => {
    const { port } = tcp.address();
    const client = net.connect(port, "127.0.0.1", () => {
      const six = net.createServer(() => {});
      const unix = net.createServer(() => {});
      const udp = dgram.createSocket("udp4");
      udp.bind(0, "127.0.0.1", () => unix.listen(process.argv[1], () => six.listen(0, "::1", () => {
        console.log([port, client.localPort, udp.address().port, six.address().port].join(" "));
      }).on("error", () => console.log([port, client.localPort, udp.address().port, 0].join(" ")))));
    });
  });
`;

describe("a server", async () => {
  const path = join(folder, "server.sock");
  const { pid, line } = await startChild([process.execPath, "-e", SERVER, path]);
  const [listening = 0, client = 0, udp = 0, six = 0] = line.split(" ").map(Number);
  const { fds } = scanOf(pid);
  const sockets = [...fds.values()];
  const loopback = Buffer.of(127, 0, 0, 1);

  test("has its listening and its connected TCP sockets", () => {
    expect(sockets).toContainEqual(
      expect.objectContaining({
        kind: "server",
        type: 5,
        address: loopback,
        port: listening,
        l4: 2,
      }),
    );
    const tuple = { kind: "tuple", type: 3, source: loopback, destination: loopback, l4: 2 };
    expect(sockets).toContainEqual(
      expect.objectContaining({ ...tuple, sourcePort: client, destinationPort: listening }),
    );
    expect(sockets).toContainEqual(
      expect.objectContaining({ ...tuple, sourcePort: listening, destinationPort: client }),
    );
  });

  test("has its UDP socket", () => {
    expect(sockets).toContainEqual(
      expect.objectContaining({ kind: "server", type: 5, port: udp, l4: 3 }),
    );
  });

  test.skipIf(six === 0)("has its IPv6 socket", () => {
    const address = Buffer.alloc(16);
    address[15] = 1;
    expect(sockets).toContainEqual(
      expect.objectContaining({ kind: "server", type: 6, address, port: six, l4: 2 }),
    );
  });

  test("has its Unix socket with the path", () => {
    const unix = sockets.filter((each) => each.kind === "unix").map((each) => text(each.name));
    expect(unix).toContain(path);
  });

  test("has its event descriptors by kind", () => {
    const types = sockets.map((each) => each.type);
    expect(types).toContain(12);
    expect(types).toContain(9);
  });

  test("has its threads, after it and with the process's own values", () => {
    const { processes } = scanProc({ pids: [pid], bootTime: BOOT_TIME });
    const group = processes.filter((each) => each.pid === BigInt(pid));
    expect(group.length).toBeGreaterThan(3);
    expect(group[0]?.tid).toBe(BigInt(pid));
    for (const thread of group.slice(1)) {
      expect(thread.flags & (1 << 13)).not.toBe(0);
      expect(thread.exePath).toEqual(group[0]?.exePath);
    }
    expect(new Set(group.map((each) => each.tid)).size).toBe(group.length);
  });

  test("is cut to the bounds, and what is left out is counted", () => {
    const bounds = { threadsMax: 2, descriptorsPerProcessMax: 3, descriptorsMax: 3 };
    const scan = scanProc({ pids: [pid], bootTime: BOOT_TIME, bounds });
    expect(scan.processes).toHaveLength(2);
    expect(scan.descriptors[0]?.descriptors).toHaveLength(3);
    expect(scan.droppedThreads).toBeGreaterThan(0);
    expect(scan.droppedDescriptors).toBe(sockets.length - 3);
  });
});

test("a process that is gone is left out", async () => {
  const { pid, child } = await startChild(["sh", "-c", "echo; exit"]);
  await new Promise((resolve) => {
    if (child.exitCode !== null) resolve(undefined);
    else child.once("exit", resolve);
  });
  expect(scanProc({ pids: [pid], bootTime: 0n }).processes).toHaveLength(0);
});

test("the whole host is read within ten milliseconds a process", () => {
  const start = performance.now();
  const { processes } = scanProc({ bootTime: 0n });
  const leaders = processes.filter((each) => each.tid === each.pid).length;
  expect((performance.now() - start) / leaders).toBeLessThan(10);
  expect(processes.some((each) => each.pid === BigInt(process.pid))).toBe(true);
});
