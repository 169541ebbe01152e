/** No profile changes what matches, whatever it says. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileRules } from "../../host/compile/compile.ts";
import { NO_ENGINE_REASON, openSession } from "../support/engine.ts";
import { randomProfile } from "../support/random-profile.ts";
import { shared } from "../support/shared.ts";
import { Generator } from "./generator.ts";
import { Matcher, refusal, rulesFile } from "./matches.ts";
import { Random } from "./random.ts";
import { Samples } from "./samples.ts";
import { snapshots } from "./snapshots.ts";
import { recorded, recordings, type Stream, TABLES } from "./stream.ts";
import { writeCondition } from "./write-condition.ts";

const CONDITIONS = 40;
const EVENTS = 60;
const PROFILES = 2;
const reason = NO_ENGINE_REASON === "" ? "" : ` (skipped: ${NO_ENGINE_REASON})`;

async function streams(): Promise<readonly Stream[]> {
  return await Promise.all([...recordings()].map(([name, file]) => recorded(name, file)));
}

function madeUp(random: Random, on: readonly Stream[]): readonly string[] {
  const events = on.flatMap((stream) => snapshots(stream, EVENTS, random));
  const generator = new Generator(random, new Samples(events));
  const conditions: string[] = [];
  while (conditions.length < CONDITIONS) {
    const condition = writeCondition(generator.condition());
    if (refusal(condition) === null) conditions.push(condition);
  }
  return conditions;
}

test.skipIf(reason !== "")(
  `made-up conditions match the same events by any profile${reason}`,
  { timeout: 300_000 },
  async () => {
    const random = new Random(26);
    const on = await streams();
    const conditions = madeUp(random, on);
    const plain = await Matcher.of(conditions);
    const wanted = on.map((stream) => plain.run(stream, conditions.length));
    expect(wanted.flat().some(({ size }) => size > 0)).toBe(true);
    for (let i = 0; i < PROFILES; i++) {
      const profile = randomProfile([rulesFile(conditions)], (below) => random.below(below));
      const matcher = await Matcher.of(conditions, profile);
      const found = on.map((stream) => matcher.run(stream, conditions.length));
      expect(found).toEqual(wanted);
    }
  },
);

const RULES = shared("falco-rules", "falco_rules.yaml");
const INCUBATING = shared("falco-rules", "falco-incubating_rules.yaml");
const withoutRules = RULES === undefined ? " (skipped: Falco's rules are not on this machine)" : "";

test.skipIf(`${reason}${withoutRules}` !== "")(
  `Falco's rules match the same events by any profile${reason}${withoutRules}`,
  { timeout: 300_000 },
  async () => {
    const random = new Random(11);
    const files = [RULES, INCUBATING].flatMap((name) =>
      name === undefined ? [] : [{ name, text: readFileSync(name, "utf8") }],
    );
    const on = await streams();
    const matchesOf = async (options: Parameters<typeof compileRules>[1]): Promise<unknown> => {
      const { pack } = await compileRules(files, { ...options, cacheDirectory: null });
      return on.map((stream) => matched(pack?.wasm ?? new Uint8Array(0), stream));
    };
    const wanted = await matchesOf({});
    for (let i = 0; i < 2; i++) {
      const profile = randomProfile(files, (below) => random.below(below));
      expect(await matchesOf({ profile })).toEqual(wanted);
    }
  },
);

/** Rule and event of each match. */
function matched(pack: Uint8Array, stream: Stream): readonly string[] {
  const { session, matches, faults, close } = openSession([pack], { tables: TABLES });
  try {
    session.setHost({ networks: stream.networks });
    for (const row of stream.rows) {
      session.stage(row);
      session.replay(0, row.length);
    }
    expect(faults).toEqual([]);
    return matches.map(({ rule, event }) => `${String(rule)} ${String(event)}`);
  } finally {
    close();
  }
}
