/** Every field of every event of the recordings. */
import { join } from "node:path";
import { fieldShares } from "./field-values.ts";
import { captureNames } from "./files.ts";
import type { Outcome, Suite, SuiteOptions } from "./outcome.ts";

async function* run({ folder, only }: SuiteOptions): AsyncGenerator<Outcome> {
  for (const name of captureNames(folder, "fields.jsonl.gz")) {
    const base = join(folder, name);
    for (const [field, share] of await fieldShares(base, (each) => each.includes(only))) {
      const { all, equal, first } = share;
      const count = `${String(equal)} of ${String(all)} values are equal`;
      const differences = equal === all ? [] : [count, first];
      yield { id: `${name}/${field}`, total: all, passed: equal, differences };
    }
  }
}

export const fields: Suite = { name: "fields", run };
