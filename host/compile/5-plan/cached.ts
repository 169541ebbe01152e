/** Where the answer of a node is remembered. */
import type { Lifetime } from "../../schema/types.ts";

/** Which table of rows remembers a node; `event`: until the next event. */
export type CacheKind = "process" | "lineage" | "descriptor" | "event";

export interface Cached {
  readonly kind: CacheKind;
  /** Bit of a row, or word of the event memo. */
  readonly index: number;
}

/** The cache that a node's lifetime allows. */
export function cacheKind(lifetime: Lifetime): CacheKind {
  switch (lifetime) {
    case "constant":
    case "container":
    case "process":
      return "process";
    case "lineage":
      return "lineage";
    case "descriptor":
      return "descriptor";
    case "event":
      return "event";
  }
}
