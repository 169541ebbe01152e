/** Packs written by hand, as WebAssembly text: for what no compiler of ours would produce. */
import binaryen from "binaryen";
import {
  EVALUATE_PARAMS,
  PACK_ABI,
  type PackManifest,
  type RuleManifest,
} from "../../host/schema/manifest.ts";
import { PACK_MEMORY_PAGES } from "../../host/schema/memory.ts";

export interface HandWrittenPack {
  readonly name?: string;
  readonly rules?: readonly Partial<RuleManifest>[];
  readonly eventTypes: readonly number[];
  /** Text between `(func (export "evaluate") (param …) (result i32)` and its end. */
  readonly evaluate: string;
  readonly init?: string;
  /** The match list is at address 1024: rule indexes, u32 each. */
  readonly matches?: string;
  /** Further module fields, in front of the functions. */
  readonly fields?: string;
  readonly manifest?: Partial<PackManifest>;
  /** Declared minimum; what a pack may call its own when left out. */
  readonly memoryPages?: number;
}

const RULE: RuleManifest = {
  name: "rule",
  priority: "Warning",
  source: "syscall",
  tags: [],
  description: "",
  output: [{ text: "matched" }],
};

/** A pack module with its manifest. */
export function handWrittenPack(pack: HandWrittenPack): Uint8Array {
  const { evaluate, init = "", matches = "(i32.const 1024)", fields = "" } = pack;
  const { memoryPages = PACK_MEMORY_PAGES } = pack;
  const module = binaryen.parseText(`(module
    (import "env" "memory" (memory ${String(memoryPages)} 32768))
    ${fields}
    (func (export "init") ${init})
    (func (export "evaluate") (param ${EVALUATE_PARAMS.join(" ")}) (result i32) ${evaluate})
    (func (export "matches") (result i32) ${matches}))`);
  module.setFeatures(binaryen.Features.All & ~binaryen.Features.BulkMemory);
  const manifest: PackManifest = {
    abi: PACK_ABI,
    name: pack.name ?? "by hand",
    rules: (pack.rules ?? [{}]).map((rule) => ({ ...RULE, ...rule })),
    eventTypes: pack.eventTypes,
    syscalls: [],
    dataBytes: 0,
    ...pack.manifest,
  };
  const bytes = module.emitBinary();
  module.dispose();
  return withSection(bytes, "lanner.manifest", Buffer.from(JSON.stringify(manifest)));
}

/** Where the engine's table has a pack: a function that does as `instructions` (text) say. */
export function evaluateFunction(instructions: string, fields = ""): unknown {
  const params = EVALUATE_PARAMS.join(" ");
  const module = binaryen.parseText(
    `(module ${fields} (func (export "e") (param ${params}) (result i32) ${instructions}))`,
  );
  const bytes = module.emitBinary();
  module.dispose();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)), {});
  if (exports["e"] === undefined) throw new Error("the module has no function");
  return exports["e"];
}

/** Appends a custom section to a module. */
export function withSection(module: Uint8Array, name: string, body: Uint8Array): Uint8Array {
  const label = Buffer.from(name);
  const content = Buffer.concat([unsignedLeb(label.length), label, body]);
  return Buffer.concat([module, Buffer.of(0), unsignedLeb(content.length), content]);
}

function unsignedLeb(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
