/** What the conditions so far were made of, and whether their tests were both true and false. */
import type { Check, Expression, TransformerArgument } from "../../host/compile/2-parse/ast.ts";
import { interpret } from "../support/interpret/interpret.ts";
import { askedField, type EventFields } from "../support/interpret/values.ts";
import { checksOf, ingredientsOf, REQUIRED } from "./ingredients.ts";
import type { Snapshot } from "./snapshots.ts";

class Tally {
  checks = 0;
  yes = 0;
  no = 0;
}

/** What the events of a stream were that conditions were asked of. */
interface Seen {
  events: number;
  readonly types: Set<number>;
  /** Fields with their arguments that had a value in any of them. */
  readonly values: Set<string>;
}

const EVENTS_MAX = 40;

export class Coverage {
  readonly ingredients = new Map<string, Tally>();
  readonly types = new Map<string, Tally>();
  readonly fields = new Set<string>();
  readonly streams = new Map<string, Seen>();

  addEvents(stream: string, events: readonly Snapshot[]): void {
    const seen = this.streams.get(stream) ?? { events: 0, types: new Set(), values: new Set() };
    this.streams.set(stream, seen);
    seen.events += events.length;
    for (const { type, values } of events) {
      seen.types.add(type);
      for (const key of values.keys()) seen.values.add(key);
    }
  }

  add(expression: Expression, events: readonly EventFields[]): void {
    for (const check of checksOf(expression)) this.#addCheck(check, events);
  }

  /** What a run has to contain and this one did not. */
  get gaps(): readonly string[] {
    return REQUIRED.filter((name) => !this.ingredients.has(name));
  }

  #addCheck(check: Check, events: readonly EventFields[]): void {
    const step = Math.max(1, Math.floor(events.length / EVENTS_MAX));
    const some = events.filter((_, i) => i % step === 0);
    const yes = some.filter((event) => interpret(check, event)).length;
    const count = (map: Map<string, Tally>, name: string): void => {
      const tally = map.get(name) ?? new Tally();
      map.set(name, tally);
      tally.checks += 1;
      tally.yes += yes;
      tally.no += some.length - yes;
    };
    for (const name of ingredientsOf(check)) count(this.ingredients, name);
    const visit = (operand: TransformerArgument): void => {
      if (operand.kind === "list") operand.items.forEach(visit);
      if (operand.kind === "transformer") operand.operands.forEach(visit);
      if (operand.kind !== "field") return;
      const { field, shape } = askedField(operand);
      this.fields.add(field.name);
      const type = field.name === "evt.rawarg" ? `raw ${shape.kind}` : field.type;
      count(this.types, `${type}${field.list ? "[]" : ""}`);
    };
    visit(check.left);
    const { right } = check;
    if (right?.kind === "field" || right?.kind === "transformer") visit(right);
  }

  report(): string {
    const rows = (title: string, map: ReadonlyMap<string, Tally>): string[] => [
      `${title}: checks, true and false answers`,
      ...[...map]
        .sort()
        .map(([name, { checks, yes, no }]) => `  ${name}: ${checks}, ${yes}, ${no}`),
    ];
    return [
      ...rows("ingredients", this.ingredients),
      ...rows("field types", this.types),
      "streams: events, types of events, fields that had a value",
      ...[...this.streams].map(
        ([name, { events, types, values }]) =>
          `  ${name}: ${String(events)}, ${String(types.size)}, ${String(values.size)}`,
      ),
      `fields: ${String(this.fields.size)}`,
      `gaps: ${this.gaps.length === 0 ? "none" : this.gaps.join(", ")}`,
    ].join("\n");
  }
}
