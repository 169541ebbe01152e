/** The engine module as the host sees it: ARCHITECTURE.md, "Engine module", in types. */
import { LAYOUT_SECTION } from "../schema/manifest.ts";
import { PACKS_MAX } from "../schema/memory.ts";
import { customSections } from "./sections.ts";

/** Slots of the function table below the packs' are the engine's own. */
export const PACK_TABLE_BASE = 1_024;

export interface EngineImports {
  onMatch(pack: number, count: number): void;
  onContainer(address: number, length: number): void;
  /** While calls of packs are timed. */
  onEvaluated?(pack: number): void;
  /** Returns 1 when an answer about the container is on its way. */
  onProcess?(pid: number, address: number, length: number): number;
}

/** Addresses and lengths come back as i32 and have to be read as u32 (`>>> 0`). */
export interface EngineExports {
  layOut(
    threads: number,
    descriptors: number,
    stringBytes: number,
    containers: number,
    users: number,
    groups: number,
  ): number;
  attach(): number;
  loadSchema(address: number, length: number): void;
  setRing(index: number, bytes: number): void;
  /** Linux address family; address and mask of 4 or 16 bytes. */
  addNetwork(family: number, address: number, mask: number): void;
  setHostname(length: number): void;
  setBase64(on: number): void;
  subscribe(pack: number, type: number): void;
  setPack(pack: number, on: number): void;
  drain(eventsMax: number): number;
  replay(address: number, length: number): number;
  resume(): void;
  pauseReplay(): void;
  timePacks(on: number): void;
  pacePack(pack: number, stride: number): void;
  skippedOf(pack: number): bigint;
  keepAlive(address: number, count: number): void;
  purge(idle: bigint): number;
  render(field: number, index: number, textLength: number): number;
  argument(): number;
  valueAddress(): number;
  valueLength(): number;
  valueNumber(): bigint;
  tap(on: number): void;
  tapped(): number;
  sleep(): number;
  openContainer(length: number): number;
  setContainerText(index: number, length: number): void;
  setContainerNumber(index: number, value: bigint): void;
  closeContainer(): void;
}

const FUNCTIONS = [
  "layOut",
  "attach",
  "loadSchema",
  "setRing",
  "addNetwork",
  "setHostname",
  "setBase64",
  "subscribe",
  "setPack",
  "drain",
  "replay",
  "resume",
  "pauseReplay",
  "timePacks",
  "pacePack",
  "skippedOf",
  "keepAlive",
  "purge",
  "render",
  "argument",
  "valueAddress",
  "valueLength",
  "valueNumber",
  "tap",
  "tapped",
  "sleep",
  "openContainer",
  "setContainerText",
  "setContainerNumber",
  "closeContainer",
] as const satisfies readonly (keyof EngineExports)[];

export interface Engine {
  readonly exports: EngineExports;
  readonly table: WebAssembly.Table;
  /** What LAYOUT_SECTION says; null when it was built without. */
  readonly layout: string | null;
}

/** Instantiates the engine over `memory`, whose windows are mapped already. */
export function instantiateEngine(
  bytes: Uint8Array,
  memory: WebAssembly.Memory,
  imports: EngineImports,
): Engine {
  const table = new WebAssembly.Table({
    element: "anyfunc",
    initial: PACK_TABLE_BASE + PACKS_MAX,
  });
  const abort = (): never => {
    throw new Error("the engine met a state that it holds to be impossible");
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory, table, abort },
    host: { onProcess: () => 0, onEvaluated: () => undefined, ...imports },
  });
  for (const name of FUNCTIONS) {
    if (typeof instance.exports[name] !== "function") {
      throw new Error(`build/engine.wasm has no function ${name}; run: npm run build`);
    }
  }
  const [section] = customSections(bytes, LAYOUT_SECTION);
  const layout = section === undefined ? null : new TextDecoder().decode(section);
  return { exports: instance.exports as unknown as EngineExports, table, layout };
}
