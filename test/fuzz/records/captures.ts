/** Made-up captures in every version of the format, as rows of sound blocks. */
import { BLOCK, block } from "../../../host/replay/block.ts";
import { ByteWriter } from "../../../host/replay/byte-writer.ts";
import type { FdList, ProcessEntry } from "../../../host/replay/entries.ts";
import { writeFdList } from "../../../host/replay/fd-list.ts";
import { writeInterfaces } from "../../../host/replay/interfaces.ts";
import { writeProcessList } from "../../../host/replay/process-list.ts";
import { writeMachineInfo, writeSectionHeader } from "../../../host/replay/sections.ts";
import { writeStartTimes } from "../../../host/replay/start-times.ts";
import { writeAccounts } from "../../../host/replay/users.ts";
import { descriptors, LISTS, process } from "../../replay/capture-fixture.ts";
import type { Random } from "../random.ts";
import { soundEvent } from "./events.ts";

/** A section header, lists of any version, then events of any version. */
export function soundCapture(random: Random): Buffer[] {
  const lists: Buffer[] = [];
  if (random.chance(0.6)) {
    const type = random.pick([BLOCK.machine, BLOCK.machineLegacy]);
    lists.push(block(type, writeMachineInfo(LISTS.machine)));
  }
  if (random.chance(0.3)) lists.push(startTimesBlock(random));
  if (random.chance(0.6)) lists.push(processBlock(random));
  if (random.chance(0.6)) lists.push(fdBlock(random));
  if (random.chance(0.5)) lists.push(accountBlock(random));
  if (random.chance(0.5)) lists.push(interfaceBlock(random));
  const events = random.times(random.below(10), () => eventOfAnyVersion(random));
  return [block(BLOCK.section, writeSectionHeader()), ...lists, ...events];
}

const PROCESS_BLOCKS: readonly (readonly [type: number, version: number])[] = [
  [0x202, 1],
  [0x8000_abcd, 1],
  [0x207, 2],
  [0x8013_abcd, 2],
  [0x209, 3],
  [0x8014_abcd, 3],
  [0x210, 4],
  [0x211, 5],
  [0x212, 6],
  [0x213, 7],
  [0x214, 8],
];

function processBlock(random: Random): Buffer {
  const entries = random.times(1 + random.below(3), () => process(BigInt(random.below(12))));
  if (random.chance(0.5)) return block(BLOCK.processes, writeProcessList(entries));
  const [type, version] = random.pick(PROCESS_BLOCKS);
  const out = new ByteWriter();
  for (const entry of entries) writeOldProcess(entry, version, out);
  return block(type, out.take());
}

function startTimesBlock(random: Random): Buffer {
  const entries = random.times(1 + random.below(3), () => ({
    ...process(BigInt(random.below(12))),
    startTime: BigInt(random.below(1_000)),
  }));
  return block(BLOCK.startTimes, writeStartTimes(entries));
}

/** An entry as the version before lengths had it. */
function writeOldProcess(entry: ProcessEntry, version: number, out: ByteWriter): void {
  out.u64(entry.tid).u64(entry.pid).u64(entry.ptid);
  if (version >= 6) out.u64(entry.sid);
  if (version >= 8) out.u64(entry.vpgid);
  out.text(entry.comm).text(entry.exe);
  if (version >= 7) out.text(entry.exePath);
  out.text(entry.args).text(entry.cwd).u64(entry.fdLimit);
  out.u32(entry.flags).u32(entry.uid).u32(entry.gid);
  if (version >= 2) out.u32(1).u32(2).u32(3).u64(4n).u64(5n);
  if (version >= 3) out.text(entry.env);
  if (version >= 4) out.u64(entry.vtid).u64(entry.vpid).text(entry.cgroups);
  if (version >= 5) out.text(entry.root);
}

function fdBlock(random: Random): Buffer {
  const list = descriptors(BigInt(random.below(12)));
  if (random.chance(0.5)) return block(BLOCK.descriptors, writeFdList(list));
  const type = random.pick([0x203, 0x8001_abcd]);
  return block(type, withoutLengths(writeFdList(withoutFiles(list)), 8));
}

/** The old version has no device behind a file's path. */
function withoutFiles(list: FdList): FdList {
  return { ...list, descriptors: list.descriptors.filter(({ kind }) => kind !== "file") };
}

function accountBlock(random: Random): Buffer {
  const body = writeAccounts(LISTS.accounts);
  if (random.chance(0.5)) return block(BLOCK.accounts, body);
  return block(random.pick([0x206, 0x8012_abcd]), withoutLengths(body, 0));
}

function interfaceBlock(random: Random): Buffer {
  const body = writeInterfaces(LISTS.interfaces);
  if (random.chance(0.5)) return block(BLOCK.interfaces, body);
  return block(random.pick([0x205, 0x8011_abcd]), withoutLengths(body, 0, 4));
}

/** Entries one behind the other; `uncounted` bytes of a length are not part of what it says. */
function withoutLengths(body: Buffer, from: number, uncounted = 0): Buffer {
  const entries = [body.subarray(0, from)];
  for (let at = from; at + 4 <= body.length; ) {
    const end = at + body.readUInt32LE(at) + uncounted;
    entries.push(body.subarray(at + 4, end));
    at = end;
  }
  return Buffer.concat(entries);
}

function eventOfAnyVersion(random: Random): Buffer {
  const today = soundEvent(random, random.below(1_000));
  if (random.chance(0.6)) return today;
  const type = today.readUInt32LE(0);
  const flagged = type === BLOCK.eventWithFlags || type === BLOCK.largeEventWithFlags;
  const head = today.subarray(8, flagged ? 14 : 10);
  const event = today.subarray(8 + head.length, today.length - 4);
  if (random.chance(0.3)) {
    // A type that nobody writes any more, with whatever parameters.
    event.writeUInt16LE(random.below(500), 20);
    return today;
  }
  // The first version's header does not tell the number of parameters.
  const bytes = event.readUInt32LE(16);
  const old = Buffer.concat([head, event.subarray(0, 22), event.subarray(26, bytes)]);
  old.writeUInt32LE(bytes - 4, head.length + 16);
  return block(flagged ? BLOCK.eventWithFlagsV1 : BLOCK.eventV1, old);
}
