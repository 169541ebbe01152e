/**
 * What a key may hold. A type reads a node as Falco does: texts are taken for truths and numbers
 * where they look like them, a single value where a list is wanted is a list of one, a value of the
 * wrong kind gives way to the default (with a warning), a wrong one among known values stops.
 */
import { isIP } from "node:net";
import { nearest } from "../diagnostics/nearest.ts";
import type { MapNode, YamlNode } from "../yaml/nodes.ts";
import { type Report, shown } from "./report.ts";

/** Where a value is read, for messages. */
export interface Reading {
  readonly report: Report;
  /** The key as a user would write it: `append_output[0].match`. */
  readonly path: string;
  /** Inside of a list Falco has no default to take: a value of the wrong kind stops it. */
  readonly isStrict?: boolean;
}

export interface Type<T> {
  /** In a message: "must be …". */
  readonly wants: string;
  /** Undefined when there is nothing to take from `node`; that has been reported then. */
  read(node: YamlNode, reading: Reading): T | undefined;
}

const TRUTHS: ReadonlyMap<string, boolean> = new Map(
  [
    ["true", "yes", "on", "y"].map((word) => [word, true] as const),
    ["false", "no", "off", "n"].map((word) => [word, false] as const),
  ].flat(),
);

export const truth: Type<boolean> = {
  wants: "true or false",
  read(node, reading) {
    const text = textOf(node) ?? "";
    // yaml-cpp takes a word in small letters, in capitals, or with a capital first.
    const isWord = /^(?:[A-Z]?[a-z]*|[A-Z]+)$/.test(text);
    const value = isWord ? TRUTHS.get(text.toLowerCase()) : undefined;
    if (value === undefined) return wrong(truth, node, reading);
    if (text !== String(value)) {
      reading.report.warn(node, `${reading.path}: write ${String(value)} instead of '${text}'`);
    }
    return value;
  },
};

/** What a number outside the range does: Falco takes its default, or stops once it needs it. */
export type Outside = "default" | "stop";

/** A whole number, with 0x or an octal 0 in front, too. `refused` stops whatever `outside` says. */
export function integer(
  min: number,
  max: number,
  { outside = "default", refused }: { readonly outside?: Outside; readonly refused?: number } = {},
): Type<number> {
  const type: Type<number> = {
    wants: `a whole number from ${String(min)} to ${String(max)}`,
    read(node, reading) {
      const value = wholeNumber(textOf(node) ?? "");
      if (value === undefined) return wrong(type, node, reading);
      if (value >= min && value <= max) return value;
      return outside === "stop" || value === refused
        ? stop(type, node, reading)
        : wrong(type, node, reading);
    },
  };
  return type;
}

function wholeNumber(text: string): number | undefined {
  const [, sign, digits] = /^([+-]?)(0x[\da-f]+|0[0-7]*|[1-9]\d*)\s*$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return sign === "-" ? -value : value;
}

/** A number between two; one outside stops, unless said otherwise. */
export function fraction(min: number, max: number, outside: Outside = "stop"): Type<number> {
  const type: Type<number> = {
    wants: `a number from ${String(min)} to ${String(max)}`,
    read(node, reading) {
      const text = textOf(node)?.trim() ?? "";
      if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) {
        return wrong(type, node, reading);
      }
      const value = Number(text);
      if (value >= min && value <= max) return value;
      return outside === "stop" ? stop(type, node, reading) : wrong(type, node, reading);
    },
  };
  return type;
}

export const text: Type<string> = {
  wants: "a text",
  read(node, reading) {
    if (isNothing(node)) {
      const remedy = "Falco reads that as the text 'null'; write '' for an empty one";
      reading.report.warn(node, `${reading.path} has no value; ${remedy}`);
    }
    return textOf(node) ?? wrong(text, node, reading);
  },
};

export const address: Type<string> = {
  wants: "an IPv4 or IPv6 address",
  read(node, reading) {
    const value = textOf(node);
    if (value === undefined) return wrong(address, node, reading);
    return isIP(value) === 0 ? stop(address, node, reading) : value;
  },
};

export interface Choice<T> {
  /** The name that a text stands for; without it the text has to be the name. */
  readonly find?: (text: string) => T | undefined;
  /** What another text does; `stop` when left out. */
  readonly otherwise?: "stop" | "default";
}

/** One of some names. */
export function oneOf<const T extends string>(
  names: readonly T[],
  choice: Choice<T> = {},
): Type<T> {
  const { find = (text) => names.find((name) => name === text), otherwise = "stop" } = choice;
  const type: Type<T> = {
    wants: `one of ${names.join(", ")}`,
    read(node, reading) {
      const value = textOf(node);
      if (value === undefined) return wrong(type, node, reading);
      const found = find(value);
      if (found !== undefined) return found;
      if (otherwise === "default") return wrong(type, node, { ...reading, isStrict: false });
      return stop(type, node, reading, nearest(value, names));
    },
  };
  return type;
}

/** A list; a single value is a list of one, unless `single` says that it stops. */
export function listOf<T>(
  item: Type<T>,
  wants: string,
  { single = "take" }: { readonly single?: "take" | "stop" } = {},
): Type<readonly T[]> {
  const type: Type<readonly T[]> = {
    wants,
    read(node, reading) {
      if (single === "stop" && node.kind !== "sequence") return stop(type, node, reading);
      if (isNothing(node)) return undefined;
      if (node.kind === "map") return wrong(type, node, { ...reading, isStrict: false });
      if (node.kind === "scalar") {
        reading.report.warn(node, `${reading.path}: write it as a list, with '- ' before it`);
      }
      const items = node.kind === "sequence" ? node.items : [node];
      const values = items.map((one, i) =>
        item.read(one, { ...reading, path: `${reading.path}[${String(i)}]`, isStrict: true }),
      );
      return values.filter((value) => value !== undefined);
    },
  };
  return type;
}

/** A map from names that the user gives to texts. */
export const texts: Type<Readonly<Record<string, string>>> = {
  wants: "a map of texts",
  read(node, reading) {
    if (isNothing(node)) return undefined;
    if (node.kind !== "map") return wrong(texts, node, reading);
    const members = new Map<string, string>();
    for (const { key, value } of node.entries) {
      const inner = { ...reading, path: `${reading.path}.${key.text}`, isStrict: true };
      const read = text.read(value, inner);
      if (read !== undefined && !members.has(key.text)) members.set(key.text, read);
    }
    return Object.fromEntries(members);
  },
};

/** A field, or one name with the text that it stands for. */
export const fieldOrFormat: Type<string | Readonly<Record<string, string>>> = {
  wants: "a field, or one name with its text",
  read(node, reading) {
    if (node.kind === "scalar" && !node.isNull) return node.text;
    if (node.kind === "map" && node.entries.length === 1) return texts.read(node, reading);
    return stop(fieldOrFormat, node, reading);
  },
};

/** Whatever is there: only that it is a map is checked. */
export const anything: Type<YamlNode> = { wants: "anything", read: (node) => node };

type Members = Readonly<Record<string, Type<unknown>>>;

type ValueOf<T> = T extends Type<infer V> ? V : never;

export type EntryOf<M extends Members> = {
  readonly [K in keyof M]?: ValueOf<M[K]>;
};

export interface EntryRules {
  /** Members that have to be there; without one it stops. */
  readonly required?: readonly string[];
  /** What to do about a member that does not exist. */
  readonly unknown: "warn" | "stop";
}

/** A map with known members. */
export function entryOf<M extends Members>(
  members: M,
  { required = [], unknown }: EntryRules,
): Type<EntryOf<M>> {
  const names = Object.keys(members);
  const type: Type<EntryOf<M>> = {
    wants: `a map of ${names.join(", ")}`,
    read(node, reading) {
      if (node.kind !== "map") {
        if (unknown === "stop" || required.length > 0) return stop(type, node, reading);
        return isNothing(node) ? undefined : wrong(type, node, reading);
      }
      const missing = required.filter((name) => !node.entries.some(({ key }) => key.text === name));
      for (const name of missing) {
        reading.report.error(node, `${reading.path} needs a member '${name}'`);
      }
      return readMembers(node, reading);
    },
  };
  return type;

  function readMembers(node: MapNode, reading: Reading): EntryOf<M> {
    const values = new Map<string, unknown>();
    for (const { key, value } of node.entries) {
      const member = Object.hasOwn(members, key.text) ? members[key.text] : undefined;
      const path = `${reading.path}.${key.text}`;
      if (member === undefined) {
        const say = unknown === "stop" ? "error" : "warn";
        const near = nearest(key.text, names);
        const remedy = near === null ? `known: ${names.join(", ")}` : `did you mean '${near}'?`;
        reading.report[say](key, `${reading.path} has no member ${shown(key.text)}; ${remedy}`);
      } else if (!values.has(key.text)) {
        const read = member.read(value, { ...reading, path });
        if (read !== undefined) values.set(key.text, read);
      }
    }
    return Object.fromEntries(values) as EntryOf<M>;
  }
}

/** A map that holds at least one member that is not empty; else it stops. */
export function filled<T extends object>(type: Type<T>): Type<T> {
  return {
    wants: type.wants,
    read(node, reading) {
      const before = reading.report.errors;
      const value = type.read(node, reading);
      if (value !== undefined && Object.values(value).some((member) => member !== "")) return value;
      if (reading.report.errors > before) return undefined;
      reading.report.error(
        node,
        `${reading.path} must be ${type.wants}, with at least one of them`,
      );
      return undefined;
    },
  };
}

/** Of the members of a map one alone, if it is there. */
export function preferring<T extends object>(name: keyof T & string, type: Type<T>): Type<T> {
  return {
    wants: type.wants,
    read(node, reading) {
      const value = type.read(node, reading);
      const others = Object.keys(value ?? {}).filter((member) => member !== name);
      if (value?.[name] === undefined || others.length === 0) return value;
      reading.report.warn(node, `${reading.path}: beside ${name}, ${others.join(", ")} is ignored`);
      return { [name]: value[name] } as T;
    },
  };
}

/** The first of two types that fits the node's kind. */
export function eitherOf<A, B>(single: Type<A>, map: Type<B>): Type<A | B> {
  return {
    wants: `${single.wants} or ${map.wants}`,
    read: (node, reading) => (node.kind === "map" ? map : single).read(node, reading),
  };
}

/** Nothing was written behind the key: it is as if it were not there. */
export function isNothing(node: YamlNode): boolean {
  return node.kind === "scalar" && node.isNull;
}

function textOf(node: YamlNode): string | undefined {
  if (node.kind !== "scalar") return undefined;
  // yaml-cpp gives null this text.
  return node.isNull ? "null" : node.text;
}

/** The default is taken; that is no reason to stop, since Falco does the same. */
function wrong<T>(type: Type<T>, node: YamlNode, reading: Reading): T | undefined {
  if (reading.isStrict === true) return stop(type, node, reading);
  reading.report.warn(node, `${mustBe(type, node, reading)}; the default is used`);
  return undefined;
}

function stop<T>(
  type: Type<T>,
  node: YamlNode,
  reading: Reading,
  near: string | null = null,
): T | undefined {
  const remedy = near === null ? "" : `; did you mean '${near}'?`;
  reading.report.error(node, `${mustBe(type, node, reading)}${remedy}`);
  return undefined;
}

function mustBe(type: Type<unknown>, node: YamlNode, reading: Reading): string {
  const kinds = { sequence: "a list", map: "a map" };
  const got = node.kind === "scalar" ? shown(textOf(node) ?? "") : kinds[node.kind];
  return `${reading.path} must be ${type.wants}, not ${got}`;
}
