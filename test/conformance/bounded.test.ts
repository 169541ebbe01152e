/** The quick suites over the shared conformance data; `npm run conformance` runs all of them. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { NO_ENGINE_REASON } from "../support/engine.ts";
import { shared } from "../support/shared.ts";
import { alerts } from "./alerts-suite.ts";
import { conditions } from "./conditions-suite.ts";
import { config } from "./config-suite.ts";
import { loader } from "./loader-suite.ts";
import type { Suite } from "./outcome.ts";
import { runSuite } from "./suites.ts";
import type { SuiteReport } from "./tally.ts";

const FOLDER = shared("oracle");
const BUILT = fileURLToPath(new URL("../../dist/engine/process.js", import.meta.url));
const CACHE = mkdtempSync(join(tmpdir(), "lanner-conformance-"));
const ENGINE_REASON = existsSync(BUILT) ? NO_ENGINE_REASON : "dist was not built";

afterAll(() => {
  rmSync(CACHE, { recursive: true, force: true });
});

async function run(suite: Suite, only = "", folder = FOLDER): Promise<SuiteReport> {
  return await runSuite(suite, { folder: folder ?? "", cache: CACHE, only });
}

const MUTATED = shared("oracle-mutated");

test.skipIf(MUTATED === undefined)(
  "damaged rules files are loaded, refused and described alike (skipped without the shared data)",
  async () => {
    const report = await run(loader, "", MUTATED);
    expect(report.total).toBeGreaterThan(1_000);
    expect(report.failures).toEqual([]);
    expect(report.deliberate).toBeLessThanOrEqual(report.total * 0.01);
  },
);

describe.skipIf(FOLDER === undefined)("conformance (skipped: the shared data is not here)", () => {
  test("rules files are loaded, refused and described alike", async () => {
    const report = await run(loader);
    expect(report.total).toBeGreaterThan(500);
    expect(report.failures).toEqual([]);
    expect(report.deliberate).toBeLessThanOrEqual(report.total * 0.02);
  });

  test("conditions are understood alike", async () => {
    const report = await run(conditions);
    expect(report.total).toBeGreaterThan(700);
    expect(report.failures).toEqual([]);
  });

  test("configurations are taken, refused and merged alike", async () => {
    const report = await run(config);
    expect(report.total).toBeGreaterThan(100);
    expect(report.failures).toEqual([]);
    expect(report.deliberate).toBeLessThanOrEqual(1);
  });

  const note = ENGINE_REASON === "" ? "" : ` (skipped: ${ENGINE_REASON})`;
  test.skipIf(ENGINE_REASON !== "")(
    `alerts with transformers are the same bytes${note}`,
    { timeout: 240_000 },
    async () => {
      const report = await run(alerts, "transform");
      expect(report.total).toBeGreaterThan(0);
      expect(report.failures).toEqual([]);
    },
  );

  test.skipIf(ENGINE_REASON !== "").each(["base64", "relative_time", "without_a_thread"])(
    `alerts of cases named %s are the same bytes${note}`,
    { timeout: 240_000 },
    async (only) => {
      const report = await run(alerts, only);
      expect(report.total).toBeGreaterThan(0);
      expect(report.failures).toEqual([]);
    },
  );
});
