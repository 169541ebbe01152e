/** Nodes of the plan in words, cut where they get long: for figures about them. */
import type { InstrumentSlot } from "../schema/instruments.ts";
import { typeName } from "./5-plan/figures.ts";
import type { Node } from "./5-plan/graph.ts";
import { NodeKeys } from "./5-plan/node-key.ts";
import { operatorOf, readText, valuesOf } from "./5-plan/predicate-text.ts";
import type { Instrumented } from "./6-emit/instruments.ts";

const VALUES_SHOWN = 4;
const CHARACTERS_MAX = 160;

export function slotTexts(slots: readonly Instrumented[]): readonly InstrumentSlot[] {
  const keys = new NodeKeys();
  return slots.map((slot) => slotText(slot, keys));
}

function slotText(slot: Instrumented, keys: NodeKeys): InstrumentSlot {
  switch (slot.kind) {
    case "rule":
      return slot;
    case "event":
      return { kind: "event", event: typeName(slot.type) };
    case "row":
      return { kind: "row", event: typeName(slot.type), lifetime: slot.cache };
    case "node":
      return { kind: "node", event: typeName(slot.type), key: keys.of(slot.node) };
    case "predicate": {
      const [first, second] = slot.nodes;
      const isOne = first !== undefined && second === undefined;
      return {
        kind: "predicate",
        text: cut(slot.nodes.map(nodeText).join(", ")),
        ...(isOne ? { key: keys.of(first) } : {}),
        lifetime: first?.lifetime ?? "event",
      };
    }
    case "memory":
      return { kind: "memory", text: cut(nodeText(slot.node)), lifetime: slot.cache };
  }
}

export function nodeText(node: Node): string {
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
