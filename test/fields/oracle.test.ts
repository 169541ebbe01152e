/**
 * Every field of every event of four recordings, against the answers of a reference engine. Each
 * field has to be equal in at least 99.5 % of the events, but for those that differ on purpose.
 */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ENGINE_FILE } from "../../host/agent/paths.ts";
import { deliberate } from "../conformance/differences.ts";
import { fieldShares } from "../conformance/field-values.ts";
import { shared } from "../support/shared.ts";

const SHARE_MIN = 0.995;

const FOLDER = shared("oracle");
const isMissing =
  shared("oracle", "files.fields.jsonl.gz") === undefined || !existsSync(ENGINE_FILE);

describe.each(["files", "process", "network", "attacks"])("%s", (name) => {
  test.skipIf(isMissing)(
    "fields read as the reference reads them",
    { timeout: 180_000 },
    async () => {
      const isAsked = (field: string): boolean =>
        deliberate("fields", `${name}/${field}`) === undefined;
      const shares = await fieldShares(`${FOLDER ?? ""}/${name}`, isAsked);
      expect(shares.size).toBeGreaterThan(500);
      const low = [...shares]
        .filter(([, { equal, all }]) => equal < all * SHARE_MIN)
        .map(([field, share]) => {
          const { equal, all, first } = share;
          return `${field} ${String(equal)}/${String(all)}, ${first}`;
        });
      expect(low).toEqual([]);
    },
  );
});
