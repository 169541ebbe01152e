/**
 * `${NAME}` in values, as Falco expands it: from the environment, empty when unset, and what was
 * put in is looked at again. `$${NAME}` stands for `${NAME}` itself. Keys are left alone, and so
 * are values of `-o`. A value stays one scalar whatever is put in: the environment adds no keys.
 */
import type { ScalarNode, YamlNode } from "../yaml/nodes.ts";
import type { Report } from "./report.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Falco goes on for ever when a value names itself. */
const STEPS_MAX = 256;
const TEXT_MAX = 65_536;

/** The tree with its values expanded. Reports an expansion that has no end. */
export function expandTree(node: YamlNode, environment: Environment, report: Report): YamlNode {
  const expand = (inner: YamlNode): YamlNode => expandTree(inner, environment, report);
  if (node.kind === "sequence") return { ...node, items: node.items.map(expand) };
  if (node.kind === "map") {
    const entries = node.entries.map((entry) => ({ ...entry, value: expand(entry.value) }));
    return { ...node, entries };
  }
  return node.text.includes("$") ? expandScalar(node, environment, report) : node;
}

function expandScalar(node: ScalarNode, environment: Environment, report: Report): ScalarNode {
  const text = expandText(node.text, environment);
  if (text !== undefined) return { ...node, text };
  report.error(node, "the environment variables name one another without end; set one to a value");
  return node;
}

/** Undefined when it has no end. */
export function expandText(written: string, environment: Environment): string | undefined {
  let text = written;
  let at = text.indexOf("$");
  let steps = 0;
  while (at !== -1) {
    const isKept = text.startsWith("$${", at);
    const isName = text.startsWith("${", at);
    const end = isKept || isName ? text.indexOf("}", at) : -1;
    if ((isKept || isName) && end === -1) break;
    if (isKept) {
      text = text.slice(0, at) + text.slice(at + 1);
      at = end;
    } else if (isName) {
      const value = environment[text.slice(at + 2, end)] ?? "";
      text = text.slice(0, at) + value + text.slice(end + 1);
      steps += 1;
      if (steps > STEPS_MAX || text.length > TEXT_MAX) return undefined;
    } else {
      at += 1;
    }
    at = text.indexOf("$", at);
  }
  return text;
}
