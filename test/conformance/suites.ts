/** All suites, in the order in which they run. */
import { alerts } from "./alerts-suite.ts";
import { conditions } from "./conditions-suite.ts";
import { config } from "./config-suite.ts";
import { fields } from "./fields-suite.ts";
import { filters } from "./filters-suite.ts";
import { loader } from "./loader-suite.ts";
import type { Suite, SuiteOptions } from "./outcome.ts";
import { type SuiteReport, Tally } from "./tally.ts";

export const SUITES: readonly Suite[] = [loader, config, conditions, alerts, filters, fields];

/** Runs one suite; `onProgress` is told the number of cases so far. */
export async function runSuite(
  suite: Suite,
  options: SuiteOptions,
  onProgress: (cases: number) => void = () => undefined,
): Promise<SuiteReport> {
  const tally = new Tally(suite.name);
  let cases = 0;
  for await (const outcome of suite.run(options)) {
    tally.add(outcome);
    onProgress(++cases);
  }
  return tally.report();
}
