import { expect, test } from "vitest";
import { compileAccessors } from "./fields-module.ts";

const START_SECTION = 8;

/** Ids of the sections of a module, in their order. */
function sectionIds(bytes: Uint8Array): readonly number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    ids.push(bytes[at++] ?? 0);
    let size = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = bytes[at++] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte >= 0x80);
    at += size;
  }
  return ids;
}

test("the accessors fit into a pack: nothing imported but memory, no start function", async () => {
  const bytes = await compileAccessors();
  const module = new WebAssembly.Module(new Uint8Array(bytes));
  // The types of this project's WebAssembly leave out what only this test asks.
  const { imports } = WebAssembly.Module as unknown as {
    readonly imports: (module: WebAssembly.Module) => unknown;
  };
  expect(imports(module)).toEqual([{ module: "env", name: "memory", kind: "memory" }]);
  expect(sectionIds(bytes)).not.toContain(START_SECTION);
});
