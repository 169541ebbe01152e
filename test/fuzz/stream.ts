/** Streams of events: recordings, and what was made up. */
import { fileURLToPath } from "node:url";
import type { HostFacts } from "../../host/engine/host-facts.ts";
import type { TableSizes } from "../../host/engine/session.ts";
import { openCapture } from "../../host/replay/reader.ts";
import { replayParts } from "../../host/replay/replay-parts.ts";
import { shared } from "../support/shared.ts";

export const TABLES: TableSizes = {
  threads: 4_096,
  descriptors: 16_384,
  stringBytes: 32 << 20,
  containers: 64,
  users: 512,
  groups: 512,
};

export interface Stream {
  readonly name: string;
  readonly networks: HostFacts["networks"];
  /** Whole blocks, in rows that fit the replay window. */
  readonly rows: readonly Buffer[];
}

const DEMONSTRATION = fileURLToPath(new URL("../../rules/demo/demo.scap.gz", import.meta.url));

/** Files of the recordings that are here: one of the repository's own, and the shared ones. */
export function recordings(): ReadonlyMap<string, string> {
  const found = new Map([["demo", DEMONSTRATION]]);
  for (const name of ["files", "process", "network", "attacks"]) {
    const file = shared("oracle", `${name}.scap.gz`);
    if (file !== undefined) found.set(name, file);
  }
  return found;
}

export async function recorded(name: string, file: string): Promise<Stream> {
  const networks: HostFacts["networks"][number][] = [];
  const rows: Buffer[] = [];
  for await (const part of replayParts(openCapture(file))) {
    if (part.kind === "blocks") rows.push(Buffer.from(part.bytes));
    if (part.kind !== "interfaces") continue;
    for (const { address, netmask } of part.interfaces) networks.push({ address, mask: netmask });
  }
  return { name, networks, rows };
}
