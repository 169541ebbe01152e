/** What fields were worth in the events at hand, to choose fields and constants by. */

import type { FieldOperand } from "../../host/compile/2-parse/ast.ts";
import { FIELDS } from "../../host/schema/fields.ts";
import { type AskedField, askedField, type Rendered } from "../support/interpret/values.ts";
import type { Random } from "./random.ts";
import { argumentsOf, keyOf, PARAM_NAMES, type Snapshot } from "./snapshots.ts";

/** A field with an argument, as it can stand in a condition. */
export interface Candidate {
  readonly operand: FieldOperand;
  readonly asked: AskedField;
  readonly values: readonly Rendered[];
}

/** Their argument stands behind a dot. */
const DOTTED: readonly string[] = [
  "evt.arg",
  "evt.rawarg",
  "evt.type.is",
  "evt.abspath",
  "thread.cgroup",
];
const EITHER_END: readonly string[] = ["fd.ip", "fd.net", "fd.port", "fd.proto"];
/** Counts how often it was asked, so no function of the event alone. */
const STATEFUL: readonly string[] = ["util.cnt"];
const VALUES_MAX = 40;
const PRESENT_SHARE = 0.9;

export class Samples {
  readonly #byType = new Map<string, { present: Candidate[]; missing: Candidate[] }>();

  constructor(snapshots: readonly Snapshot[]) {
    for (const operand of operands()) {
      const asked = askedField(operand);
      const argument = EITHER_END.includes(asked.field.name) ? "1" : asked.argument;
      const key = keyOf(asked.field.name, argument);
      const values = snapshots.flatMap((snapshot) => snapshot.values.get(key) ?? []);
      const type = groupOf(asked);
      const group = this.#byType.get(type) ?? { present: [], missing: [] };
      this.#byType.set(type, group);
      const candidate = { operand, asked, values: values.slice(0, VALUES_MAX) };
      (values.length > 0 ? group.present : group.missing).push(candidate);
    }
  }

  get groups(): readonly string[] {
    return [...this.#byType.keys()];
  }

  /** A field of the group; mostly one that some event has. */
  pick(
    random: Random,
    group: string,
    fits: (candidate: Candidate) => boolean = () => true,
  ): Candidate | undefined {
    const { present = [], missing = [] } = this.#byType.get(group) ?? {};
    const wantsPresent = random.chance(PRESENT_SHARE);
    const first = (wantsPresent ? present : missing).filter(fits);
    const list = first.length > 0 ? first : (wantsPresent ? missing : present).filter(fits);
    return list.length > 0 ? random.pick(list) : undefined;
  }
}

/** Fields of one type, with those of parameters by themselves: they are many. */
export function groupOf({ field, shape }: AskedField): string {
  if (field.name === "evt.rawarg") return `raw ${shape.kind}`;
  return `${field.name === "evt.arg" ? "arg " : ""}${field.type}${field.list ? "[]" : ""}`;
}

function operands(): FieldOperand[] {
  const named = FIELDS.filter(({ name }) => !STATEFUL.includes(name)).flatMap((field) => {
    // A level of this one cannot be asked for.
    const all = argumentsOf(field).filter((arg) => field.name !== "proc.aenv" || arg !== null);
    const isEnd = EITHER_END.includes(field.name);
    return (isEnd ? [null] : all).map((argument) => operand(field.name, argument));
  });
  const params = PARAM_NAMES.flatMap((name) => [
    operand("evt.arg", name),
    operand("evt.rawarg", name),
  ]);
  const numbered = ["0", "1", "2", "5"].map((index) => bracketed("evt.arg", index));
  return [...named, ...params, ...numbered];
}

function operand(name: string, argument: string | null): FieldOperand {
  return argument !== null && DOTTED.includes(name)
    ? bracketed(`${name}.${argument}`, null)
    : bracketed(name, argument);
}

function bracketed(name: string, argument: string | null): FieldOperand {
  return { kind: "field", name, argument, at: 0, end: 0 };
}
