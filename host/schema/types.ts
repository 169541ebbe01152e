/** Shapes of the schema tables. The tables themselves are data files beside this one. */

/** How a parameter is encoded in a record (numbers as in scap's PT_ types). */
export type ParamType =
  | "INT8"
  | "INT16"
  | "INT32"
  | "INT64"
  | "UINT8"
  | "UINT16"
  | "UINT32"
  | "UINT64"
  | "CHARBUF"
  | "BYTEBUF"
  | "ERRNO"
  | "SOCKADDR"
  | "SOCKTUPLE"
  | "FD"
  | "PID"
  | "FDLIST"
  | "FSPATH"
  | "SYSCALLID"
  | "SIGTYPE"
  | "RELTIME"
  | "ABSTIME"
  | "PORT"
  | "L4PROTO"
  | "SOCKFAMILY"
  | "BOOL"
  | "IPV4ADDR"
  | "DYN"
  | "FLAGS8"
  | "FLAGS16"
  | "FLAGS32"
  | "UID"
  | "GID"
  | "DOUBLE"
  | "SIGSET"
  | "CHARBUFARRAY"
  | "CHARBUF_PAIR_ARRAY"
  | "IPV4NET"
  | "IPV6ADDR"
  | "IPV6NET"
  | "IPADDR"
  | "IPNET"
  | "MODE"
  | "FSRELPATH"
  | "ENUMFLAGS8"
  | "ENUMFLAGS16"
  | "ENUMFLAGS32"
  | "FD32"
  | "PID32";

export interface Param {
  readonly name: string;
  readonly type: ParamType;
  /** How the number prints when no flag table explains it. */
  readonly format?: "hex" | "octal";
  /** Name of the flag table, for flags, enumerations and modes. */
  readonly flags?: string;
  /** FSRELPATH: index of the parameter that holds the directory descriptor. */
  readonly dirfd?: number;
}

export type EventFlag =
  | "creates_fd"
  | "uses_fd"
  | "destroys_fd"
  | "reads"
  | "writes"
  | "modifies_state"
  | "waits"
  | "large_payload"
  | "skips_reset"
  /** There was an older event of the same name. */
  | "replaces";

export interface EventSchema {
  /** Index in the event table; odd numbers are exits. */
  readonly code: number;
  /** SYSCALL_OPENAT_2_X and the like. */
  readonly id: string;
  /** What `evt.type` shows. */
  readonly name: string;
  readonly category: string;
  readonly kind: "syscall" | "tracepoint" | "plugin" | "metaevent" | "iter";
  readonly flags: readonly EventFlag[];
  readonly params: readonly Param[];
}

/** How long a field's value holds; what the compiler may cache a predicate by. */
export type Lifetime = "constant" | "container" | "process" | "lineage" | "descriptor" | "event";

export type FieldType = ParamType | "ADDRESS"; // IPADDR value of 4 or 16 bytes

/** Functions in `assembly/fields/<file>.ts`, found by their names (see emit/accessors.ts). */
export interface Accessor {
  readonly file: string;
  /** Takes nothing. For fields that mean "any of" without an argument: all of them as one text. */
  readonly plain: string | null;
  /** Takes the index (`u32`), the key (`usize, u32`), or for either-end fields the end (`u32`). */
  readonly indexed: string | null;
}

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly list: boolean;
  /** Null when the field takes none. `index` is a number, `key` any text. */
  readonly argument: null | {
    readonly required: boolean;
    readonly kind: "index" | "key";
  };
  readonly class: string;
  readonly lifetime: Lifetime;
  readonly flags: readonly (
    | "filter_only"
    | "print_only"
    | "deprecated"
    | "hidden"
    | "no_transformer"
    | "no_right_hand_side"
    | "suggested"
  )[];
  readonly help: string;
  /** Null where nothing reads the field (yet): it is known, but refused with its own message. */
  readonly accessor: Accessor | null;
}

/** Names of the numbers or bits that a parameter takes. */
export interface FlagTable {
  readonly name: string;
  /**
   * Bits: tried from first to last, each match takes its bits away. Numbers: every equal name
   * prints. So the order is part of the meaning.
   */
  readonly entries: readonly (readonly [name: string, value: number])[];
}

/** What a DYN parameter may hold: its first byte is the index of a variant. */
export interface VariantTable {
  readonly name: string;
  readonly variants: readonly { readonly type: ParamType; readonly format?: "hex" | "octal" }[];
}

export interface Syscall {
  /** Portable number, as a GENERIC_X record holds it. */
  readonly code: number;
  readonly name: string;
  /** Number in the kernel of each architecture; null where the call does not exist. */
  readonly x86_64: number | null;
  readonly aarch64: number | null;
  /** Id of the call's own event; null when it is delivered as GENERIC_X. */
  readonly event: string | null;
  /** It changes what the engine keeps: always captured, whatever the rules ask for. */
  readonly state: boolean;
}

/** A row of the field tables; `fields.ts` makes a `Field` of it. */
export type FieldRow = Pick<Field, "name" | "type" | "class" | "lifetime" | "help"> &
  Partial<Pick<Field, "list" | "argument" | "flags">>;
