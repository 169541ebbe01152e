/** Nodes of the plan in words, cut where they get long: for figures about them. */
import type { InstrumentSlot } from "../schema/instruments.ts";
import type { Node } from "./5-plan/graph.ts";
import type { Instrumented } from "./6-emit/instruments.ts";
import { operatorOf, readText, valuesOf } from "./explain-predicate.ts";

const VALUES_SHOWN = 4;
const CHARACTERS_MAX = 160;

export function slotText(slot: Instrumented): InstrumentSlot {
  switch (slot.kind) {
    case "rule":
      return slot;
    case "predicate":
      return {
        kind: "predicate",
        text: cut(slot.nodes.map(nodeText).join(", ")),
        lifetime: slot.nodes[0]?.lifetime ?? "event",
      };
    case "memory":
      return { kind: "memory", text: cut(nodeText(slot.node)), lifetime: slot.cache };
  }
}

function nodeText(node: Node): string {
  switch (node.kind) {
    case "constant":
      return String(node.value);
    case "not":
      return `not ${nodeText(node.child)}`;
    case "test": {
      const operator = operatorOf(node.ask);
      const field = readText(node.read);
      return operator === "exists" ? `${field} exists` : `${field} ${operator} ${values(node.ask)}`;
    }
    default:
      return `(${node.children.map(nodeText).join(` ${node.kind} `)})`;
  }
}

function values(ask: Parameters<typeof valuesOf>[0]): string {
  const all = valuesOf(ask);
  const shown = all.slice(0, VALUES_SHOWN).join(", ");
  if (all.length === 1) return shown;
  const more = all.length - VALUES_SHOWN;
  return more > 0 ? `(${shown} and ${String(more)} more)` : `(${shown})`;
}

function cut(text: string): string {
  return text.length <= CHARACTERS_MAX ? text : `${text.slice(0, CHARACTERS_MAX - 1)}…`;
}
