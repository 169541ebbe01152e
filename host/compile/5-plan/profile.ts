/**
 * A profile: what the nodes of a plan answered on a recording and what they cost, so that a plan
 * can be made for events like those. It decides speed only. As JSON:
 *
 *   {
 *     "format": "lanner-profile", "version": 1,
 *     "source": "busy.scap.gz, 243548 events",                 for people
 *     "events": {"openat": 9120, …},                           how many of each type rules saw
 *     "kept": {"process": {"openat": 6310, …}, …},             of them: those whose row was valid
 *     "nodes": {"fd.num >= 0": {"ns": 4.3, "true": {"openat": 6502, …}}, …}
 *   }
 *
 * Nodes go by their canonical text (node-key.ts). `true` counts, for each type where the node is
 * asked, the events for which it holds, whether or not a rule came to ask; `ns` is what computing a
 * predicate takes, and is missing for groups. `kept` tells of each cache how many events found a
 * row that an earlier event of their type had opened: answers in it could be remembered.
 */
import { KEY_CHARACTERS_MAX } from "./node-key.ts";

export const ROW_KINDS = ["process", "lineage", "descriptor"] as const;
export type RowKind = (typeof ROW_KINDS)[number];
/** By name of the event type. */
export type Counts = ReadonlyMap<string, number>;

export interface NodeFigures {
  readonly ns: number | null;
  readonly true: Counts;
}

export interface Profile {
  readonly source: string;
  readonly events: Counts;
  readonly kept: Readonly<Record<RowKind, Counts>>;
  readonly nodes: ReadonlyMap<string, NodeFigures>;
}

/** What it says is no profile; the message says why and what to do. */
export class ProfileError extends Error {
  override readonly name = "ProfileError";
}

const FORMAT = "lanner-profile";
const VERSION = 1;
export const PROFILE_BYTES_MAX = 16 << 20;
export const PROFILE_NODES_MAX = 65_536;
const EVENT_TYPES_MAX = 1_024;
const NAME_CHARACTERS_MAX = 64;
const SOURCE_CHARACTERS_MAX = 1_000;
const NS_MAX = 1e9;
const REMEDY = "write a new one with: lanner bench -r RULES CAPTURE --write-profile FILE";

export function profileText({ source, events, kept, nodes }: Profile): string {
  const rows = ROW_KINDS.map((kind) => [kind, Object.fromEntries(kept[kind])] as const);
  const figures = [...nodes].map(([key, { ns, true: counts }]) => {
    const cost = ns === null ? {} : { ns };
    return `    ${JSON.stringify(key)}: ${JSON.stringify({ ...cost, true: Object.fromEntries(counts) })}`;
  });
  return [
    "{",
    `  "format": ${JSON.stringify(FORMAT)},`,
    `  "version": ${String(VERSION)},`,
    `  "source": ${JSON.stringify(source.slice(0, SOURCE_CHARACTERS_MAX))},`,
    `  "events": ${JSON.stringify(Object.fromEntries(events))},`,
    `  "kept": ${JSON.stringify(Object.fromEntries(rows))},`,
    `  "nodes": {\n${figures.join(",\n")}\n  }`,
    "}\n",
  ].join("\n");
}

/** `name` is the file in messages. Throws ProfileError. */
export function readProfile(text: string, name: string): Profile {
  try {
    if (text.length > PROFILE_BYTES_MAX) throw new Wrong("it is larger than 16 MiB");
    return toProfile(parse(text));
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    throw new ProfileError(`${name} is no profile: ${error.message}; ${REMEDY}`);
  }
}

class Wrong extends Error {
  override readonly name = "Wrong";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Wrong("it is not JSON", { cause });
  }
}

function toProfile(value: unknown): Profile {
  const root = new Map(members(value, "the file"));
  if (root.get("format") !== FORMAT) throw new Wrong(`"format" is not "${FORMAT}"`);
  if (root.get("version") !== VERSION) {
    throw new Wrong(`"version" is not ${String(VERSION)}, the only one known here`);
  }
  const source = root.get("source") ?? "";
  if (typeof source !== "string" || source.length > SOURCE_CHARACTERS_MAX) {
    throw new Wrong(`"source" is no text of at most ${String(SOURCE_CHARACTERS_MAX)} characters`);
  }
  const events = countsOf(root.get("events"), '"events"', null);
  const rows = new Map(members(root.get("kept"), '"kept"'));
  const keptOf = (kind: RowKind): Counts => countsOf(rows.get(kind), `"kept" of ${kind}`, events);
  return {
    source,
    events,
    kept: {
      process: keptOf("process"),
      lineage: keptOf("lineage"),
      descriptor: keptOf("descriptor"),
    },
    nodes: nodesOf(root.get("nodes"), events),
  };
}

function nodesOf(value: unknown, events: Counts): ReadonlyMap<string, NodeFigures> {
  const entries = members(value, '"nodes"');
  if (entries.length > PROFILE_NODES_MAX) {
    throw new Wrong(`"nodes" has more than ${String(PROFILE_NODES_MAX)} members`);
  }
  return new Map(
    entries.map(([key, figures]) => {
      if (key.length > KEY_CHARACTERS_MAX) {
        throw new Wrong(`a name in "nodes" has more than ${String(KEY_CHARACTERS_MAX)} characters`);
      }
      const where = `node ${JSON.stringify(key)}`;
      const { ns, true: counts } = Object.fromEntries(members(figures, where));
      return [
        key,
        { ns: nanoseconds(ns, where), true: countsOf(counts, `"true" of ${where}`, events) },
      ];
    }),
  );
}

function nanoseconds(value: unknown, where: string): number | null {
  if (value === undefined) return null;
  if (typeof value === "number" && value >= 0 && value <= NS_MAX) return value;
  throw new Wrong(`"ns" of ${where} is no number from 0 to ${String(NS_MAX)}`);
}

/** None is above that of `most`, where it is given. */
function countsOf(value: unknown, where: string, most: Counts | null): Counts {
  const entries = members(value, where);
  if (entries.length > EVENT_TYPES_MAX) {
    throw new Wrong(`${where} has more than ${String(EVENT_TYPES_MAX)} members`);
  }
  return new Map(
    entries.map(([type, count]) => {
      if (type.length > NAME_CHARACTERS_MAX) throw new Wrong(`${where} has too long a name`);
      const bound = most === null ? Number.MAX_SAFE_INTEGER : (most.get(type) ?? 0);
      if (Number.isSafeInteger(count) && Number(count) >= 0 && Number(count) <= bound) {
        return [type, Number(count)];
      }
      const known = most === null ? "" : `, which counts ${String(bound)} events of the type`;
      throw new Wrong(`${where} has no count for ${JSON.stringify(type)} that fits${known}`);
    }),
  );
}

function members(value: unknown, where: string): [string, unknown][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value);
  }
  throw new Wrong(`${where} is no map`);
}
