/** How a value is read: the call of an accessor, or of a function that transforms other values. */
import { paramNameId } from "../../schema/blob.ts";
import type { FieldRead, ListRead, Read, TransformRead } from "../5-plan/read.ts";
import { readKey } from "../5-plan/read.ts";
import { Code } from "../code.ts";
import type { DataBlock } from "./data.ts";
import { textTable } from "./tables.ts";

export class ReadEmitter {
  readonly #data: DataBlock;
  readonly #definitions: Code[];
  readonly #functions = new Map<string, Code>();
  /** Accessors by the file that has them. */
  readonly imports = new Map<string, Set<string>>();

  /** Functions that it needs are added to `definitions`. */
  constructor(data: DataBlock, definitions: Code[]) {
    this.#data = data;
    this.#definitions = definitions;
  }

  get transforms(): boolean {
    return this.#functions.size > 0;
  }

  /**
   * An expression that is true when there is a value, which is in `Value` then. `place` is the end
   * or the level, for reads that have several.
   */
  call(read: Read, place: Code | null): Code {
    switch (read.kind) {
      case "constant":
        return Code.of`fixedText(${textTable(this.#data, read.bytes) + 4}, ${read.bytes.length})`;
      case "list":
      case "transform":
        return Code.of`${this.#transformed(read)}()`;
      case "field":
        return this.#field(read, place);
    }
  }

  /** The same for the first value of a test: whatever was read for others is no longer needed. */
  first(read: Read, place: Code | null): Code {
    const call = this.call(read, place);
    // Fields that are numbers make no texts; transformers do, whatever comes of them.
    const isNumber = read.family === "number" || read.family === "truth";
    if (read.kind === "field" && isNumber) return call;
    return Code.of`(Scratch.settle(), ${call})`;
  }

  #field(read: FieldRead, place: Code | null): Code {
    const { accessor, name: field } = read.field;
    if (accessor === null) throw new Error(`no accessor for ${field}`);
    if (read.mode === "param") return this.#param(read, accessor.file);
    const usesIndexed = place !== null || read.call.kind !== "none";
    const perLevel = read.mode === "ancestors" ? LEVEL_ACCESSORS[field] : undefined;
    const name = perLevel ?? (usesIndexed ? accessor.indexed : accessor.plain);
    if (name === null) throw new Error(`no accessor for ${field} of this form`);
    return Code.of`${this.#import(accessor.file, name)}(${place ?? this.#argument(read)})`;
  }

  #argument({ call }: FieldRead): Code {
    if (call.kind === "none") return Code.of``;
    if (call.kind === "index") return Code.of`${call.index}`;
    return Code.of`${textTable(this.#data, call.key) + 4}, ${call.key.length}`;
  }

  #param(read: FieldRead, file: string): Code {
    const name = read.field.name === "evt.arg" ? "evtArg" : "evtRawarg";
    const argument = read.argument ?? "";
    if (/^\d+$/.test(argument))
      return Code.of`${this.#import(file, `${name}Index`)}(${Number(argument)})`;
    const id = paramNameId(argument);
    if (id === undefined)
      throw new Error(`no id for the parameter name ${JSON.stringify(argument)}`);
    return Code.of`${this.#import(file, name)}(${id})`;
  }

  #import(file: string, name: string): Code {
    const names = this.imports.get(file) ?? new Set();
    this.imports.set(file, names.add(name));
    return Code.name(name);
  }

  #transformed(read: TransformRead | ListRead): Code {
    const key = readKey(read);
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    const name = Code.name(`t${this.#functions.size}`);
    this.#functions.set(key, name);
    const body = read.kind === "list" ? this.#list(read) : this.#transform(read);
    this.#definitions.push(Code.of`
function ${name}(): bool {
${body}}
`);
    return name;
  }

  #transform(read: TransformRead): Code {
    const { name, operands } = read;
    if (name === "concat") return this.#pieces(operands, null);
    if (name === "join") return this.#two(operands, Code.of`joinTexts(at, length)`);
    if (name === "getopt") {
      const letter = read.argument === null ? 0 : read.argument.charCodeAt(0);
      return this.#two(operands, Code.of`optionsOf(at, length, ${letter})`);
    }
    const [operand] = operands;
    if (operand === undefined) throw new Error(`${name} without an operand`);
    const step = name === "len" ? lengthOf(operand) : STEPS[name];
    if (step === undefined) throw new Error(`no code for the transformer ${name}`);
    return Code.of`  return ${this.call(operand, null)} && ${step};
`;
  }

  /** The first value is kept in `at` and `length`, the second is in `Value`. */
  #two(operands: readonly Read[], result: Code): Code {
    const [first, second] = operands;
    if (first === undefined || second === undefined)
      throw new Error("a transformer lacks an operand");
    return Code.of`  if (!${this.call(first, null)}) return false;
  const at = Value.address;
  const length = Value.length;
  return ${this.call(second, null)} && ${result};
`;
  }

  #list(read: ListRead): Code {
    return read.items.length === 0
      ? Code.of`  return Value.text(0, 0);
`
      : this.#pieces(read.items, 0);
  }

  /** All are read before the text begins: reading may itself put text where it would be. */
  #pieces(reads: readonly Read[], separator: number | null): Code {
    const kept = reads.map((read, i) => {
      const value =
        read.family === "number" ? Code.of` && numberText(${read.signed ? 1 : 0})` : Code.of``;
      return Code.of`  if (!(${this.call(read, null)}${value})) return false;
  const at${i} = Value.address;
  const length${i} = Value.length;
`;
    });
    const put = reads.map((_, i) => {
      const before =
        separator !== null && i > 0
          ? Code.of`  Scratch.byte(${separator});
`
          : Code.of``;
      return Code.of`${before}  Scratch.bytes(at${i}, length${i});
`;
    });
    return Code.of`${Code.join(kept, "")}  const mark = Scratch.begin();
${Code.join(put, "")}  return Scratch.end(mark);
`;
  }
}

/** A written list has as many items as are written: one empty text looks like no text. */
function lengthOf(operand: Read): Code {
  if (operand.kind === "list") return Code.of`Value.unsigned(${operand.items.length})`;
  if (operand.list) return Code.of`Value.unsigned(countTexts(Value.address, Value.length))`;
  return Code.of`Value.unsigned(Value.length)`;
}

/** Their accessor with an argument takes a key; this one takes the level. */
const LEVEL_ACCESSORS: Readonly<Record<string, string>> = { "proc.aenv": "procAenv" };

const STEPS: Readonly<Record<string, Code>> = {
  tolower: Code.of`lowerText()`,
  toupper: Code.of`upperText()`,
  basename: Code.of`lastComponent()`,
  b64: Code.of`decodeBase64()`,
};
