/**
 * `fd.sip.name` and its kind. As with Falco, the names in a condition are resolved and an address
 * is compared with what they resolve to; nobody looks up the name of an address.
 */
import { fieldByName } from "../../schema/fields.ts";
import { ADDRESS_OF, addressesOfHost } from "../4-check/hosts.ts";
import type { Test } from "../4-check/predicate.ts";
import type { Graph, Node } from "./graph.ts";
import { unique } from "./graph.ts";
import type { Read } from "./read.ts";
import { toRead } from "./read.ts";

/** Null for a test of another field. */
export function lowerHostName(graph: Graph, test: Test): Node | null {
  const { left, operator } = test;
  if (left.kind !== "field") return null;
  const address = ADDRESS_OF[left.field.name];
  // Falco finds a value wherever there is a descriptor, in `fd.net` too.
  const isAnywhere = address !== undefined || left.field.name === "fd.net";
  if (isAnywhere && operator === "exists") {
    return graph.test(readOf("fd.connected"), { op: "exists" });
  }
  if (address === undefined) return null;
  const names = test.constants.flatMap((each) => (each.kind === "text" ? [each.bytes] : []));
  const texts = unique(names.flatMap(addressesOfHost));
  const read = readOf(address);
  const isOne = texts.length === 0 ? graph.no : graph.test(read, { op: "address-in", texts });
  if (test.modifier !== null) return graph.no;
  if (operator === "=" || operator === "==" || operator === "in") return isOne;
  if (operator !== "!=") return graph.no;
  return graph.and([graph.test(read, { op: "exists" }), graph.not(isOne)]);
}

function readOf(name: string): Read {
  const field = fieldByName(name);
  if (field === undefined) throw new Error(`no field ${name}`);
  const { type, list } = field;
  return toRead({ kind: "field", field, argument: null, type, list });
}
