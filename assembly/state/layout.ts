/**
 * Where the tables lie in the state window. Sizes come from the configuration; everything is placed
 * in order behind TABLES_BASE and must fit STATE_BYTES_MAX.
 */
import { STATE_BASE, STATE_BYTES_MAX } from "../schema/generated/memory";
import { Container } from "./container";
import { ContainerTable } from "./container-table";
import { Descriptor } from "./descriptor";
import { DescriptorTable } from "./descriptor-table";
import {
  COUNTERS_BASE,
  FRAME_BASE,
  HOST_WORD_BASE,
  Header,
  HeaderAt,
  STATE_MAGIC,
  STATE_VERSION,
  TABLES_BASE,
} from "./header";
import { Heap } from "./heap";
import { Interface } from "./interface";
import { Thread } from "./thread";
import { ThreadTable } from "./thread-table";
import { Group, User } from "./user";
import { UserTable } from "./user-table";

export const SCHEMA_BYTES_MAX: u32 = 1 << 20;
export const INTERFACES_MAX: u32 = 256;

export const CHANGING_NOTHING: u32 = 0;
export const CHANGING_RECORD: u32 = 1;
export const CHANGING_LAYOUT: u32 = 2;

/** What the configuration asks for, entries but for the string heap. */
export class Sizes {
  static threads: u32 = 0;
  static descriptors: u32 = 0;
  static stringBytes: u32 = 0;
  static containers: u32 = 0;
  static users: u32 = 0;
  static groups: u32 = 0;
}

/**
 * What did not fit or makes no sense: the number of the argument of `layOut`, from 1; 0 is well.
 */
export function layOutTables(): i32 {
  const wrong = wrongSize();
  if (wrong != 0) return wrong;
  const header = HeaderAt.header;
  const again = header.magic == STATE_MAGIC && header.version == STATE_VERSION;
  const clock = again ? header.changeClock : 0;
  const serial = again ? header.serial : 0;
  // The schema lies first, always at the same place, and stays.
  const schemaBytes = again ? header.schemaBytes : 0;
  // After a torn update, or a layout that was broken off, the run goes on: its numbers, counters
  // and ring positions stay.
  const torn = again && header.changing != CHANGING_NOTHING;
  header.changing = CHANGING_LAYOUT;
  if (!torn) {
    header.eventNumber = 0;
    header.firstEventTime = 0;
  }
  const start = STATE_BASE + <u32>offsetof<Header>("schemaBase");
  const end = torn ? HOST_WORD_BASE : TABLES_BASE;
  memory.fill(<usize>start, 0, <usize>(end - start));
  memory.fill(<usize>FRAME_BASE, 0, <usize>(COUNTERS_BASE - FRAME_BASE));
  header.magic = STATE_MAGIC;
  header.version = STATE_VERSION;
  header.changeClock = clock + 1;
  header.serial = serial;
  header.lineageChangedAt = clock + 1;
  header.usersChangedAt = clock + 1;
  header.schemaBytes = schemaBytes;
  const small = placeSmall(header);
  if (small != 0) return small;
  const large = placeLarge(header);
  if (large != 0) return large;
  ThreadTable.clear();
  DescriptorTable.clear();
  ContainerTable.clear();
  UserTable.clear();
  Heap.clear();
  header.changing = CHANGING_NOTHING;
  return 0;
}

const ENTRIES_MAX: u32 = 1 << 22;

function wrongSize(): i32 {
  if (Sizes.threads == 0 || Sizes.threads > ENTRIES_MAX) return 1;
  if (Sizes.descriptors == 0 || Sizes.descriptors > ENTRIES_MAX) return 2;
  if (Sizes.stringBytes == 0 || Sizes.stringBytes > STATE_BYTES_MAX) return 3;
  if (Sizes.containers == 0 || Sizes.containers > ENTRIES_MAX) return 4;
  if (Sizes.users == 0 || Sizes.users > ENTRIES_MAX) return 5;
  if (Sizes.groups == 0 || Sizes.groups > ENTRIES_MAX) return 6;
  return 0;
}

/** Next free address while tables are being placed; 0 after one did not fit. */
let next: u32 = 0;

function place(bytes: u64): u32 {
  const at = next;
  const end = <u64>at + ((bytes + 63) & ~63);
  if (at == 0 || end > <u64>STATE_BASE + STATE_BYTES_MAX) {
    next = 0;
    return 0;
  }
  next = <u32>end;
  return at;
}

function powerOfTwo(atLeast: u32): u32 {
  return atLeast <= 2 ? 2 : 1 << (32 - <u32>clz<u32>(atLeast - 1));
}

function placeSmall(header: Header): i32 {
  next = TABLES_BASE;
  header.schemaBase = place(SCHEMA_BYTES_MAX);
  header.interfaceCapacity = INTERFACES_MAX;
  header.interfaceBase = place(<u64>INTERFACES_MAX * offsetof<Interface>());
  header.userCapacity = powerOfTwo(Sizes.users + (Sizes.users >> 1));
  header.userBase = place(<u64>header.userCapacity * offsetof<User>());
  if (next == 0) return 5;
  header.groupCapacity = powerOfTwo(Sizes.groups + (Sizes.groups >> 1));
  header.groupBase = place(<u64>header.groupCapacity * offsetof<Group>());
  if (next == 0) return 6;
  header.containerCapacity = Sizes.containers;
  header.containerSlots = powerOfTwo(Sizes.containers);
  header.containerIndexBase = place(<u64>header.containerSlots << 2);
  header.containerBase = place(<u64>Sizes.containers * offsetof<Container>());
  return next == 0 ? 4 : 0;
}

function placeLarge(header: Header): i32 {
  header.threadCapacity = Sizes.threads;
  header.threadSlots = powerOfTwo(Sizes.threads);
  header.threadIndexBase = place(<u64>header.threadSlots << 2);
  header.childIndexBase = place(<u64>header.threadSlots << 2);
  header.threadBase = place(<u64>Sizes.threads * offsetof<Thread>());
  if (next == 0) return 1;
  header.descriptorCapacity = Sizes.descriptors;
  header.descriptorSlots = powerOfTwo(Sizes.descriptors);
  header.descriptorIndexBase = place(<u64>header.descriptorSlots << 2);
  header.descriptorBase = place(<u64>Sizes.descriptors * offsetof<Descriptor>());
  if (next == 0) return 2;
  header.stringBytes = Sizes.stringBytes;
  header.stringBase = place(<u64>Sizes.stringBytes);
  return next == 0 ? 3 : 0;
}
