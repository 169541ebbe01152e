/**
 * Parameters of the current event: the record's bytes together with what the schema says of them.
 * Lengths come from the decoder, which checked them; a number that is shorter than its type, as
 * only a damaged record has it, reads as 0.
 */
import { Params } from "../record/event";
import { Format, ParamType } from "../schema/generated/encoding";
import {
  eventFlags,
  NO_TABLE,
  paramAt,
  paramIndex,
  ParamInfo,
  variantFormat,
  variantType,
} from "../schema/tables";
import { Frame } from "../state/frame";
import { HeaderAt } from "../state/header";

export class Schema {
  @inline static get base(): usize {
    return HeaderAt.header.schemaBase;
  }
  /** Bits of `EventFlag` of the current event's type. */
  @inline static get flags(): u32 {
    return eventFlags(Schema.base, Frame.type);
  }
}

/** The parameter that is being rendered. */
export class Slot {
  static index: u32 = 0;
  static type: u32 = 0;
  static format: u32 = Format.DECIMAL;
  static table: u32 = 0;
  static dirfd: u32 = 0;
  static address: usize = 0;
  static length: u32 = 0;

  /** False when the record or its type has no such parameter. */
  static load(index: u32): bool {
    const row = paramAt(Schema.base, Frame.type, index);
    if (row == 0 || index >= Params.count) return false;
    Slot.index = index;
    Slot.type = ParamInfo.type(row);
    Slot.format = ParamInfo.format(row);
    Slot.table = ParamInfo.table(row);
    Slot.dirfd = ParamInfo.dirfd(row);
    Slot.address = Params.address(index);
    Slot.length = Params.length(index);
    return true;
  }

  /** Steps from a DYN parameter to the variant in it; an unknown variant reads as empty. */
  static enter(): void {
    if (Slot.type != ParamType.DYN || Slot.length == 0) return;
    const variant = load<u8>(Slot.address);
    const type = variantType(Schema.base, Slot.table, variant);
    if (type == 0 || type == ParamType.DYN) {
      Slot.length = 0;
      return;
    }
    Slot.format = variantFormat(Schema.base, Slot.table, variant);
    Slot.type = type;
    Slot.table = NO_TABLE;
    Slot.address += 1;
    Slot.length -= 1;
  }

  static unsigned(): u64 {
    const width = widthOf(Slot.type);
    if (Slot.length < width) return 0;
    if (width == 8) return load<u64>(Slot.address);
    if (width == 4) return load<u32>(Slot.address);
    if (width == 2) return load<u16>(Slot.address);
    return load<u8>(Slot.address);
  }

  /** The same bits, read as a signed number of the type's width. */
  static signed(): i64 {
    const value = Slot.unsigned();
    const width = widthOf(Slot.type);
    if (width == 8) return <i64>value;
    if (width == 4) return <i64>(<i32>value);
    if (width == 2) return <i64>(<i16>value);
    return <i64>(<i8>value);
  }
}

/** Index of the parameter with that name id in the current event, −1 when it has none. */
export function indexOfName(nameId: u32): i32 {
  return paramIndex(Schema.base, Frame.type, nameId);
}

/** Bytes of the number types; text and buffers are asked for nothing. */
function widthOf(type: u32): u32 {
  switch (type) {
    case ParamType.INT8:
    case ParamType.UINT8:
    case ParamType.SIGTYPE:
    case ParamType.L4PROTO:
    case ParamType.SOCKFAMILY:
    case ParamType.FLAGS8:
    case ParamType.ENUMFLAGS8:
      return 1;
    case ParamType.INT16:
    case ParamType.UINT16:
    case ParamType.SYSCALLID:
    case ParamType.PORT:
    case ParamType.FLAGS16:
    case ParamType.ENUMFLAGS16:
      return 2;
    case ParamType.INT32:
    case ParamType.UINT32:
    case ParamType.BOOL:
    case ParamType.FLAGS32:
    case ParamType.ENUMFLAGS32:
    case ParamType.UID:
    case ParamType.GID:
    case ParamType.SIGSET:
    case ParamType.MODE:
    case ParamType.FD32:
    case ParamType.PID32:
      return 4;
    default:
      return 8;
  }
}
