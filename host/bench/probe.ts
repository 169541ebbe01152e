/**
 * Two small modules that do a part of the work only, so that a difference of runs shows the rest:
 * `walker` finds and decodes the events of the replay window as the engine does; a pack made of
 * `idlePack` is called for events and looks at none of them.
 */
import { assemble } from "../compile/7-assemble/assemble.ts";
import { withSections } from "../compile/7-assemble/custom-section.ts";
import type { PackManifest } from "../schema/manifest.ts";
import { EVALUATE_PARAMS, PACK_ABI } from "../schema/manifest.ts";

export interface Probes {
  /** Exports `walk(address: u32, length: u32): u32`: events that decode. */
  readonly walker: Uint8Array;
  /** A pack without its manifest. */
  readonly idle: Uint8Array;
}

const WALKER = `import { decode } from "./record/event";

export function walk(address: u32, length: u32): u32 {
  const end = address + length;
  let at = address;
  let events: u32 = 0;
  while (at < end) {
    const type = load<u32>(<usize>at);
    const total = load<u32>(<usize>at, 4);
    const head: u32 = type == 0x217 || type == 0x222 ? 6 : 2;
    if (total < 12 + head || total > end - at) break;
    if (decode(<usize>(at + 8 + head), total - 12 - head)) events++;
    at += total;
  }
  return events;
}
`;

const IDLE_PARAMS = EVALUATE_PARAMS.map((type, i) => `fact${String(i)}: ${type}`).join(", ");
const IDLE = `export function evaluate(${IDLE_PARAMS}): u32 {
  return 0;
}

export function matches(): usize {
  return 0;
}
`;

/** Compiles both; takes seconds. */
export async function makeProbes(): Promise<Probes> {
  const [walker, idle] = await Promise.all([assemble(WALKER), assemble(IDLE)]);
  return { walker, idle };
}

/** `walk` of a walker; returns the number of events that decode. */
export function instantiateWalker(
  bytes: Uint8Array,
  memory: WebAssembly.Memory,
): (address: number, length: number) => number {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const { init, walk } = exports as {
    readonly init: () => void;
    readonly walk: (address: number, length: number) => number;
  };
  init();
  return walk;
}

/** A pack that is called for these event types and never matches. */
export function idlePack({ idle }: Probes, eventTypes: readonly number[]): Uint8Array {
  const manifest: PackManifest = {
    abi: PACK_ABI,
    name: "idle",
    rules: [],
    eventTypes,
    syscalls: [],
    dataBytes: 0,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return withSections(idle, [{ name: "lanner.manifest", bytes }]);
}
