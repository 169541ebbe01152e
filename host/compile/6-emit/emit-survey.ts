/**
 * A survey instead of rules: for each event every node that is asked in its type is decided, and
 * counted when it holds, whether or not a rule would come to ask. So what is counted does not
 * depend on the order of evaluation. Rules that are found by their values are left out.
 */
import type { Node } from "../5-plan/graph.ts";
import { childrenOf } from "../5-plan/graph.ts";
import type { Dispatch, Plan } from "../5-plan/plan.ts";
import { PROFILE_NODES_MAX, ROW_KINDS, type RowKind } from "../5-plan/profile.ts";
import { Code } from "../code.ts";
import { DataBlock } from "./data.ts";
import { type Emitted, imports } from "./emit.ts";
import { NodeEmitter, ROW_HEADER_BYTES, ROWS } from "./emit-node.ts";
import { entry } from "./entry.ts";
import type { Instruments } from "./instruments.ts";
import { layOutCaches, prelude } from "./prelude.ts";

/** Of all event types together; the first ones are surveyed. */
const ANSWERS_MAX = PROFILE_NODES_MAX / 2;

export function emitSurvey(whole: Plan, instruments: Instruments): Emitted {
  const types = whole.dispatch.flatMap((entry) => entry.types);
  const bits = types.length;
  const cacheSizes = { process: bits, lineage: bits, descriptor: bits, event: 0 };
  // Nothing is remembered; of each row only whether an event of the type has opened it.
  const plan = { ...whole, caches: new Map(), cacheSizes };
  const layout = layOutCaches(plan);
  const data = new DataBlock();
  const nodes = new NodeEmitter(plan, layout, data, instruments);
  const writer = new SurveyWriter(nodes, instruments);
  const surveys = whole.dispatch.flatMap((entry) =>
    entry.types.map((type) => writer.survey(entry, type, types.indexOf(type))),
  );
  const cases = types.map(
    (type) => Code.of`    case ${type}: survey${type}(); break;
`,
  );
  const parts = [
    prelude({ ...plan, dispatch: [] }, layout, nodes.transforms),
    ...imports(nodes),
    ...nodes.definitions,
    ...instruments.definitions,
    ...surveys,
    entry(Code.join(cases, ""), Code.of`0`),
  ];
  const fits = layout.fits && instruments.fitBehind(layout.end);
  return { source: Code.join(parts, "").text, data: data.bytes(), fits };
}

class SurveyWriter {
  readonly #nodes: NodeEmitter;
  readonly #instruments: Instruments;
  #left = ANSWERS_MAX;

  constructor(nodes: NodeEmitter, instruments: Instruments) {
    this.#nodes = nodes;
    this.#instruments = instruments;
  }

  /** `bit`: of the type, in the rows. */
  survey(entry: Dispatch, type: number, bit: number): Code {
    const asked = surveyed(entry).slice(0, this.#left);
    this.#left -= asked.length;
    const rows = ROW_KINDS.map((kind) => this.#row(kind, type, bit));
    const answers = asked.map((node) => {
      const holds = this.#instruments.event({ kind: "node", type, node });
      return Code.of`  const v${node.id}: bool = ${this.#answer(node)};
  if (v${node.id}) { ${holds} }
`;
    });
    return Code.of`
function survey${type}(): void {
  ${this.#instruments.event({ kind: "event", type })}
${Code.join([...rows, ...answers], "")}}
`;
  }

  #row(kind: RowKind, type: number, bit: number): Code {
    const kept = this.#instruments.event({ kind: "row", type, cache: kind });
    const at = ROW_HEADER_BYTES + 16 * Math.floor(bit / 64);
    const mask = 1n << BigInt(bit % 64);
    const pair = Code.name(`${kind}At${type}`);
    return Code.of`  const ${pair} = ${ROWS[kind]}() + ${at};
  if (isKnown(${pair}, ${mask})) { ${kept} }
  remember(${pair}, ${mask}, true);
`;
  }

  /** From answers that were given before; children come before their parents. */
  #answer(node: Node): Code {
    const children = childrenOf(node).map(answered);
    switch (node.kind) {
      case "constant":
      case "test":
        return this.#nodes.expression(node);
      case "not":
        return answered(node);
      case "and":
        return Code.of`(${Code.join(children, " && ")})`;
      case "or":
        return Code.of`(${Code.join(children, " || ")})`;
      case "one": {
        const terms = children.map((child) => Code.of`<u32>${child}`);
        return Code.of`(${Code.join(terms, " + ")} == 1)`;
      }
    }
  }
}

/** The variable with the answer; a negation has none of its own. */
function answered(node: Node): Code {
  return node.kind === "not" ? Code.of`!${answered(node.child)}` : Code.of`v${node.id}`;
}

/** Nodes below the residuals, each once, children first. */
function surveyed({ plain, buckets }: Dispatch): readonly Node[] {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (found.has(node)) return;
    childrenOf(node).forEach(visit);
    if (node.kind !== "not") found.add(node);
  };
  for (const { residual } of plain) visit(residual);
  for (const { guard } of buckets) visit(guard);
  return [...found];
}
