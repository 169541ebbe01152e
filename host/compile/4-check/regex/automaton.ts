/**
 * Regular expression → deterministic automaton over bytes: matching takes one table look-up a byte,
 * whatever the pattern. Building it is bounded in states and in work; what exceeds that is refused.
 */
import type { Regex } from "./syntax.ts";
import { parseRegex, RegexError } from "./syntax.ts";
import { byteSequences } from "./utf8.ts";

export const STATES_MAX = 10_000;
const NODES_MAX = 20_000;
const STEPS_MAX = 20_000_000;

export interface Automaton {
  /** Class of each byte. */
  readonly classes: Uint8Array;
  readonly classCount: number;
  /** Next state by state × class. State 0 is dead, state 1 the start. */
  readonly next: Uint16Array;
  readonly accepts: Uint8Array;
}

/** A node of the nondeterministic automaton. `set`: bytes that lead to `to`. */
type NfaNode =
  | { readonly kind: "set"; readonly first: number; readonly last: number; to: number }
  | { readonly kind: "split"; readonly to: number[] }
  | { readonly kind: "line-start" | "line-end"; to: number }
  | { readonly kind: "accept" };

export function compileRegex(pattern: string): Automaton {
  const builder = new Builder();
  const start = builder.add(parseRegex(pattern), builder.accept);
  return determinize(builder.nodes, start);
}

class Builder {
  readonly nodes: NfaNode[] = [{ kind: "accept" }];
  readonly accept = 0;

  /** The node where matching `regex` begins and after which `next` follows. */
  add(regex: Regex, next: number): number {
    switch (regex.kind) {
      case "set": {
        const starts = regex.ranges.flatMap(([first, last]) =>
          byteSequences(first, last).map((sequence) =>
            sequence.reduceRight(
              (to, [low, high]) => this.#push({ kind: "set", first: low, last: high, to }),
              next,
            ),
          ),
        );
        return this.#push({ kind: "split", to: starts });
      }
      case "cat":
        return regex.parts.reduceRight((to, part) => this.add(part, to), next);
      case "alt":
        return this.#push({ kind: "split", to: regex.parts.map((part) => this.add(part, next)) });
      case "repeat":
        return this.#repeat(regex.part, regex.min, regex.max, next);
      case "line-start":
      case "line-end":
        return this.#push({ kind: regex.kind, to: next });
    }
  }

  #repeat(part: Regex, min: number, max: number | null, next: number): number {
    let at = next;
    if (max === null) {
      const targets: number[] = [next];
      at = this.#push({ kind: "split", to: targets });
      targets.push(this.add(part, at));
    } else {
      for (let i = min; i < max; i++)
        at = this.#push({ kind: "split", to: [next, this.add(part, at)] });
    }
    for (let i = 0; i < min; i++) at = this.add(part, at);
    return at;
  }

  #push(node: NfaNode): number {
    if (this.nodes.length >= NODES_MAX) throw new RegexError("pattern too large - compile failed");
    this.nodes.push(node);
    return this.nodes.length - 1;
  }
}

const NEWLINE = 10;

function determinize(nodes: readonly NfaNode[], start: number): Automaton {
  const { classes, representatives } = byteClasses(nodes);
  const closer = new Closer(nodes);
  const states: (readonly number[])[] = [[], closer.close([start], true, false)];
  const known = new Map<string, number>(states.map((state, i) => [state.join(","), i]));
  const next: number[] = [];
  // Grows while it is walked: each state's successors are appended.
  for (const state of states) {
    for (const byte of representatives) {
      const target = state.length === 0 ? [] : closer.step(state, byte);
      const key = target.join(",");
      let index = known.get(key);
      if (index === undefined) {
        if (states.length >= STATES_MAX) throw new RegexError("pattern too large - compile failed");
        index = states.push(target) - 1;
        known.set(key, index);
      }
      next.push(index);
    }
  }
  const accepts = states.map((state) => (closer.close(state, false, true).includes(0) ? 1 : 0));
  return {
    classes,
    classCount: representatives.length,
    next: Uint16Array.from(next),
    accepts: Uint8Array.from(accepts),
  };
}

class Closer {
  readonly #nodes: readonly NfaNode[];
  #steps = 0;

  constructor(nodes: readonly NfaNode[]) {
    this.#nodes = nodes;
  }

  /** All nodes that can be reached without a byte; only those that wait for something are kept. */
  close(from: readonly number[], atLineStart: boolean, atLineEnd: boolean): number[] {
    const seen = new Set<number>();
    const stack = [...from];
    const kept: number[] = [];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      if (++this.#steps > STEPS_MAX) throw new RegexError("pattern too large - compile failed");
      const node = this.#nodes[at];
      if (node === undefined) continue;
      if (node.kind === "split") stack.push(...node.to);
      else if (node.kind === "line-start") {
        if (atLineStart) stack.push(node.to);
      } else {
        kept.push(at);
        if (node.kind === "line-end" && atLineEnd) stack.push(node.to);
      }
    }
    return kept.sort((a, b) => a - b);
  }

  step(state: readonly number[], byte: number): number[] {
    // Before a line feed a line ends, and after it one begins.
    const from = byte === NEWLINE ? this.close(state, false, true) : state;
    const targets: number[] = [];
    for (const at of from) {
      const node = this.#nodes[at];
      if (node?.kind === "set" && byte >= node.first && byte <= node.last) targets.push(node.to);
    }
    return this.close(targets, byte === NEWLINE, false);
  }
}

/** Bytes that no node tells apart are one class. */
function byteClasses(nodes: readonly NfaNode[]): {
  classes: Uint8Array;
  representatives: number[];
} {
  const starts = new Set([0, NEWLINE, NEWLINE + 1]);
  for (const node of nodes) {
    if (node.kind === "set") starts.add(node.first).add(node.last + 1);
  }
  const classes = new Uint8Array(256);
  const representatives: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    if (starts.has(byte)) representatives.push(byte);
    classes[byte] = representatives.length - 1;
  }
  return { classes, representatives };
}
