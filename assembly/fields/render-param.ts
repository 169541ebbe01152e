/** The plain text of a parameter: what `evt.args` shows before the brackets. */
import { Format, ParamType } from "../schema/generated/encoding";
import { FAMILY_INET, FAMILY_INET6, FAMILY_UNIX } from "../state/interface";
import { HeaderAt } from "../state/header";
import { findDescriptor, Owner } from "../state/lookup";
import { Frame } from "../state/frame";
import { typeChar } from "./fd-kind";
import { findByte } from "../record/bytes";
import { Slot } from "./param";
import { Scratch } from "./scratch";
import { appendDate } from "./time";

const UPPER: u32 = 0x41;
const LOWER: u32 = 0x61;
const COLON: u32 = 0x3a;
const BLANK: u32 = 0x20;
const ZERO: u32 = 0x30;
const PLUS: u32 = 0x2b;
const SLASH: u32 = 0x2f;
const PADDING: u32 = 0x3d;

const INET_ADDRESS_BYTES: u32 = 7;
const INET6_ADDRESS_BYTES: u32 = 19;
const INET_TUPLE_BYTES: u32 = 13;
const INET6_TUPLE_BYTES: u32 = 37;
const UNIX_TUPLE_BYTES: u32 = 17;
const FD_LIST_ENTRY_BYTES: u32 = 10;

/** Appends the text of the parameter in `Slot`. */
export function appendPlain(): void {
  const whole = Slot.length;
  Slot.enter();
  if (Slot.length == 0) return whole == 1 ? appendEmptyVariant() : appendEmpty();
  switch (Slot.type) {
    case ParamType.CHARBUF:
    case ParamType.FSPATH:
    case ParamType.FSRELPATH:
      return appendText();
    case ParamType.BYTEBUF:
      if (HeaderAt.header.base64 != 0) return appendBase64(Slot.address, Slot.length);
      return appendPrintable(Slot.address, Slot.length);
    case ParamType.CHARBUFARRAY:
    case ParamType.CHARBUF_PAIR_ARRAY:
      return appendPrintable(Slot.address, Slot.length);
    case ParamType.SOCKADDR:
      return appendSocketAddress();
    case ParamType.SOCKTUPLE:
      return appendTuple();
    case ParamType.FDLIST:
      return appendDescriptors();
    case ParamType.ABSTIME:
      return appendDate(Slot.unsigned());
    case ParamType.SIGSET:
      return;
    default:
      appendNumber();
  }
}

/** A variant that is known and has no value: a buffer is then empty and not missing. */
function appendEmptyVariant(): void {
  if (Slot.type != ParamType.BYTEBUF) appendEmpty();
}

/** What stands for a parameter of which nobody told the value. */
function appendEmpty(): void {
  switch (Slot.type) {
    case ParamType.BYTEBUF:
    case ParamType.SOCKTUPLE:
    case ParamType.FDLIST:
    case ParamType.DYN:
    case ParamType.CHARBUFARRAY:
    case ParamType.CHARBUF_PAIR_ARRAY:
      return Scratch.ascii("NULL");
    default:
      Scratch.ascii("<NA>");
  }
}

/** Length of a text parameter: up to its NUL. */
export function textLength(): u32 {
  return findByte(Slot.address, Slot.length, 0);
}

/** Whether the producer wrote a word in place of a text it could not read. */
export function isNullText(): bool {
  if (textLength() != 6) return false;
  return load<u32>(Slot.address) == 0x4c55_4e28 && load<u16>(Slot.address, 4) == 0x294c;
}

/** Whether it shows as missing, be it that somebody really gave such a name. */
export function isUnread(): bool {
  return isNullText() || (textLength() == 4 && load<u32>(Slot.address) == 0x3e41_4e3c);
}

function appendText(): void {
  if (isNullText()) return Scratch.ascii("<NA>");
  Scratch.bytes(Slot.address, textLength());
}

/** Appends bytes as Base64 with padding. */
function appendBase64(at: usize, length: u32): void {
  for (let i: u32 = 0; i < length; i += 3) {
    const left = length - i;
    let group = <u32>load<u8>(at + i) << 16;
    if (left > 1) group |= <u32>load<u8>(at + i + 1) << 8;
    if (left > 2) group |= <u32>load<u8>(at + i + 2);
    Scratch.byte(base64Digit(group >> 18));
    Scratch.byte(base64Digit((group >> 12) & 63));
    Scratch.byte(left > 1 ? base64Digit((group >> 6) & 63) : PADDING);
    Scratch.byte(left > 2 ? base64Digit(group & 63) : PADDING);
  }
}

/** A-Z, a-z, 0-9, + and /. */
function base64Digit(value: u32): u32 {
  if (value < 26) return UPPER + value;
  if (value < 52) return LOWER + value - 26;
  if (value < 62) return ZERO + value - 52;
  return value == 62 ? PLUS : SLASH;
}

/** Appends bytes, a dot for each that is no printable ASCII character. */
export function appendPrintable(at: usize, length: u32): void {
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(at + i);
    Scratch.byte(byte >= 0x20 && byte < 0x7f ? byte : 0x2e);
  }
}

/** Numbers print signed, as Falco prints even the unsigned ones; bits print as they are. */
export function appendNumber(): void {
  switch (Slot.type) {
    case ParamType.MODE:
      return appendOctal();
    case ParamType.FLAGS8:
    case ParamType.FLAGS16:
    case ParamType.FLAGS32:
    case ParamType.ENUMFLAGS8:
    case ParamType.ENUMFLAGS16:
    case ParamType.ENUMFLAGS32:
    case ParamType.SYSCALLID:
    case ParamType.SIGTYPE:
    case ParamType.PORT:
    case ParamType.UINT8:
    case ParamType.UINT16:
      if (Slot.format == Format.DECIMAL || <i32>Slot.type >= ParamType.FLAGS8) {
        return Scratch.unsigned(Slot.unsigned());
      }
      return appendFormatted();
    case ParamType.ERRNO:
    case ParamType.FD:
    case ParamType.FD32:
    case ParamType.PID:
    case ParamType.PID32:
      return Scratch.signed(Slot.signed());
    case ParamType.RELTIME:
      if (Slot.unsigned() == u64.MAX_VALUE) return Scratch.ascii("none");
      return Scratch.unsigned(Slot.unsigned());
    default:
      appendFormatted();
  }
}

/** The number in the format that the event's table asks for. */
export function appendFormatted(): void {
  if (Slot.format == Format.HEX) Scratch.hex(Slot.unsigned(), UPPER);
  else if (Slot.format == Format.OCTAL) appendOctal();
  else Scratch.signed(Slot.signed());
}

/** With a leading zero, but for zero itself. */
function appendOctal(): void {
  if (Slot.unsigned() != 0) Scratch.byte(0x30);
  Scratch.octal(Slot.unsigned());
}

/** `address:port`, or the path of a unix socket. */
function appendSocketAddress(): void {
  const at = Slot.address;
  const family = load<u8>(at);
  if (family == FAMILY_UNIX) return Scratch.bytes(at + 1, findByte(at + 1, Slot.length - 1, 0));
  if (family == FAMILY_INET && Slot.length >= INET_ADDRESS_BYTES) return appendEnd(at + 1, false);
  if (family == FAMILY_INET6 && Slot.length >= INET6_ADDRESS_BYTES) return appendEnd(at + 1, true);
  Scratch.ascii("family ");
  Scratch.unsigned(family);
}

/** `address:port->address:port`, or both kernel addresses and the path of a unix socket. */
function appendTuple(): void {
  const at = Slot.address;
  const family = load<u8>(at);
  if (family == FAMILY_UNIX && Slot.length >= UNIX_TUPLE_BYTES) {
    Scratch.hex(load<u64>(at, 1), LOWER);
    Scratch.ascii("->");
    Scratch.hex(load<u64>(at, 9), LOWER);
    Scratch.byte(BLANK);
    const rest = Slot.length - UNIX_TUPLE_BYTES;
    return Scratch.bytes(at + UNIX_TUPLE_BYTES, findByte(at + UNIX_TUPLE_BYTES, rest, 0));
  }
  if (family == FAMILY_INET && Slot.length >= INET_TUPLE_BYTES) {
    appendEnd(at + 1, false);
    Scratch.ascii("->");
    return appendEnd(at + 7, false);
  }
  if (family == FAMILY_INET6 && Slot.length >= INET6_TUPLE_BYTES) {
    const mapped = isMapped(at + 1) && isMapped(at + 19);
    appendEnd6(at + 1, mapped);
    Scratch.ascii("->");
    return appendEnd6(at + 19, mapped);
  }
  Scratch.ascii("family ");
  Scratch.unsigned(family);
}

/** Whether an IPv6 address holds an IPv4 one (`::ffff:a.b.c.d`). */
function isMapped(address: usize): bool {
  return load<u64>(address) == 0 && load<u32>(address, 8) == 0xffff_0000;
}

function appendEnd(at: usize, wide: bool): void {
  if (wide) return appendEnd6(at, false);
  Scratch.ipv4(at);
  Scratch.byte(COLON);
  Scratch.unsigned(load<u16>(at, 4));
}

function appendEnd6(at: usize, mapped: bool): void {
  if (mapped) Scratch.ipv4(at + 12);
  else Scratch.ipv6(at);
  Scratch.byte(COLON);
  Scratch.unsigned(load<u16>(at, 16));
}

/**
 * `fd:typechar` and the flags in hexadecimal, a blank between each two. The number is unsigned:
 * what poll was told to pass over is a large one.
 */
function appendDescriptors(): void {
  if (Slot.length < 2) return;
  const claimed: u32 = load<u16>(Slot.address);
  const held = (Slot.length - 2) / FD_LIST_ENTRY_BYTES;
  const count = claimed < held ? claimed : held;
  for (let i: u32 = 0; i < count; i++) {
    const entry = Slot.address + 2 + <usize>i * FD_LIST_ENTRY_BYTES;
    const fd = load<i64>(entry);
    if (i != 0) Scratch.byte(BLANK);
    Scratch.unsigned(<u64>fd);
    Scratch.byte(COLON);
    Scratch.byte(charOf(fd));
    Scratch.hex(load<u16>(entry, 8), LOWER);
  }
}

function charOf(fd: i64): u32 {
  const thread = Frame.thread;
  if (thread === null) return 0x3f;
  const descriptor = findDescriptor(Owner.of(thread), fd);
  return descriptor === null ? 0x3f : typeChar(descriptor.type);
}
