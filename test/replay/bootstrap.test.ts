import { describe, expect, test } from "vitest";
import {
  bootstrapAccounts,
  bootstrapDescriptors,
  bootstrapProcesses,
} from "../../host/replay/bootstrap.ts";
import { encodeEvent, eventBlock } from "../../host/replay/encode.ts";
import { sliceBlocks } from "../../host/replay/replay-parts.ts";
import { eventByCode } from "../../host/schema/events.ts";
import { descriptors, LISTS, process } from "./capture-fixture.ts";

interface Event {
  readonly block: number;
  readonly flags: number;
  readonly tid: bigint;
  readonly type: number;
  readonly params: Buffer[];
}

/** Decodes state-only event blocks the way the format describes them, lengths and all. */
function decode(blocks: Buffer): Event[] {
  const events: Event[] = [];
  for (let at = 0; at < blocks.length; at += blocks.readUInt32LE(at + 4)) {
    const event = blocks.subarray(at + 14);
    const count = event.readUInt32LE(22);
    const params: Buffer[] = [];
    let value = 26 + 2 * count;
    for (let i = 0; i < count; i++) {
      const length = event.readUInt16LE(26 + 2 * i);
      params.push(event.subarray(value, value + length));
      value += length;
    }
    expect(value).toBe(event.readUInt32LE(16));
    events.push({
      block: blocks.readUInt32LE(at),
      flags: blocks.readUInt32LE(at + 10),
      tid: event.readBigUInt64LE(8),
      type: event.readUInt16LE(20),
      params,
    });
  }
  return events;
}

function param(event: Event | undefined, name: string): Buffer {
  const index = eventByCode(event?.type ?? -1)?.params.findIndex((each) => each.name === name);
  const value = event?.params[index ?? -1];
  if (value === undefined) throw new Error(`no parameter ${name}`);
  return value;
}

describe("processes", () => {
  test("carry every member in the schema's parameter of that name", () => {
    const { blocks, dropped } = bootstrapProcesses([process(101n, { pid: 100n })], 5n);
    const [event] = decode(blocks);
    expect(dropped).toBe(0);
    expect(event).toMatchObject({ block: 0x217, flags: 1, type: 430, tid: (100n << 32n) | 101n });
    expect(param(event, "ppid").readInt32LE()).toBe(1);
    expect(param(event, "sid").readInt32LE()).toBe(7);
    expect(param(event, "pgid").readInt32LE()).toBe(8);
    expect(param(event, "vpgid").readInt32LE()).toBe(9);
    expect(param(event, "vpid").readInt32LE()).toBe(10);
    expect(param(event, "vtgid").readInt32LE()).toBe(11);
    expect(param(event, "comm").toString()).toBe("worker\0");
    expect(param(event, "argv").toString()).toBe("./worker\0-a\0b c\0");
    expect(param(event, "exepath").toString()).toBe("/opt/worker\0");
    expect(param(event, "flags").readUInt32LE()).toBe(9);
    expect(param(event, "cgroups").toString()).toBe("cpu=/x\0memory=/y\0");
    expect(param(event, "cap_permitted").readBigUInt64LE()).toBe(0x1ff_ffff_ffffn);
    expect(param(event, "cap_inheritable").readBigUInt64LE()).toBe(17n);
    expect(param(event, "exe_ino_mtime").readBigUInt64LE()).toBe(1_700_000_000_000_000_002n);
    expect(param(event, "loginuid").readUInt32LE()).toBe(0xffff_ffff);
    expect(event?.params[32]?.readUInt32LE()).toBe(0x4000_0000);
  });

  test("with ids that no task has are left out and counted", () => {
    const entries = [process(-1n), process(1n << 40n), process(5n)];
    const { blocks, dropped } = bootstrapProcesses(entries, 0n);
    expect(decode(blocks)).toHaveLength(1);
    expect(dropped).toBe(2);
  });

  test("with overlong text are cut to what an event can say", () => {
    const long = Buffer.alloc(65_535, 0x61);
    const { blocks } = bootstrapProcesses([process(5n, { env: long, cwd: long, args: long })], 0n);
    const [event] = decode(blocks);
    expect(param(event, "env")).toHaveLength(4_096);
    expect(param(event, "cwd")).toHaveLength(1_025);
  });
});

test("descriptors become the event of their kind", () => {
  const { blocks, dropped } = bootstrapDescriptors(descriptors(100n), 0n);
  const events = decode(blocks);
  expect(dropped).toBe(0);
  expect(events.map((event) => event.type)).toEqual([432, 436, 440, 442, 440, 442, 444, 448, 438]);
  expect(events.every((event) => event.tid === 100n)).toBe(true);
  expect(events.map((event) => param(event, "fd").readInt32LE())).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ]);
  const [, file, tuple, , server, , unix, anonymous] = events;
  expect(param(file, "path").toString()).toBe("/tmp/a\0");
  expect(file?.params[5]?.readUInt32LE()).toBe(0x801);
  expect([...param(tuple, "local_ip")]).toEqual([127, 0, 0, 1]);
  expect(param(tuple, "remote_port").readUInt16LE()).toBe(80);
  expect(param(tuple, "sk_proto").readUInt16LE()).toBe(6);
  expect([...param(server, "remote_ip")]).toEqual([0, 0, 0, 0]);
  expect(server?.params[8]?.readUInt8()).toBe(5);
  expect(param(unix, "sk_pointer").readBigUInt64LE()).toBe(0xffff_8880_0000_0000n);
  expect(unix?.params[6]?.readBigUInt64LE()).toBe(3n);
  expect(anonymous?.params[4]?.readUInt8()).toBe(9);
});

test("accounts become additions of the host, or of a container", () => {
  const [user, group] = decode(bootstrapAccounts(LISTS.accounts, 0n, "0123456789ab").blocks);
  expect(param(user, "container_id").toString()).toBe("0123456789ab\0");
  expect(param(group, "container_id").toString()).toBe("0123456789ab\0");
  const events = decode(bootstrapAccounts(LISTS.accounts, 0n).blocks);
  expect(events.map((event) => event.type)).toEqual([354, 358]);
  expect(events[0]?.params.slice(2).map(String)).toEqual(["root\0", "/root\0", "/bin/sh\0", "\0"]);
  expect(events[0]?.tid).toBe(0xffff_ffff_ffff_ffffn);
});

describe("encodeEvent", () => {
  test("writes large-payload events with wide lengths", () => {
    const data = Buffer.alloc(70_000, 1);
    const event = encodeEvent({ type: 402, tid: -1n, time: 0n }, [0, "container", data]);
    expect(event.readUInt32LE(26 + 8)).toBe(70_000);
    expect(event).toHaveLength(26 + 12 + 4 + 10 + 70_000);
    expect(eventBlock(event).readUInt32LE(0)).toBe(0x221);
  });

  test("refuses what the schema cannot say", () => {
    const encode = (type: number, params: (number | Uint8Array | string)[]) => () =>
      encodeEvent({ type, tid: 0n, time: 0n }, params);
    expect(encode(4, [])).toThrow(RangeError);
    expect(encode(5, [0, 1, 2])).toThrow(/no parameter 2/);
    expect(encode(267, [0, "x".repeat(70_000)])).toThrow(/more than a length can say/);
  });
});

test("sliceBlocks cuts between blocks only", () => {
  const { blocks } = bootstrapProcesses([process(1n), process(2n), process(3n)], 0n);
  const one = blocks.length / 3;
  expect([...sliceBlocks(blocks, one * 2)].map((row) => row.length)).toEqual([one * 2, one]);
  expect([...sliceBlocks(blocks, 10)].map((row) => row.length)).toEqual([one, one, one]);
});
