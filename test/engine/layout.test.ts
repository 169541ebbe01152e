/** A pack that was compiled for other places in the state would read them unnoticed. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { layoutDigest } from "../../host/compile/7-assemble/layout.ts";
import { compileRules } from "../../host/compile/compile.ts";
import { readPack } from "../../host/engine/pack.ts";
import { customSections } from "../../host/engine/sections.ts";
import { LAYOUT_SECTION } from "../../host/schema/manifest.ts";
import { CLOSE_X, ENGINE_FILE, NO_ENGINE_REASON, openSession } from "../support/engine.ts";
import { handWrittenPack } from "../support/pack.ts";

const skipped = NO_ENGINE_REASON === "" ? "" : ` (skipped: ${NO_ENGINE_REASON})`;
const live = test.skipIf(skipped !== "");

live(`the engine was built by setup/ from the sources that are here${skipped}`, async () => {
  const [section] = customSections(readFileSync(ENGINE_FILE), LAYOUT_SECTION);
  expect(new TextDecoder().decode(section), "run: npm run build").toBe(await layoutDigest());
});

live(`a pack of another layout is refused, one of this runs${skipped}`, async () => {
  const evaluate = "(i32.store (i32.const 1024) (i32.const 0)) (i32.const 1)";
  const by = (layout: string): Uint8Array =>
    handWrittenPack({ eventTypes: [CLOSE_X], evaluate, manifest: { layout } });
  const { feed, faults, matches, close } = openSession([by("other"), by(await layoutDigest())]);
  feed(1);
  expect(faults.map(({ pack }) => pack)).toEqual([0]);
  expect(faults[0]?.reason).toMatch(/another build of the engine.*run: npm run build/);
  expect(matches.map(({ pack }) => pack)).toEqual([1]);
  close();
});

test("a compiled pack tells its layout", { timeout: 60_000 }, async () => {
  const text =
    "- {rule: r, desc: d, priority: INFO, output: x, condition: evt.type = close and fd.num = 1}\n";
  const { pack } = await compileRules([{ name: "r.yaml", text }], {});
  expect(readPack(pack?.wasm ?? Buffer.alloc(0)).manifest.layout).toBe(await layoutDigest());
});
