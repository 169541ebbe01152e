/**
 * Every field of every event of four recordings, against the answers of a reference engine. Each
 * field has to be equal in at least 99 % of the events, but for those that differ on purpose.
 */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ENGINE_FILE } from "../../host/agent/paths.ts";
import { fieldByName } from "../../host/schema/fields.ts";
import { deliberate } from "../conformance/differences.ts";
import { fieldShares } from "../conformance/field-values.ts";
import { shared } from "../support/shared.ts";

const SHARE_MIN = 0.99;

/** Fields that hold many parameters, and so the differences of each. */
const SHARES: Readonly<Record<string, number>> = { "evt.args": 0.97, "evt.info": 0.97 };

/**
 * Fields that nothing reads yet; `lanner check` warns of them. The list may only get shorter: one
 * that has got an accessor does not belong here.
 */
const WITHOUT_ACCESSOR = [
  "evt.hostname",
  "thread.exectime",
  "thread.totexectime",
  "container.cni.json",
  "k8s.pod.labels",
  "k8s.pod.cni.json",
];

test("the fields without an accessor have none", () => {
  const read = WITHOUT_ACCESSOR.filter((name) => fieldByName(name)?.accessor !== null);
  expect(read).toEqual([]);
});

const FOLDER = shared("oracle");
const isMissing =
  shared("oracle", "files.fields.jsonl.gz") === undefined || !existsSync(ENGINE_FILE);

describe.each(["files", "process", "network", "attacks"])("%s", (name) => {
  test.skipIf(isMissing)(
    "fields read as the reference reads them",
    { timeout: 180_000 },
    async () => {
      const isAsked = (field: string): boolean =>
        !WITHOUT_ACCESSOR.includes(field) && deliberate("fields", `${name}/${field}`) === undefined;
      const shares = await fieldShares(`${FOLDER ?? ""}/${name}`, isAsked);
      expect(shares.size).toBeGreaterThan(500);
      const low = [...shares]
        .filter(([field, { equal, all }]) => equal < all * (SHARES[field] ?? SHARE_MIN))
        .map(([field, share]) => {
          const { equal, all, first } = share;
          return `${field} ${String(equal)}/${String(all)}, ${first}`;
        });
      expect(low).toEqual([]);
    },
  );
});
