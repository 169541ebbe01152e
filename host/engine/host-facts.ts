/** What events do not say of the host they come from, and how the engine hears of it. */
import type { EngineExports } from "./engine-module.ts";
import { putArgument } from "./render.ts";

export interface HostFacts {
  /** Local addresses and masks: 4 or 16 bytes each, network order. */
  readonly networks: readonly { readonly address: Uint8Array; readonly mask: Uint8Array }[];
  /** What `evt.hostname` shows; left out for a recording, whose events are of no host in Falco. */
  readonly hostname?: string;
}

/** Linux address families. */
const FAMILY = { inet: 2, inet6: 10 } as const;

/** `memory` is the engine's. Addresses of any other length are left out. */
export function tellHost(engine: EngineExports, memory: Uint8Array, facts: HostFacts): void {
  for (const { address, mask } of facts.networks) {
    const family = address.length === 4 ? FAMILY.inet : FAMILY.inet6;
    if (mask.length !== address.length || ![4, 16].includes(address.length)) continue;
    const at = engine.argument() >>> 0;
    memory.set(address, at);
    memory.set(mask, at + address.length);
    engine.addNetwork(family, at, at + address.length);
  }
  engine.setHostname(putArgument(engine, memory, facts.hostname ?? ""));
}
