/**
 * Which event types a condition can be true for: `and` intersects, `or` unites, negation is pushed
 * to the leaves, and a leaf that says nothing about the type stands for all of them.
 */
import { EVENT_TYPES, EVENTS } from "../../schema/events.ts";
import { SYSCALL_CODES, SYSCALLS } from "../../schema/syscalls.ts";
import type { Predicate, Test } from "./predicate.ts";

/**
 * Calls without an event of their own share GENERIC_X; a set holds each of them, too, above the
 * codes, so that it can say which are meant.
 */
const CALLS_FROM = EVENT_TYPES;
/** Falco accepts these names; nothing produces such events any more. */
const RETIRED_NAMES = ["NA", "k8s", "mesos", "tracer"];
const RETIRED_FROM = CALLS_FROM + SYSCALL_CODES;
const MEMBERS = RETIRED_FROM + RETIRED_NAMES.length;
const WORDS = Math.ceil(MEMBERS / 32);

/** A set of event type codes. */
export class TypeSet {
  readonly #words: Uint32Array;

  private constructor(words: Uint32Array) {
    this.#words = words;
  }

  static readonly none = new TypeSet(new Uint32Array(WORDS));

  static of(codes: Iterable<number>): TypeSet {
    const words = new Uint32Array(WORDS);
    for (const code of codes) words[code >> 5] = (words[code >> 5] ?? 0) | (1 << (code & 31));
    return new TypeSet(words);
  }

  has(code: number): boolean {
    return (((this.#words[code >> 5] ?? 0) >>> (code & 31)) & 1) === 1;
  }
  union(other: TypeSet): TypeSet {
    return new TypeSet(this.#words.map((word, i) => word | (other.#words[i] ?? 0)));
  }
  intersection(other: TypeSet): TypeSet {
    return new TypeSet(this.#words.map((word, i) => word & (other.#words[i] ?? 0)));
  }
  complement(): TypeSet {
    return new TypeSet(this.#words.map((word, i) => (ALL.#words[i] ?? 0) & ~word));
  }
  codes(): number[] {
    return Array.from({ length: EVENT_TYPES }, (_, code) => code).filter((code) => this.has(code));
  }
  /** Names of the calls without an event of their own that are in the set. */
  genericNames(): string[] {
    return GENERIC_CALLS.filter(({ code }) => this.has(CALLS_FROM + code)).map(({ name }) => name);
  }
  /** Names in the set that no event has any more. */
  retiredNames(): string[] {
    return RETIRED_NAMES.filter((_, i) => this.has(RETIRED_FROM + i));
  }
  get size(): number {
    return this.codes().length;
  }
}

export const ASYNC_EVENT = 402;
export const GENERIC_EXIT = 1;

const GENERIC_CALLS = SYSCALLS.filter(({ event, name }) => event === null && name !== "unknown");

const ALL: TypeSet = TypeSet.of([
  ...EVENTS.map((event) => event.code),
  ...GENERIC_CALLS.map(({ code }) => CALLS_FROM + code),
  ...RETIRED_NAMES.map((_, i) => RETIRED_FROM + i),
]);

export const ALL_TYPES = ALL;

/** Names that async events bring. */
const ASYNC_NAMES = ["container"];

const CODES_BY_NAME: ReadonlyMap<string, readonly number[]> = codesByName();

function codesByName(): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const event of EVENTS) {
    if (event.code !== GENERIC_EXIT)
      found.set(event.name, [...(found.get(event.name) ?? []), event.code]);
  }
  for (const { name, code } of GENERIC_CALLS) {
    if (!found.has(name)) found.set(name, [GENERIC_EXIT, CALLS_FROM + code]);
  }
  for (const name of ASYNC_NAMES) if (!found.has(name)) found.set(name, [ASYNC_EVENT]);
  for (const [i, name] of RETIRED_NAMES.entries()) {
    if (!found.has(name)) found.set(name, [RETIRED_FROM + i]);
  }
  return found;
}

/** Null when no event has the name. */
export function codesOfName(name: string): readonly number[] | null {
  return CODES_BY_NAME.get(name) ?? null;
}

export function eventNames(): Iterable<string> {
  return CODES_BY_NAME.keys();
}

export function inferTypes(predicate: Predicate, negated = false): TypeSet {
  switch (predicate.kind) {
    case "not":
      return inferTypes(predicate.child, !negated);
    case "and":
    case "or": {
      const sets = predicate.children.map((child) => inferTypes(child, negated));
      const isUnion = (predicate.kind === "or") !== negated;
      return sets.reduce((a, b) => (isUnion ? a.union(b) : a.intersection(b)));
    }
    case "test":
      return leafTypes(predicate, negated);
  }
}

function leafTypes(test: Test, negated: boolean): TypeSet {
  if (test.left.kind !== "field" || test.left.argument !== null) return ALL;
  const name = test.left.field.name;
  const isType = name === "evt.type" || name === "syscall.type";
  if (isType && test.operator === "exists") return negated ? TypeSet.none : ALL;
  if (isType && test.modifier === null && test.right === null && NAMING.includes(test.operator)) {
    const named = TypeSet.of(
      test.constants.flatMap((c) => (c.kind === "text" ? (CODES_BY_NAME.get(c.bytes) ?? []) : [])),
    );
    return (test.operator === "!=") !== negated ? named.complement() : named;
  }
  const never = name === "evt.num" && test.right === null ? isNeverTrue(test) : null;
  if (never === null) return ALL;
  return never !== negated ? TypeSet.none : ALL;
}

const NAMING: readonly string[] = ["=", "==", "!=", "in"];

/** `evt.num` is at least 1: some comparisons are decided by that. Null when this one is not. */
function isNeverTrue(test: Test): boolean | null {
  const numbers = test.constants.flatMap((c) => (c.kind === "number" ? [c.value] : []));
  const [first] = numbers;
  if (first === undefined || test.modifier !== null) return null;
  switch (test.operator) {
    case "=":
    case "==":
      return first === 0n ? true : null;
    case "!=":
      return first === 0n ? false : null;
    case "<":
      return first <= 1n ? true : null;
    case "<=":
      return first === 0n ? true : null;
    case ">":
      return first === 0n ? false : null;
    case ">=":
      return first <= 1n ? false : null;
    case "in":
      return numbers.every((value) => value === 0n) ? true : null;
    default:
      return null;
  }
}
