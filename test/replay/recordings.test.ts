import { describe, expect, test } from "vitest";
import { openCapture } from "../../host/replay/reader.ts";
import { replayParts } from "../../host/replay/replay-parts.ts";
import { shared } from "../support/shared.ts";

/** Events in each file, as the recordings' own documentation counts them. */
const RECORDINGS: readonly (readonly [path: string, events: number, descriptorLists: number])[] = [
  ["oracle/files.scap.gz", 8_963, 1],
  ["oracle/process.scap.gz", 15_542, 1],
  ["oracle/network.scap.gz", 5_959, 1],
  ["oracle/attacks.scap.gz", 30_840, 1],
  ["oracle/everyday.scap.gz", 243_548, 1],
  ["scap/curl_google.scap", 1_536, 54],
  ["scap/test_ipv6_client.scap", 326, 58],
];

describe.each(RECORDINGS)("%s", (name, events, descriptorLists) => {
  const path = shared(...name.split("/"));

  test.skipIf(path === undefined)("has the documented number of events", async () => {
    const reader = openCapture(path!);
    const kinds: Record<string, number> = {};
    for await (const part of reader) kinds[part.kind] = (kinds[part.kind] ?? 0) + 1;
    expect(reader.statistics).toMatchObject({
      events,
      sections: 1,
      skippedBlocks: 0,
      malformedEvents: 0,
    });
    expect(kinds).toMatchObject({ machine: 1, processes: 1, descriptors: descriptorLists });
  });

  test.skipIf(path === undefined)("turns into whole event blocks of today's format", async () => {
    const statistics = { droppedEntries: 0 };
    const reader = openCapture(path!);
    let blocks = 0;
    const types = new Set<number>();
    for await (const part of replayParts(reader, statistics)) {
      if (part.kind !== "blocks") continue;
      for (let at = 0; at < part.bytes.length; at += part.bytes.readUInt32LE(at + 4)) {
        types.add(part.bytes.readUInt32LE(at));
        blocks++;
      }
    }
    expect([...types].every((type) => [0x216, 0x217, 0x221, 0x222].includes(type))).toBe(true);
    expect(types.has(0x217)).toBe(true);
    const { mergedEnters, unusedEvents } = reader.statistics;
    expect(blocks).toBeGreaterThan(events - mergedEnters - unusedEvents);
    expect(unusedEvents).toBe(0);
    expect(mergedEnters > 0).toBe(name.startsWith("scap/"));
    expect(statistics.droppedEntries).toBe(0);
  });
});

test.skipIf(shared("oracle") === undefined)(
  "reads what a recording says of its first process",
  async () => {
    const path = shared("oracle", "attacks.scap.gz")!;
    for await (const part of openCapture(path)) {
      if (part.kind === "machine") {
        expect(Buffer.from(part.machine.hostname).toString()).toBe("demo-host");
      }
      if (part.kind === "descriptors") {
        expect(part.list.descriptors).toMatchObject([
          { kind: "file", fd: 2n, inode: 30n, openFlags: 0x80a, dev: 0 },
          { kind: "file", fd: 1n, inode: 30n, openFlags: 0x80a, dev: 0 },
          { kind: "named", fd: 0n, inode: 379_409n, type: 7 },
        ]);
      }
      if (part.kind !== "processes") continue;
      expect(part.processes).toHaveLength(1);
      const [entry] = part.processes;
      expect(entry).toMatchObject({
        tid: 6_159n,
        pid: 6_159n,
        ptid: 6_158n,
        fdLimit: 20_000n,
        pgid: 6_159n,
      });
      expect(Buffer.from(entry?.exePath ?? []).toString()).toBe("/opt/svc/svcrun");
      expect(Buffer.from(entry?.args ?? []).toString()).toBe(
        "bash\0/srv/demo/attacks.sh\0containers\0",
      );
    }
  },
);
