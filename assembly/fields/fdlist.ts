/** The descriptors that a poll call waits for, each list joined by commas. */
import { Params } from "../record/event";
import { EventType } from "../schema/generated/events";
import { Descriptor } from "../state/descriptor";
import { Frame } from "../state/frame";
import { findDescriptor, Owner } from "../state/lookup";
import { NO_TEXT, TextAt } from "../state/text";
import { isListening, isSocketOfIp, isWide } from "./fd-kind";
import { Scratch } from "./scratch";

const LIST_PARAM: u32 = 1;
const ENTRY_BYTES: u32 = 10;

const enum Column {
  Number,
  Name,
  ClientAddress,
  ServerAddress,
  ClientPort,
  ServerPort,
}

export function fdlistNums(): bool {
  return list(Column.Number);
}

export function fdlistNames(): bool {
  return list(Column.Name);
}

export function fdlistCips(): bool {
  return list(Column.ClientAddress);
}

export function fdlistSips(): bool {
  return list(Column.ServerAddress);
}

export function fdlistCports(): bool {
  return list(Column.ClientPort);
}

export function fdlistSports(): bool {
  return list(Column.ServerPort);
}

function list(column: Column): bool {
  const type = Frame.type;
  if (type != EventType.SYSCALL_POLL_X && type != EventType.SYSCALL_PPOLL_X) return false;
  const thread = Frame.thread;
  if (thread === null) return false;
  const length = Params.length(LIST_PARAM);
  if (length < 2) return false;
  const at = Params.address(LIST_PARAM);
  const held = (length - 2) / ENTRY_BYTES;
  const claimed: u32 = load<u16>(at);
  const count = claimed < held ? claimed : held;
  const mark = Scratch.begin();
  for (let i: u32 = 0; i < count; i++) {
    const fd = load<i64>(at + 2 + <usize>i * ENTRY_BYTES);
    append(column, fd, findDescriptor(Owner.of(thread), fd), Scratch.length(mark) != 0);
  }
  return Scratch.length(mark) != 0 && Scratch.end(mark);
}

function append(column: Column, fd: i64, descriptor: Descriptor | null, further: bool): void {
  if (column == Column.Number) {
    if (further) Scratch.byte(0x2c);
    return Scratch.signed(fd);
  }
  if (column == Column.Name) {
    if (further) Scratch.byte(0x2c);
    return appendName(descriptor);
  }
  if (descriptor === null || !isSocketOfIp(descriptor)) return;
  const ofClient = column == Column.ClientAddress || column == Column.ClientPort;
  // A listening socket shows its address, but not its port.
  if (isListening(descriptor) && column != Column.ServerAddress) return;
  if (further) Scratch.byte(0x2c);
  if (column == Column.ClientPort) return Scratch.unsigned(descriptor.sourcePort);
  if (column == Column.ServerPort) return Scratch.unsigned(descriptor.destinationPort);
  const address = ofClient ? descriptor.sourceAddress : descriptor.destinationAddress;
  if (isWide(descriptor)) Scratch.ipv6(address);
  else Scratch.ipv4(address);
}

function appendName(descriptor: Descriptor | null): void {
  const name = descriptor === null ? NO_TEXT : descriptor.name;
  if (name == NO_TEXT || TextAt.length(name) == 0) return Scratch.ascii("<NA>");
  Scratch.bytes(TextAt.bytes(name), TextAt.length(name));
}
