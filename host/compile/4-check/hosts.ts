import { readFileSync } from "node:fs";
import type { Bytes, Source } from "./predicate.ts";
import { addressBytes } from "./values.ts";

const HOSTS_FILE = "/etc/hosts";

/** Fields that are compared with names, and the addresses that stand for them. */
export const ADDRESS_OF: Readonly<Record<string, string>> = {
  "fd.cip.name": "fd.cip",
  "fd.sip.name": "fd.sip",
  "fd.lip.name": "fd.lip",
  "fd.rip.name": "fd.rip",
};

export function isHostName(source: Source): boolean {
  return source.kind === "field" && ADDRESS_OF[source.field.name] !== undefined;
}

let hosts: ReadonlyMap<string, readonly Bytes[]> | null = null;

/**
 * Addresses of a host by the system's table, in network order; empty when the table does not know
 * it. Nobody else is asked: what a rule looks for stays on this host, and the compiler never waits.
 */
export function addressesOfHost(name: string): readonly Bytes[] {
  hosts ??= readHosts();
  return hosts.get(name.toLowerCase()) ?? [];
}

function readHosts(): ReadonlyMap<string, readonly Bytes[]> {
  const found = new Map<string, Bytes[]>();
  let text: string;
  try {
    text = readFileSync(HOSTS_FILE, "utf8");
  } catch {
    // A system without the table knows no names.
    return found;
  }
  for (const line of text.split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const bytes = addressBytes(address);
    if (bytes === null) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      found.set(key, [...(found.get(key) ?? []), bytes]);
    }
  }
  return found;
}
