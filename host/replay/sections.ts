import { BLOCK, SECTION_MAGIC, SECTION_MAGIC_SWAPPED } from "./block.ts";
import { ByteWriter } from "./byte-writer.ts";
import { CaptureFileError } from "./capture-file-error.ts";
import type { Cursor } from "./cursor.ts";
import type { MachineInfo } from "./entries.ts";

const MAJOR = 1;
const MINOR = 2;
const HOSTNAME_BYTES = 128;
const UNKNOWN_LENGTH = 0xffff_ffff_ffff_ffffn;

/** Checks a section header's body: byte order and major version. */
export function checkSectionHeader(body: Cursor): void {
  const offset = body.offset;
  const magic = body.u32("byte-order magic");
  if (magic === SECTION_MAGIC_SWAPPED) {
    throw new CaptureFileError("NOT_A_CAPTURE", { offset, expected: "a little-endian capture" });
  }
  if (magic !== SECTION_MAGIC) {
    throw new CaptureFileError("NOT_A_CAPTURE", { offset, expected: "byte-order magic 1a2b3c4d" });
  }
  const major = body.u16("major version");
  if (major !== MAJOR) body.fail(`format version ${MAJOR}, not ${major}`);
}

export function writeSectionHeader(): Buffer {
  return new ByteWriter().u32(SECTION_MAGIC).u16(MAJOR).u16(MINOR).u64(UNKNOWN_LENGTH).take();
}

export function isMachineInfo(blockType: number): boolean {
  return blockType === BLOCK.machine || blockType === BLOCK.machineLegacy;
}

/** Values are read in the order of the initializers, which is the order of the format. */
export function readMachineInfo(body: Cursor): MachineInfo {
  return {
    cpus: body.u32("number of CPUs"),
    memoryBytes: body.u64("memory size"),
    maxPid: body.u64("greatest pid"),
    hostname: untilNul(body.bytes(HOSTNAME_BYTES, "host name")),
    bootTime: body.remaining >= 8 ? body.u64("boot time") : 0n,
    flags: body.remaining >= 8 ? body.u64("machine flags") : 0n,
  };
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

export function writeMachineInfo(machine: MachineInfo): Buffer {
  const hostname = machine.hostname.subarray(0, HOSTNAME_BYTES - 1);
  return new ByteWriter()
    .u32(machine.cpus)
    .u64(machine.memoryBytes)
    .u64(machine.maxPid)
    .bytes(hostname)
    .zeros(HOSTNAME_BYTES - hostname.length)
    .u64(machine.bootTime)
    .u64(machine.flags)
    .zeros(16)
    .take();
}
