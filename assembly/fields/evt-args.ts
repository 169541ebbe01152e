/** Parameters of the event as text (`evt.arg`, `evt.args`) and as they are (`evt.rawarg`). */
import { Params } from "../record/event";
import { EventType } from "../schema/generated/events";
import { Format, ParamType } from "../schema/generated/encoding";
import { nameIdOf, paramName } from "../schema/tables";
import { Frame } from "../state/frame";
import { indexOfName, Schema, Slot } from "./param";
import { appendFormatted, appendNumber, appendPlain, isNullText, textLength } from "./render-param";
import { appendName, appendResolved } from "./resolve-param";
import { constant, Scratch } from "./scratch";
import { Kind, Value } from "./value";

/** Texts of this event's parameters that were made already: generation, address, length. */
const CACHED_PARAMS: u32 = 64;
const CACHE_ROW_BYTES: usize = 12;
const CACHE: usize = memory.data(768, 4);

/** `evt.arg.NAME`, by the id of the name (see `paramNameId` in host/schema/blob.ts). */
export function evtArg(nameId: u32): bool {
  const index = indexOfName(nameId);
  return index >= 0 && evtArgIndex(<u32>index);
}

/** `evt.arg[2]`: in its readable form, else as its plain text. */
export function evtArgIndex(index: u32): bool {
  if (index >= CACHED_PARAMS) return false;
  const generation = Scratch.renew();
  const row = CACHE + <usize>index * CACHE_ROW_BYTES;
  if (load<u32>(row) == generation) return Value.text(load<u32>(row, 4), load<u32>(row, 8));
  if (!textOf(index)) return false;
  store<u32>(row, generation);
  store<u32>(row, <u32>Value.address, 4);
  store<u32>(row, Value.length, 8);
  return true;
}

/** `evt.arg`, by a name or a number as it was written. */
export function evtArgKey(key: usize, length: u32): bool {
  const index = indexOf(key, length);
  return index >= 0 && evtArgIndex(<u32>index);
}

function textOf(index: u32): bool {
  if (!Slot.load(index)) return false;
  const mark = Scratch.begin();
  appendResolved();
  if (Scratch.length(mark) == 0) {
    Slot.load(index);
    appendPlain();
  }
  return Scratch.end(mark);
}

/** Index of a parameter by its name, or by its number in decimal; −1 for none. */
function indexOf(key: usize, length: u32): i32 {
  if (length == 0) return -1;
  let number: i32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const digit = <i32>load<u8>(key + i) - 0x30;
    if (digit < 0 || digit > 9 || number > 999) {
      const nameId = nameIdOf(Schema.base, key, length);
      return nameId < 0 ? -1 : indexOfName(<u32>nameId);
    }
    number = number * 10 + digit;
  }
  return number;
}

/** All parameters: `name=value(meaning)`, a blank between each two. */
export function evtArgs(): bool {
  const mark = Scratch.begin();
  // A call without an event of its own has only its number, which its name says already.
  const count: u32 = Frame.type == EventType.GENERIC_X ? 0 : Params.count;
  for (let i: u32 = 0; i < count; i++) {
    if (!Slot.load(i)) break;
    if (i != 0) Scratch.byte(0x20);
    appendName(paramName(Schema.base, Frame.type, i));
    Scratch.byte(0x3d);
    appendPlain();
    Slot.load(i);
    appendBracketed();
  }
  return Scratch.end(mark);
}

function appendBracketed(): void {
  const mark = Scratch.begin();
  Scratch.byte(0x28);
  appendResolved();
  if (Scratch.length(mark) <= 1) return Scratch.cut(mark, 0);
  Scratch.byte(0x29);
}

export function evtInfo(): bool {
  return evtArgs();
}

/** `evt.rawarg.NAME`, by the id of the name. `Value.kind` says what was found. */
export function evtRawarg(nameId: u32): bool {
  const index = indexOfName(nameId);
  return index >= 0 && evtRawargIndex(<u32>index);
}

/**
 * One parameter as it is. A number with a format of its own is shown in it, as text; the number is
 * in `Value.number` all the same, since conditions compare that.
 */
export function evtRawargIndex(index: u32): bool {
  Value.kind = Kind.Missing;
  if (!Slot.load(index)) return false;
  Slot.enter();
  switch (Slot.type) {
    case ParamType.CHARBUF:
    case ParamType.FSPATH:
    case ParamType.FSRELPATH:
      Value.kind = Kind.Text;
      if (Slot.length == 0 || isNullText()) return constant("<NA>");
      return Value.text(Slot.address, textLength());
    case ParamType.BYTEBUF:
    case ParamType.SOCKADDR:
    case ParamType.SOCKTUPLE:
    case ParamType.FDLIST:
    case ParamType.DYN:
    case ParamType.SIGSET:
    case ParamType.CHARBUFARRAY:
    case ParamType.CHARBUF_PAIR_ARRAY:
      Value.kind = Kind.Bytes;
      return Value.text(Slot.address, Slot.length);
    default:
      return Slot.length != 0 && rawNumber();
  }
}

export function evtRawargKey(key: usize, length: u32): bool {
  const index = indexOf(key, length);
  if (index >= 0) return evtRawargIndex(<u32>index);
  Value.kind = Kind.Missing;
  return false;
}

function rawNumber(): bool {
  if (Slot.format != Format.DECIMAL) {
    const mark = Scratch.begin();
    if (isSigned(Slot.type)) appendNumber();
    else if (Slot.format == Format.OCTAL) Scratch.octal(Slot.unsigned());
    else appendFormatted();
    Scratch.end(mark);
    Value.kind = Kind.Text;
    return isSigned(Slot.type) ? Value.integer(Slot.signed()) : Value.unsigned(Slot.unsigned());
  }
  if (!isSigned(Slot.type)) {
    Value.kind = Kind.Unsigned;
    return Value.unsigned(Slot.unsigned());
  }
  Value.kind = Kind.Signed;
  return Value.integer(Slot.signed());
}

function isSigned(type: u32): bool {
  switch (type) {
    case ParamType.INT8:
    case ParamType.INT16:
    case ParamType.INT32:
    case ParamType.INT64:
    case ParamType.ERRNO:
    case ParamType.FD:
    case ParamType.FD32:
    case ParamType.PID:
    case ParamType.PID32:
      return true;
    default:
      return false;
  }
}
