/** What a profile says of the nodes of a plan, in the event types where they are asked. */
import { EVENTS } from "../../schema/events.ts";
import type { Ask, Node, TestNode } from "./graph.ts";
import { keptGuess } from "./kept.ts";
import { NodeKeys } from "./node-key.ts";
import type { Counts, Profile, RowKind } from "./profile.ts";

/** A guess counts as much as so many events, so no share is quite 0 or 1. */
const GUESS_EVENTS = 2;

export interface Truth {
  /** Events of the profile, and those of them for which the node holds. */
  readonly events: number;
  readonly true: number;
}

export class Figures {
  readonly profile: Profile;
  readonly #keys = new NodeKeys();

  constructor(profile: Profile) {
    this.profile = profile;
  }

  /** Whether events of any of these types were seen. */
  knowsSomeOf(types: readonly string[]): boolean {
    return sum(this.profile.events, types) > 0;
  }

  /** Null when it was not measured. */
  ns(node: Node): number | null {
    return this.profile.nodes.get(this.#keys.of(node))?.ns ?? null;
  }

  /** Null when no event of these types was seen that asked for the node. */
  truth(node: Node, types: readonly string[]): Truth | null {
    const figures = this.profile.nodes.get(this.#keys.of(node));
    if (figures === undefined) return null;
    const asked = types.filter((type) => figures.true.has(type));
    const events = sum(this.profile.events, asked);
    return events === 0 ? null : { events, true: sum(figures.true, asked) };
  }

  /** Part of the events of these types that find an open row of the kind. */
  kept(kind: RowKind, types: readonly string[]): number {
    const events = sum(this.profile.events, types);
    const kept = sum(this.profile.kept[kind], types);
    return (kept + GUESS_EVENTS * keptGuess(kind, types)) / (events + GUESS_EVENTS);
  }
}

/** How likely it is that the node holds. `truth` is null when nothing is known. */
export function likelihood(truth: Truth | null, guess: number): number {
  const { events = 0, true: holds = 0 } = truth ?? {};
  return (holds + GUESS_EVENTS * guess) / (events + GUESS_EVENTS);
}

/** Rules ask for what is rare. */
export function guessTruth({ ask }: TestNode): number {
  return ask.op === "same-field" ? 0.5 : (LIKELY[ask.op] ?? 0.1);
}

const LIKELY: Readonly<Partial<Record<Ask["op"], number>>> = {
  exists: 0.9,
  "text-not": 0.9,
  "number-not": 0.9,
  "address-not": 0.9,
  "network-not": 0.9,
  "text-order": 0.5,
  "number-order": 0.5,
  "float-order": 0.5,
};

const NAMES = new Map(EVENTS.map(({ code, name }) => [code, name]));

/** The name that a profile knows an event type by. */
export function typeName(code: number): string {
  return NAMES.get(code) ?? String(code);
}

function sum(counts: Counts, types: readonly string[]): number {
  return types.reduce((total, type) => total + (counts.get(type) ?? 0), 0);
}
