/** Frames between agent and engine: messages arrive as sent, anything else is refused. */
import { spawn } from "node:child_process";
import { type Socket } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Channel } from "../../host/engine/channel.ts";
import { FrameSplitter } from "../../host/engine/frame-splitter.ts";
import { orderCodec, REPORT_BYTES_MAX, reportCodec } from "../../host/engine/messages.ts";
import type { Order, Report } from "../../host/engine/protocol.ts";
import { sendReport } from "../../host/engine/send-report.ts";
import type { Match } from "../../host/engine/session.ts";
import { BadFrame, FrameTooLong } from "../../host/engine/wire.ts";
import { sessionOptions } from "../support/engine.ts";

const reports = reportCodec();
const orders = orderCodec();
const match: Match = { pack: 3, rule: 70_000, event: 1n, time: (1n << 64n) - 1n, values: [] };
const values = [null, "", "a", "ü€😀", -1n, -(1n << 63n), (1n << 64n) - 1n, 1.5, true, false];

const allReports: readonly Report[] = [
  { kind: "loading", pack: 1 },
  { kind: "ready", origin: "torn" },
  { kind: "matches", matches: [] },
  { kind: "matches", matches: [match, { ...match, values: [...values, [], ["a", "ü"]] }] },
  { kind: "fault", fault: { pack: 0, reason: "r", event: 0n, eventType: 5 } },
  { kind: "replayed", consumed: 0 },
  { kind: "recorded", bytes: 100 },
  { kind: "process", process: { pid: 7, container: "0123456789ab" } },
  { kind: "told", container: "0123456789ab" },
  { kind: "failed", reason: "no ünicode" },
  { kind: "stopped", totals: { hostCalls: 2 ** 40, renderFaults: 0 } },
];

const windows = { state: { fd: 4, bytes: 5 }, replay: { fd: 6, bytes: 7 }, rings: [] };
const start = { ...sessionOptions([Uint8Array.of(1, 2)]), disabled: [1], takeOver: true };
const allOrders: readonly Order[] = [
  { kind: "start", options: { ...start, windows }, record: true },
  {
    kind: "start",
    options: {
      ...start,
      windows: { ...windows, wakeup: { fd: 8, fdOffset: 4_096 }, rings: [{ fd: 9, bytes: 10 }] },
      appended: [
        { text: "t", width: 3 },
        { field: "evt.num", silent: true },
      ],
      base64: true,
    },
    record: false,
  },
  { kind: "replay", offset: 1, length: 2 },
  { kind: "host", facts: { networks: [] } },
  {
    kind: "host",
    facts: {
      hostname: "h",
      networks: [{ address: Uint8Array.of(127, 0, 0, 1), mask: Uint8Array.of(255, 0, 0, 0) }],
    },
  },
  { kind: "live" },
  { kind: "taken" },
  { kind: "container", news: { container: "c", blocks: Uint8Array.of(1), final: true } },
  { kind: "living", threads: Uint32Array.of(1, 4_194_304) },
  { kind: "stop" },
];

const body = (frame: Buffer): Buffer => frame.subarray(4);
/** Buffers are Uint8Arrays, but not the same to `toEqual`. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) => {
      if (typeof each === "bigint") return `${String(each)}n`;
      return ArrayBuffer.isView(each)
        ? Buffer.from(each.buffer as ArrayBuffer, each.byteOffset, each.byteLength).toString("hex")
        : each;
    }).replaceAll(/\{"type":"Buffer","data":\[([\d,]*)\]\}/g, (_, list: string) =>
      JSON.stringify(Buffer.from(list.split(",").map(Number)).toString("hex")),
    ),
  );

describe("messages", () => {
  test.each(allReports.map((report) => [report.kind, report] as const))(
    "report %s",
    (_, report) => {
      expect(reports.decode(body(reports.encode(report)))).toEqual(report);
    },
  );

  test.each(allOrders.map((order) => [order.kind, order] as const))("order %s", (_, order) => {
    expect(plain(orders.decode(body(orders.encode(order))))).toEqual(plain(order));
  });

  test("half a character becomes U+FFFD, and text that is no UTF-8 too", () => {
    const report: Report = { kind: "told", container: "a\ud800" };
    expect(reports.decode(body(reports.encode(report)))).toEqual({ ...report, container: "a�" });
    const frame = reports.encode({ kind: "told", container: "abc" });
    frame[frame.length - 2] = 0xff;
    expect(reports.decode(body(frame))).toEqual({ kind: "told", container: "a�c" });
  });
});

describe("what is no message", () => {
  const told = body(reports.encode({ kind: "told", container: "abc" }));
  const matches = body(
    reports.encode({ kind: "matches", matches: [{ ...match, values: [null] }] }),
  );
  const changed = (frame: Buffer, at: number, bytes: readonly number[]): Buffer => {
    const copy = Buffer.from(frame);
    Buffer.from(bytes).copy(copy, at);
    return copy;
  };
  const bad: readonly (readonly [string, Buffer, RegExp])[] = [
    ["nothing", Buffer.alloc(0), /cut off/],
    ["an unknown kind", Buffer.of(200), /kind is unknown/],
    ["a byte too few", told.subarray(0, -1), /cut off/],
    ["a byte too many", Buffer.concat([told, Buffer.of(0)]), /bytes follow/],
    ["a text beyond its bound", changed(told, 1, [0xff, 0xff, 0xff, 0xff]), /text is too long/],
    ["a list beyond its bound", changed(matches, 1, [0xff, 0xff, 0xff, 0xff]), /list is too long/],
    ["a list of more than there are bytes", changed(matches, 1, [200]), /list is too long|cut off/],
    ["a value of an unknown type", changed(matches, matches.length - 1, [99]), /known type/],
    ["a word of its own", Buffer.of(1, 9), /word is none/],
  ];
  test.each(bad)("%s", (_, frame, why) => {
    const result = reports.decode(frame);
    expect(result).toBeInstanceOf(BadFrame);
    expect((result as BadFrame).message).toMatch(why);
  });

  test("random bytes never throw, and what they decode to is bounded by them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(12), (bytes, kind) => {
        const result = reports.decode(Buffer.from([kind, ...bytes]));
        return result instanceof BadFrame || sizeOf(result) <= 64 * (bytes.length + 1);
      }),
      { numRuns: 20_000 },
    );
  });

  test("damaged messages never throw either", () => {
    const frames = allReports.map((report) => body(reports.encode(report)));
    const damage = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...frames), damage, fc.nat(40), (frame, changes, cut) => {
        const copy = Buffer.from(frame.subarray(0, Math.max(1, frame.length - cut)));
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        const result = reports.decode(copy);
        return result instanceof BadFrame || sizeOf(result) <= 64 * (copy.length + 1);
      }),
      { numRuns: 20_000 },
    );
  });
});

/** Characters, numbers and items in a message. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length + 1;
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, each) => sum + sizeOf(each), 1);
}

describe("frames that arrive in pieces", () => {
  function splitter(bytesMax: number): { bodies: string[]; bad: string[]; frames: FrameSplitter } {
    const bodies: string[] = [];
    const bad: string[] = [];
    const frames = new FrameSplitter(bytesMax, {
      onBody: (bytes, from, to) => bodies.push(bytes.toString("latin1", from, to)),
      onBadFrame: (error) => bad.push(error.message),
    });
    return { bodies, bad, frames };
  }
  const frame = (text: string): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(text.length, 0);
    return Buffer.concat([head, Buffer.from(text, "latin1")]);
  };

  test("are the same wherever they are cut", () => {
    const texts = fc.array(fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 40 }));
    fc.assert(
      fc.property(
        texts,
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        (all, cuts) => {
          const { bodies, bad, frames } = splitter(64);
          let rest = Buffer.concat(all.map(frame));
          for (let i = 0; rest.length > 0; i++) {
            const size = cuts[i % cuts.length] ?? 1;
            frames.push(rest.subarray(0, size));
            rest = rest.subarray(size);
          }
          expect(bodies).toEqual(all);
          expect(bad).toEqual([]);
          expect(frames.heldBytes).toBe(0);
        },
      ),
    );
  });

  test("a length beyond the bound is refused at once, and nothing is taken after it", () => {
    for (const length of [0, 65, 0xffff_ffff]) {
      const { bodies, bad, frames } = splitter(64);
      const head = Buffer.alloc(4);
      head.writeUInt32LE(length, 0);
      frames.push(head.subarray(0, 2));
      frames.push(Buffer.concat([head.subarray(2), frame("a")]));
      frames.push(frame("b"));
      expect(bodies).toEqual([]);
      expect(bad).toEqual(["its length is not allowed"]);
      expect(frames.heldBytes).toBe(0);
    }
  });

  test("an announced length takes no memory before its bytes come", () => {
    const { frames } = splitter(REPORT_BYTES_MAX);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(REPORT_BYTES_MAX, 0);
    frames.push(head);
    for (let i = 0; i < 10_000; i++) frames.push(Buffer.of(0));
    expect(frames.heldBytes).toBeLessThanOrEqual(4 * 10_004);
  });
});

describe("a report beyond one frame", () => {
  let leftOut = -1;

  /** What a channel sends, decoded again. */
  function sent(report: Report): readonly Report[] {
    const all: Report[] = [];
    let settled = 0;
    const channel = {
      send: (each: Report, done?: () => void) => {
        all.push(reports.decode(body(reports.encode(each))) as Report);
        done?.();
      },
    } as unknown as Channel<Order, Report>;
    leftOut = sendReport(channel, report, () => settled++);
    expect(settled).toBe(1);
    return all;
  }
  const large = "x".repeat(1 << 20);

  test("is sent in several", () => {
    const matches = Array.from({ length: 20 }, (_, i) => ({
      ...match,
      event: BigInt(i),
      values: [large],
    }));
    const heard = sent({ kind: "matches", matches }).flatMap((report) =>
      report.kind === "matches" ? report.matches : [],
    );
    expect(heard.map(({ event }) => Number(event))).toEqual(matches.map((_, i) => i));
    expect(heard.every(({ values: [value] }) => value === large)).toBe(true);
    expect(leftOut).toBe(0);
  });

  test("loses its longest values when it is one match", () => {
    const many = ["short", ...Array<string>(20).fill(large)];
    const [report] = sent({ kind: "matches", matches: [{ ...match, values: many }] });
    const values = report?.kind === "matches" ? report.matches[0]?.values : [];
    expect(values).toEqual(["short", ...Array<null>(20).fill(null)]);
    expect(leftOut).toBe(20);
  });

  test("is an error for any other", () => {
    const report: Report = { kind: "failed", reason: "x".repeat(REPORT_BYTES_MAX) };
    expect(() => reports.encode(report)).toThrow(FrameTooLong);
  });
});

describe("a channel whose other side passes a descriptor", () => {
  const send = `import socket, array, sys
channel = socket.socket(fileno=3)
frame = bytes.fromhex(sys.argv[1])
fds = array.array("i", [0])
channel.sendmsg([frame], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
channel.sendmsg([bytes.fromhex(sys.argv[2])])`;

  test("hears the bytes only, and names what is no report", { timeout: 20_000 }, async () => {
    const good = reports.encode({ kind: "loading", pack: 0 }).toString("hex");
    const node = Buffer.from('{"cmd":"NODE_HANDLE","type":"no-such-type"}').toString("hex");
    const child = spawn("python3", ["-c", send, good, node], {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    });
    const heard: Report[] = [];
    const bad: string[] = [];
    await new Promise<void>((resolve) => {
      const codecs = { incoming: reportCodec(), outgoing: orderCodec() };
      new Channel(child.stdio[3] as Socket, codecs, {
        onMessage: (report) => heard.push(report),
        onBadFrame: (error) => bad.push(error.message),
        onEnd: resolve,
      });
    });
    expect(heard).toEqual([{ kind: "loading", pack: 0 }]);
    expect(bad).toEqual(["its length is not allowed"]);
  });
});
