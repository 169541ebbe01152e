/**
 * `-o key=value`: one value set in the merged configuration.
 *
 *   priority=warning             a key
 *   file_output.filename=x       a key inside a map
 *   rules_files[0]=a.yaml        an element of a list; the one after the last is appended
 *   rules[].disable.tag=network  a new element
 *   static_fields.app\.name=x    a dot in a name
 *   file_output={"enabled": no}  a whole map; every other value is text
 */
import { message } from "../diagnostics/message.ts";
import type { MapNode, ScalarNode, YamlNode } from "../yaml/nodes.ts";
import { readDocument } from "../yaml/read-documents.ts";
import { SourceFile } from "../yaml/source-file.ts";
import { OPTION, type Report } from "./report.ts";
import { emptyMap, member, scalar, withMember } from "./tree.ts";

type Step =
  | { readonly kind: "name"; readonly key: ScalarNode }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "append" };

const STEPS_MAX = 32;
const BOUNDS = { bytesMax: 1 << 20, nodesMax: 50_000 };

/** `root` with the option's value; unchanged when the option is wrong, which is reported. */
export function applyOption(root: MapNode, option: string, report: Report): MapNode {
  const setting = readOption(option, report);
  if (setting === undefined) return root;
  try {
    return setAt(root, setting.steps, setting) as MapNode;
  } catch (error) {
    if (!(error instanceof WrongPath)) throw error;
    report.error(setting.value, error.message);
    return root;
  }
}

/** Whether the option sets `key` or something inside it. */
export function sets(option: string, key: string): boolean {
  return option.startsWith(key) && /^\s*[=.[]/.test(option.slice(key.length));
}

/** The option leads into something that is no map or list. */
class WrongPath extends Error {
  override readonly name = "WrongPath";
}

interface Setting {
  readonly steps: readonly Step[];
  readonly value: YamlNode;
  readonly report: Report;
}

function readOption(option: string, report: Report): Setting | undefined {
  const file = new SourceFile(OPTION, option);
  const at = { file, offset: 0 };
  const equals = option.indexOf("=");
  if (equals <= 0) {
    report.error(at, "write it as key=value, or as key.subkey=value");
    return undefined;
  }
  const path = readPath(file, option.slice(0, equals).trim());
  if (typeof path === "string") {
    report.error(at, path);
    return undefined;
  }
  const value = readValue(file, equals + 1, report);
  return value === undefined ? undefined : { steps: path, value, report };
}

function readValue(file: SourceFile, from: number, report: Report): YamlNode | undefined {
  const text = file.text.slice(from);
  if (text.startsWith("[") && text.endsWith("]")) {
    const key = file.text.slice(0, from - 1);
    const remedy = `set elements one by one: ${OPTION} '${key}[]=…'`;
    report.warn({ file, offset: from }, `a value in brackets is taken as text; ${remedy}`);
  }
  if (!text.startsWith("{") || !text.endsWith("}")) return scalar(text, file, from);
  const { document, failure } = readDocument(new SourceFile(OPTION, text), BOUNDS);
  if (failure === null) return document ?? scalar(text, file, from);
  report.error({ file, offset: from }, message(failure.problem));
  return undefined;
}

/** The steps of a path, or what is wrong with it. */
function readPath(file: SourceFile, path: string): readonly Step[] | string {
  const steps: Step[] = [];
  let name = "";
  const endName = (): void => {
    if (name !== "") steps.push({ kind: "name", key: scalar(name, file, 0) });
    name = "";
  };
  for (let i = 0; i < path.length; i++) {
    const c = path.charAt(i);
    if (c === "\\") {
      i += 1;
      if (i === path.length) return "the key ends in a backslash; write \\\\ for one in a name";
      name += path.charAt(i);
    } else if (c === ".") {
      if (name === "" && path.charAt(i - 1) !== "]") return "there is no name before a dot";
      endName();
    } else if (c === "[") {
      endName();
      const end = path.indexOf("]", i);
      const index = end === -1 ? path.slice(i + 1) : path.slice(i + 1, end);
      if (end === -1 || !/^$|^\s*[+-]?\d{1,6}(?!\d)/.test(index)) {
        return `an index is a number in brackets, or [] for a new element, not '${index}'`;
      }
      const number = Number.parseInt(index, 10);
      steps.push(index === "" ? { kind: "append" } : { kind: "index", index: number });
      i = end;
    } else if (path.charAt(i - 1) === "]" && name === "") {
      return "a dot must stand between ']' and a name";
    } else {
      name += c;
    }
  }
  endName();
  if (steps[0]?.kind !== "name") return "the key has no name; write it as key=value";
  return steps.length > STEPS_MAX ? `a key has at most ${String(STEPS_MAX)} parts` : steps;
}

/** `node` with the value put where the steps lead. Throws WrongPath. */
function setAt(node: YamlNode | undefined, steps: readonly Step[], setting: Setting): YamlNode {
  const [step, ...rest] = steps;
  if (step === undefined) return setting.value;
  const at = node?.kind === "scalar" && node.isNull ? undefined : node;
  if (step.kind === "name") {
    const map = asMap(at, setting.value.file, step.key.text);
    return withMember(map, step.key, setAt(member(map, step.key.text), rest, setting));
  }
  if (at?.kind === "map" && step.kind === "index") {
    const key = scalar(String(step.index), setting.value.file, 0);
    return withMember(at, key, setAt(member(at, key.text), rest, setting));
  }
  if (at !== undefined && at.kind !== "sequence") {
    throw new WrongPath(`this is no list but ${kindOf(at)}; leave the brackets out`);
  }
  const items = [...(at?.items ?? [])];
  const index = step.kind === "append" ? items.length : step.index;
  if (index > items.length || index < 0) return asNumberedMap(items, { index, rest, setting });
  items[index] = setAt(items[index], rest, setting);
  const { file } = setting.value;
  return { kind: "sequence", items, file: at?.file ?? file, offset: at?.offset ?? 0 };
}

/** What yaml-cpp makes of an index that leaves a gap. */
function asNumberedMap(
  items: readonly YamlNode[],
  step: { readonly index: number; readonly rest: readonly Step[]; readonly setting: Setting },
): YamlNode {
  const { index, rest, setting } = step;
  const { value, report } = setting;
  const last = String(items.length);
  report.warn(value, `the list ends before [${String(index)}] and becomes a map; use [${last}]`);
  const key = (number: number): ScalarNode => scalar(String(number), value.file, 0);
  const entries = items.map((item, i) => ({ key: key(i), value: item }));
  entries.push({ key: key(index), value: setAt(undefined, rest, setting) });
  return { ...emptyMap(value.file), entries };
}

function asMap(node: YamlNode | undefined, file: SourceFile, name: string): MapNode {
  if (node === undefined) return emptyMap(file);
  if (node.kind === "map") return node;
  throw new WrongPath(`there is no '${name}' here, because this is no map but ${kindOf(node)}`);
}

function kindOf(node: YamlNode): string {
  return { scalar: "a single value", sequence: "a list", map: "a map" }[node.kind];
}
