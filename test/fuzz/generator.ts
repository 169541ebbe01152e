/** Makes conditions: every operator on every type that takes it, with all modifiers. */
import type {
  Check,
  Expression,
  Operand,
  RightSide,
  TransformerArgument,
  Value,
  ValueList,
} from "../../host/compile/2-parse/ast.ts";
import type { OperatorName } from "../../host/compile/operators/table.ts";
import type { Rendered } from "../support/interpret/values.ts";
import { makeConstant, makeEventName } from "./constants.ts";
import {
  ingredientsOf,
  LIST_OPERATORS,
  MODIFIERS,
  OPERATORS,
  ORDERS,
  SETS,
} from "./ingredients.ts";
import type { Random } from "./random.ts";
import type { Candidate, Samples } from "./samples.ts";

const UNMODIFIED: readonly string[] = [...SETS, ...ORDERS, "exists", "pmatch"];

const TRANSFORMED = ["tolower", "toupper", "basename", "b64", "concat", "join", "getopt"] as const;
/** The rarest ingredient is in about one check of two thousand. */
const TRIES_MAX = 50_000;
const AT = { at: 0, end: 0 } as const;

export class Generator {
  readonly #random: Random;
  readonly #samples: Samples;

  constructor(random: Random, samples: Samples) {
    this.#random = random;
    this.#samples = samples;
  }

  condition(): Expression {
    return this.#random.chance(0.5) ? this.#check() : this.#expression(3);
  }

  /** A check with what is named in `ingredients.ts`, or undefined where none came up. */
  checkWith(ingredient: string): Check | undefined {
    for (let i = 0; i < TRIES_MAX; i++) {
      const check = this.#check();
      if (ingredientsOf(check).has(ingredient)) return check;
    }
    return undefined;
  }

  #expression(depth: number): Expression {
    const random = this.#random;
    if (depth === 0 || random.chance(0.25)) return this.#check();
    if (random.chance(0.25)) return { kind: "not", child: this.#expression(depth - 1), at: 0 };
    const kind = random.pick(["and", "or"] as const);
    const children = random.times(2 + random.below(3), () => this.#expression(depth - 1));
    // What repeats, and what contradicts, is simplified.
    if (random.chance(0.15)) children.push(random.pick(children));
    if (random.chance(0.1)) children.push({ kind: "not", child: random.pick(children), at: 0 });
    return { kind, children, at: 0 };
  }

  #check(): Check {
    if (this.#random.chance(0.2)) return this.#transformedCheck();
    const candidate = this.#samples.pick(this.#random, this.#random.pick(this.#samples.groups));
    return candidate === undefined ? this.#check() : this.#fieldCheck(candidate);
  }

  #fieldCheck(candidate: Candidate): Check {
    const { asked, operand } = candidate;
    const { list, name } = asked.field;
    const isList = list;
    const operator = this.#random.pick(isList ? LIST_OPERATORS : OPERATORS[asked.shape.kind]);
    // A set of the address of either end stops a real Falco.
    if (name === "fd.ip" && operator === "intersects") return this.#check();
    if (operator === "exists") return this.#make(operand, operator, null);
    const other = this.#random.chance(0.12) ? this.#otherSide(candidate, operator) : undefined;
    if (other !== undefined) return this.#make(operand, operator, other);
    if (asked.shape.kind === "text" && ORDERS.some((order) => order === operator))
      return this.#make(operand, operator, value(String(this.#random.below(300))));
    const isType = name === "evt.type" || name === "syscall.type";
    const constant = (): string =>
      isType
        ? makeEventName(this.#random, this.#sample(candidate))
        : makeConstant(this.#random, {
            shape: asked.shape,
            operator,
            sample: this.#sample(candidate),
          });
    return this.#compare(operand, operator, constant);
  }

  /** A check with constants: one, several with a modifier, or a set. */
  #compare(left: Operand, operator: OperatorName, constant: () => string): Check {
    const random = this.#random;
    const several = (): ValueList => ({
      kind: "values",
      items: random.times(random.pick([1, 1, 2, 3, 5, 12]), () => value(constant())),
      bare: false,
      at: 0,
    });
    if (operator === "in" || operator === "intersects" || operator === "pmatch")
      return this.#make(left, operator, several());
    if (!UNMODIFIED.includes(operator) && random.chance(0.3))
      return { ...this.#make(left, operator, several()), modifier: random.pick(MODIFIERS) };
    return this.#make(left, operator, value(constant()));
  }

  #make(left: Operand, operator: OperatorName, right: RightSide | null): Check {
    return { kind: "check", left, operator, modifier: null, right, at: 0 };
  }

  #sample({ values }: Candidate): Rendered | undefined {
    return values.length > 0 ? this.#random.pick(values) : undefined;
  }

  /** Another field of the same type, or a transformer. */
  #otherSide({ asked }: Candidate, operator: OperatorName): Operand | undefined {
    const { field, shape } = asked;
    const isBarred = field.flags.includes("no_right_hand_side") || field.name.endsWith(".type");
    if (isBarred || shape.kind === "network" || ["pmatch", "regex"].includes(operator))
      return undefined;
    if (field.type === "CHARBUF" && this.#random.chance(0.5)) return this.#text(2);
    if (field.type === "UINT64" && this.#random.chance(0.3)) return this.#len();
    const other = this.#samples.pick(
      this.#random,
      field.type,
      (candidate) => !candidate.asked.field.flags.includes("no_right_hand_side"),
    );
    return other?.operand;
  }

  #transformedCheck(): Check {
    const random = this.#random;
    const kind = random.pick(["text", "text", "len", "list"] as const);
    if (kind === "list") {
      const left = this.#getopt(null);
      return this.#withSet(left, random.pick(LIST_OPERATORS), () =>
        random.pick(["a", "b", "?", "x", ""]),
      );
    }
    if (kind === "len") {
      const left = this.#len();
      const operator = random.pick(OPERATORS.integer);
      return this.#withSet(left, operator, () => String(random.below(30)));
    }
    const left = this.#text(3);
    const operator = random.pick(OPERATORS.text);
    if (ORDERS.some((order) => order === operator))
      return this.#make(left, operator, value(String(random.below(300))));
    const sample = this.#samples.pick(random, "CHARBUF");
    const bytes = sample && this.#sample(sample);
    return this.#withSet(left, operator, () =>
      makeConstant(random, { shape: { kind: "text" }, operator, sample: bytes }),
    );
  }

  #withSet(left: Operand, operator: OperatorName, constant: () => string): Check {
    if (operator === "exists") return this.#make(left, operator, null);
    return this.#compare(left, operator, constant);
  }

  #transformer(name: string, operands: readonly TransformerArgument[]): Operand {
    return { kind: "transformer", name, operands, argument: null, ...AT };
  }

  #text(depth: number): Operand {
    const random = this.#random;
    const name = random.pick(TRANSFORMED);
    if (name === "getopt") return this.#getopt(random.pick(["a", "b", "c"]));
    if (name === "join")
      return this.#transformer(name, [this.#textArgument(depth - 1), this.#list()]);
    if (name === "b64" && random.chance(0.5)) {
      const plain = random.pick(["/etc/passwd", "a", "xyz", ""]);
      return this.#transformer(name, [value(Buffer.from(plain).toString("base64"))]);
    }
    const count = name === "concat" ? 2 + random.below(2) : 1;
    return this.#transformer(
      name,
      random.times(count, () => this.#textArgument(depth - 1)),
    );
  }

  #textArgument(depth: number): TransformerArgument {
    const random = this.#random;
    if (depth > 0 && random.chance(0.3)) return this.#text(depth);
    if (random.chance(0.2)) return value(random.pick(["", "a", "/", "-", "B/c", "Z=="]));
    return this.#plainField("CHARBUF") ?? value("none");
  }

  /** A field that may be transformed. */
  #plainField(group: string): Operand | undefined {
    const isFree = ({ asked: { field } }: Candidate): boolean =>
      !field.flags.includes("no_transformer") && !/^(?:evt|syscall)\.type$/.test(field.name);
    return this.#samples.pick(this.#random, group, isFree)?.operand;
  }

  #list(): TransformerArgument {
    const random = this.#random;
    const item = (): TransformerArgument => {
      if (random.chance(0.25)) return value(random.pick(["x", "12", "-ab", ""]));
      const field = this.#plainField(random.pick(["CHARBUF", "CHARBUF", "INT64", "UINT64"]));
      return field ?? this.#textArgument(1);
    };
    return { kind: "list", items: random.times(random.below(4), item), at: 0 };
  }

  #len(): Operand {
    const random = this.#random;
    const buffer = random.chance(0.3) ? this.#plainField("BYTEBUF") : undefined;
    const operand =
      buffer ??
      random.pick([() => this.#list(), () => this.#textArgument(2), () => this.#getopt(null)])();
    return this.#transformer("len", [operand]);
  }

  #getopt(letter: string | null): Operand {
    const random = this.#random;
    const word = (): TransformerArgument => {
      const field = random.chance(0.2) ? this.#plainField("CHARBUF") : undefined;
      return (
        field ?? value(random.pick(["-a", "-b", "-bval", "-abc", "--long", "-", "--", "x", "-x:"]))
      );
    };
    const words = { kind: "list", items: random.times(random.below(6), word), at: 0 } as const;
    const options = value(random.pick(["ab:c", "a:b:", "abc", "", "c:"]));
    return {
      kind: "transformer",
      name: "getopt",
      operands: [words, options],
      argument: letter,
      ...AT,
    };
  }
}

function value(text: string): Value {
  return { kind: "value", text, at: 0 };
}
