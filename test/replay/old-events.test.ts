import { describe, expect, test } from "vitest";
import { block } from "../../host/replay/block.ts";
import { OLD_LAYOUTS } from "../../host/replay/old-events.ts";
import { type CapturePart, openCapture } from "../../host/replay/reader.ts";
import { captureHead } from "../../host/replay/writer.ts";
import { eventByCode } from "../../host/schema/events.ts";
import { shared } from "../support/shared.ts";
import { LISTS, partsOf } from "./capture-fixture.ts";

const TID = 42n;

/** An event of any type, old ones too, in a block of today's or of the first version. */
function old(type: number, params: readonly (Uint8Array | string)[], tid = TID): Buffer {
  const values = params.map((each) => Buffer.from(each));
  const lengths = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => lengths.writeUInt16LE(value.length, 2 * i));
  const rest = Buffer.concat([lengths, ...values]);
  const event = Buffer.alloc(26 + rest.length);
  event.writeBigUInt64LE(7n, 0);
  event.writeBigUInt64LE(tid, 8);
  event.writeUInt32LE(event.length, 16);
  event.writeUInt16LE(type, 20);
  event.writeUInt32LE(values.length, 22);
  rest.copy(event, 26);
  return block(0x216, Buffer.concat([Buffer.from([3, 0]), event]));
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

interface Event {
  readonly type: number;
  readonly cpu: number;
  readonly params: string[];
}

/** Parameters as hexadecimal text. */
function eventsOf(parts: readonly CapturePart[]): Event[] {
  const events: Event[] = [];
  for (const part of parts) {
    if (part.kind !== "events") continue;
    for (let at = 0; at < part.bytes.length; at += part.bytes.readUInt32LE(at + 4)) {
      events.push(eventOf(part.bytes.subarray(at)));
    }
  }
  return events;
}

function eventOf(bytes: Buffer): Event {
  const kind = bytes.readUInt32LE(0);
  const width = kind === 0x221 || kind === 0x222 ? 4 : 2;
  const event = bytes.subarray(kind === 0x217 || kind === 0x222 ? 14 : 10);
  const count = event.readUInt32LE(22);
  let value = 26 + width * count;
  const params: string[] = [];
  for (let i = 0; i < count; i++) {
    const length = event.readUIntLE(26 + width * i, width);
    params.push(event.toString("hex", value, value + length));
    value += length;
  }
  expect(value).toBe(event.readUInt32LE(16));
  return { type: event.readUInt16LE(20), cpu: bytes.readUInt16LE(8), params };
}

async function upgraded(...blocks: readonly Buffer[]) {
  const { parts, reader } = await partsOf(Buffer.concat([captureHead(LISTS), ...blocks]));
  return { events: eventsOf(parts), statistics: reader.statistics };
}

const hex = (value: Uint8Array | string) => Buffer.from(value).toString("hex");

describe("an enter event", () => {
  test("gives its parameters to the exit of the same thread", async () => {
    const { events, statistics } = await upgraded(
      old(4, [u64(9)]),
      old(4, [u64(5)], 7n),
      old(5, [u64(0)]),
    );
    expect(events).toEqual([{ type: 5, cpu: 3, params: [hex(u64(0)), hex(u64(9))] }]);
    expect(statistics).toMatchObject({ events: 3, mergedEnters: 2, unusedEvents: 0 });
  });

  test("of another call gives nothing", async () => {
    const { events } = await upgraded(old(6, [u64(9), "size"]), old(5, [u64(0)]));
    expect(events).toEqual([{ type: 5, cpu: 3, params: [hex(u64(0))] }]);
  });

  test("is used once", async () => {
    const { events } = await upgraded(old(4, [u64(9)]), old(5, [u64(0)]), old(5, [u64(0)]));
    expect(events.map((event) => event.params.length)).toEqual([2, 1]);
  });

  test("of socket leaves no flags, which count as none", async () => {
    const domain = [u64(10).subarray(0, 4), u64(2).subarray(0, 4), u64(0).subarray(0, 4)];
    const { events } = await upgraded(old(18, domain), old(19, [u64(3)]));
    expect(events.map(({ type, params }) => [type, params[4]])).toEqual([[19, "00000000"]]);
  });

  test("that lives on is handed on, and connect's completes its exit too", async () => {
    const { events } = await upgraded(
      old(22, [u64(3), "address"]),
      old(23, [u64(0), "tuple"]),
      old(2, ["/a\0", "flag", "mode"]),
      old(3, [u64(3), "/a\0", "flag", "mode"]),
    );
    expect(events.map((event) => event.type)).toEqual([22, 23, 2, 3]);
    expect(events[1]?.params).toEqual([hex(u64(0)), hex("tuple"), hex(u64(3)), hex("address")]);
    expect(events[3]?.params).toHaveLength(4);
  });

  test("without some parameters skips those that the exit has", async () => {
    const { events } = await upgraded(
      old(80, ["fds", "timeout"]),
      old(81, [u64(1), "fds"]),
      old(22, [u64(3), "address"]),
      old(23, [u64(0), "tuple", u64(3)]),
      old(52, [u64(4)]),
      old(53, [u64(0), "size", "data", "tuple"]),
    );
    expect(events[0]?.params.at(-1)).toBe(hex("timeout"));
    expect(events[2]?.params.slice(2)).toEqual([hex(u64(3)), hex("address")]);
    expect(events[3]?.params.slice(4)).toEqual(["", hex(u64(4))]);
  });
});

describe("an old type", () => {
  test("becomes today's with its parameters in their places", async () => {
    const { events } = await upgraded(
      old(102, [u64(-100), "/etc\0", "flag", "mode"]),
      old(103, [u64(3)]),
    );
    expect(events).toEqual([
      { type: 307, cpu: 3, params: [u64(3), u64(-100), "/etc\0", "flag", "mode"].map(hex) },
    ]);
  });

  test("of clone puts flags, uid and gid behind what was added", async () => {
    const params = Array.from({ length: 16 }, (_, i) => `p${i}`);
    const { events } = await upgraded(old(157, params));
    const expected = [...params.slice(0, 13), "", "", "p13", "p14", "p15"];
    expect(events).toEqual([{ type: 223, cpu: 3, params: expected.map(hex) }]);
  });

  test("of execve takes the file name from its enter event", async () => {
    const params = Array.from({ length: 17 }, (_, i) => `p${i}`);
    const { events } = await upgraded(old(288, ["/bin/x\0"]), old(289, params));
    expect(events[0]?.type).toBe(293);
    expect(events[0]?.params).toHaveLength(31);
    expect(events[0]?.params[30]).toBe(hex("/bin/x\0"));
    expect(events[0]?.params[16]).toBe(hex("p16"));
  });

  test("of a container gets the wide lengths of today's", async () => {
    const { events } = await upgraded(old(272, ["{}\0"]));
    expect(events).toEqual([{ type: 324, cpu: 3, params: [hex("{}\0")] }]);
  });

  test("that is nothing today is dropped and counted", async () => {
    const { events, statistics } = await upgraded(old(269, ["x"]), old(17, []));
    expect(events).toEqual([]);
    expect(statistics.unusedEvents).toBe(2);
  });

  test("always becomes one that exists, with no more parameters than it has", () => {
    for (const { type, sources } of OLD_LAYOUTS.values()) {
      const schema = eventByCode(type);
      expect(schema, String(type)).toBeDefined();
      expect(sources.length).toBeLessThanOrEqual(schema?.params.length ?? 0);
    }
  });
});

test("a new capture in the same file does not see old enter events", async () => {
  const bytes = Buffer.concat([
    captureHead(LISTS),
    old(4, [u64(9)]),
    captureHead(LISTS),
    old(5, [u64(0)]),
  ]);
  const { parts } = await partsOf(bytes);
  expect(eventsOf(parts).map((event) => event.params.length)).toEqual([1]);
});

test.skipIf(shared("scap") === undefined)(
  "a recording of 2018 becomes today's events",
  async () => {
    const parts: CapturePart[] = [];
    for await (const part of openCapture(shared("scap", "curl_google.scap")!)) {
      parts.push(part);
    }
    const events = eventsOf(parts);
    const of = (type: number) => events.filter((event) => event.type === type);
    expect(events.every((event) => eventByCode(event.type) !== undefined)).toBe(true);
    expect(of(5).every((event) => event.params.length === 2)).toBe(true);
    expect(of(7).every((event) => event.params.length === 4)).toBe(true);
    expect(of(161).every((event) => event.params.length === 10)).toBe(true);
    const exec = of(293);
    expect(exec).toHaveLength(1);
    expect(Buffer.from(exec[0]?.params[13] ?? "", "hex").toString()).toBe("curl\0");
    expect(of(223)).toHaveLength(2);
  },
);

test("container events of the first form, before there was JSON, become today's", async () => {
  const type = Buffer.alloc(4);
  type.writeUInt32LE(7);
  const names = ["0123456789ab\0", "we\u00e4b\0", "img:1\0"] as const;
  const blocks = [
    old(228, [names[0], type, names[1], names[2]]),
    old(228, [names[0]]),
    old(272, ["{}\0"]),
  ];
  const { events } = await upgraded(...blocks);
  expect(events.map(({ type: code }) => code)).toEqual([324, 324, 324]);
  const [whole, bare] = events.map(({ params }) => Buffer.from(params[0] ?? "", "hex").toString());
  expect(JSON.parse(whole?.replace(/\0$/, "") ?? "")).toEqual({
    container: { id: "0123456789ab", type: 7, name: "we\u00e4b", image: "img:1" },
  });
  expect(JSON.parse(bare?.replace(/\0$/, "") ?? "")).toEqual({
    container: { id: "0123456789ab", name: "", image: "" },
  });
});
