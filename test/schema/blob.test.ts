import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PARAM_NAMES, paramNameId, schemaBlob } from "../../host/schema/blob.ts";
import { CATEGORIES, EVENT_FLAGS, FORMATS, PARAM_TYPES } from "../../host/schema/encoding.ts";
import { EVENT_TYPES, EVENTS } from "../../host/schema/events.ts";
import { FLAG_TABLES, VARIANT_TABLES } from "../../host/schema/flags.ts";
import { ERRNO_NAMES, SIGNAL_NAMES } from "../../host/schema/numbers.ts";
import { SYSCALLS } from "../../host/schema/syscalls.ts";

type Reader = Record<string, (...numbers: readonly number[]) => number>;

const BASE = 0x20000;
const SCRATCH = 0x10000;
const memory = new WebAssembly.Memory({ initial: 4 });
const folder = mkdtempSync(`${tmpdir()}/lanner-schema-`);
let tables: Reader = {};

beforeAll(async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const flags = ["--importMemory", "--runtime", "stub", "--initialMemory", "4", "-O0"];
  const entry = "assembly/schema/tables.ts";
  const out = `${folder}/tables.wasm`;
  const { error, stderr } = await main([
    entry,
    "--config",
    "none",
    "--baseDir",
    root,
    "--outFile",
    out,
    ...flags,
  ]);
  if (error !== null) throw new Error(stderr.toString());
  const imports = { env: { memory, abort: (): void => {} } };
  const { instance } = await WebAssembly.instantiate(readFileSync(out), imports);
  tables = instance.exports as unknown as Reader;
  new Uint8Array(memory.buffer).set(schemaBlob(), BASE);
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("the run-time tables, read by AssemblyScript", () => {
  test("are recognized by their head and length", () => {
    expect(call("isSchema", schemaBlob().length)).toBe(1);
    expect(call("isSchema", schemaBlob().length - 1)).toBe(0);
    expect(call("isSchema", 0)).toBe(0);
  });

  test("give every event with its parameters", () => {
    for (const event of EVENTS) {
      expect(text(call("eventName", event.code))).toBe(event.name);
      expect(call("eventCategory", event.code)).toBe(CATEGORIES[event.category]);
      const flags = event.flags.reduce((bits, flag) => bits | EVENT_FLAGS[flag], 0);
      expect(call("eventFlags", event.code)).toBe(flags);
      expect(call("paramCount", event.code)).toBe(event.params.length);
      event.params.forEach((param, i) => {
        const at = call("paramAt", event.code, i);
        const view = new DataView(memory.buffer, at, 8);
        expect(text(call("paramName", event.code, i))).toBe(param.name);
        expect(view.getUint8(2)).toBe(PARAM_TYPES[param.type]);
        expect(view.getUint8(3)).toBe(FORMATS[param.format ?? "decimal"]);
        expect(view.getUint8(6)).toBe(param.dirfd ?? 0xff);
        expect(call("paramIndex", event.code, paramNameId(param.name) ?? -1)).toBe(i);
      });
      expect(call("paramAt", event.code, event.params.length)).toBe(0);
    }
  });

  test("give nothing for types that are not live or beyond the table", () => {
    for (const type of [0, 4, EVENT_TYPES, 0xffff_ffff]) {
      expect(call("eventAt", type)).toBe(0);
      expect(call("eventName", type)).toBe(0);
      expect(call("paramCount", type)).toBe(0);
      expect(call("paramIndex", type, 0)).toBe(-1);
    }
  });

  test("find the id of a parameter name by its text", () => {
    PARAM_NAMES.forEach((name, id) => expect(nameIdOf(name)).toBe(id));
    for (const name of ["", "a", "fdx", "zzz", "fl"]) expect(nameIdOf(name)).toBe(-1);
  });

  test("keep flag tables in printing order", () => {
    FLAG_TABLES.forEach((table, index) => {
      const at = call("flagTable", index);
      const view = new DataView(memory.buffer);
      const count = view.getUint32(at, true);
      const entries = Array.from({ length: count }, (_, i) => [
        text(BASE + view.getUint32(at + 8 + 8 * i, true)),
        view.getUint32(at + 4 + 8 * i, true),
      ]);
      expect(entries).toEqual(table.entries);
    });
    expect(call("flagTable", FLAG_TABLES.length)).toBe(0);
  });

  test("give the variants of dynamic parameters", () => {
    VARIANT_TABLES.forEach(({ variants }, index) => {
      variants.forEach(({ type, format }, i) => {
        expect(call("variantType", index, i)).toBe(PARAM_TYPES[type]);
        expect(call("variantFormat", index, i)).toBe(FORMATS[format ?? "decimal"]);
      });
      expect(call("variantType", index, variants.length)).toBe(0);
    });
  });

  test("name system calls, errors and signals", () => {
    for (const { code, name } of SYSCALLS) expect(text(call("syscallName", code))).toBe(name);
    for (const [number, name] of ERRNO_NAMES) {
      expect(text(call("errnoName", number))).toBe(name);
    }
    for (const [number, name] of SIGNAL_NAMES) {
      expect(text(call("signalName", number))).toBe(name);
    }
    expect(call("syscallName", 382)).toBe(0);
    expect(call("errnoName", 100_000)).toBe(0);
    expect(call("signalName", 34)).toBe(0);
  });
});

function call(name: string, ...numbers: readonly number[]): number {
  const reader = tables[name];
  if (reader === undefined) throw new Error(`tables.ts does not export ${name}`);
  return reader(BASE, ...numbers);
}

function text(at: number): string | undefined {
  if (at === 0) return undefined;
  const length = new DataView(memory.buffer).getUint16(at, true);
  return new TextDecoder().decode(new Uint8Array(memory.buffer, at + 2, length));
}

function nameIdOf(name: string): number {
  const bytes = new TextEncoder().encode(name);
  new Uint8Array(memory.buffer).set(bytes, SCRATCH);
  return call("nameIdOf", SCRATCH, bytes.length);
}
