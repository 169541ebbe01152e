/**
 * Plan → AssemblyScript and data. The module has one function per shared or remembered node, one
 * per rule and residual, one per group of event types, and a switch over the type in front.
 */

import type { Node } from "../5-plan/graph.ts";
import type { Dispatch, Plan } from "../5-plan/plan.ts";
import { Shapes } from "../5-plan/shape.ts";
import { Code } from "../code.ts";
import { DataBlock } from "./data.ts";
import { BucketEmitter } from "./emit-bucket.ts";
import { NodeEmitter } from "./emit-node.ts";
import { ShapeEmitter } from "./emit-shape.ts";
import { entry } from "./entry.ts";
import type { Instruments } from "./instruments.ts";
import { layOutCaches, prelude, usesBuckets } from "./prelude.ts";

export interface Emitted {
  readonly source: string;
  readonly data: Uint8Array;
  /** False when the caches of so many predicates do not fit. */
  readonly fits: boolean;
}

/** With `instruments`, code that counts what it does; they then tell what was counted where. */
export function emit(plan: Plan, instruments: Instruments | null = null): Emitted {
  const layout = layOutCaches(plan);
  const data = new DataBlock();
  const nodes = new NodeEmitter(plan, layout, data, instruments);
  const rules = new RuleEmitter(plan, nodes, instruments);
  const shapes = new ShapeEmitter(nodes, new Shapes(plan.shared, plan.costs), data);
  const buckets = new BucketEmitter(nodes, shapes, data);
  const groups = plan.dispatch.map((entry, i) => group(entry, i, { rules, buckets }));
  const parts = [
    prelude(plan, layout, nodes.transforms),
    ...imports(nodes),
    ...nodes.definitions,
    ...rules.definitions,
    ...(instruments?.definitions ?? []),
    ...shapes.definitions,
    ...(usesBuckets(plan) ? [shapes.choice()] : []),
    ...buckets.definitions,
    ...groups,
    evaluate(plan.dispatch),
  ];
  const fits = layout.fits && (instruments === null || instruments.fitBehind(layout.end));
  return { source: Code.join(parts, "").text, data: data.bytes(), fits };
}

export function imports(nodes: NodeEmitter): Code[] {
  return [...nodes.imports].sort().map(([file, names]) => {
    const list = Code.join(
      [...names].sort().map((name) => Code.name(name)),
      ", ",
    );
    return Code.of`import { ${list} } from "./fields/${Code.path(file)}";
`;
  });
}

class RuleEmitter {
  readonly #plan: Plan;
  readonly #nodes: NodeEmitter;
  readonly #instruments: Instruments | null;
  readonly #functions = new Map<string, Code>();
  readonly definitions: Code[] = [];

  constructor(plan: Plan, nodes: NodeEmitter, instruments: Instruments | null) {
    this.#plan = plan;
    this.#nodes = nodes;
    this.#instruments = instruments;
  }

  /** Decides the rule for the types that leave `residual`. */
  call(index: number, residual: Node): Code {
    const call = Code.of`${this.#function(index, residual)}()`;
    return this.#instruments?.rule(index, call) ?? call;
  }

  #function(index: number, residual: Node): Code {
    const key = `${index}:${residual.id}`;
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    const title = this.#plan.rules[index]?.rule.definition.name ?? "";
    const name = Code.name(`rule${index}_${residual.id}_${sanitized(title)}`);
    this.#functions.set(key, name);
    this.definitions.push(Code.of`
function ${name}(): bool {
  return ${this.#nodes.expression(residual)};
}
`);
    return name;
  }
}

const NAME_CHARACTERS_MAX = 40;

/** Letters and digits of a rule's name, so that profiles and traps name it. */
function sanitized(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, "_").slice(0, NAME_CHARACTERS_MAX);
}

interface Emitters {
  readonly rules: RuleEmitter;
  readonly buckets: BucketEmitter;
}

function group(entry: Dispatch, index: number, { rules, buckets }: Emitters): Code {
  const lines = entry.plain.map((rule) => {
    return Code.of`  if (${rules.call(rule.index, rule.residual)}) hit(${rule.index});
`;
  });
  const calls = entry.buckets.map(
    (bucket) => Code.of`  ${buckets.function(bucket)}();
`,
  );
  return Code.of`
function group${index}(): void {
${Code.join([...lines, ...calls], "")}}
`;
}

function evaluate(dispatch: readonly Dispatch[]): Code {
  const cases = dispatch.map((entry, i) => {
    const labels = entry.types.map(
      (type) => Code.of`    case ${type}:
`,
    );
    return Code.of`${Code.join(labels, "")}      group${i}();
      break;
`;
  });
  return entry(Code.join(cases, ""), Code.of`finish()`);
}
