/**
 * How many events a second capture takes without losing one: of the loop of opens, which the loop's
 * own work bounds as well, and of about the cheapest event there is.
 */
import { type Measured, section, yieldOf } from "../report/section.ts";
import { eventsPerSecond } from "./cost.ts";
import type { Work } from "./observed.ts";
import { paceOf, runCaptured } from "./pair.ts";
import type { Part, Plan } from "./plan.ts";
import { type Ramp, rates, type Step, stepUp } from "./ramp.ts";

const WORKS = ["open", "close"] as const;
const FIRST = 250_000;
const LAST = 4_000_000;
const FACTOR = 1.25;

export async function measureLimit(plan: Plan): Promise<Part> {
  const figures: Measured[] = [];
  const details: object[] = [];
  for (const work of WORKS) {
    const ramps = await rampsOf(work, plan);
    const highest = ramps.map((ramp) => ramp.highest);
    figures.push(yieldOf(`${work}: highest rate without loss`, "1/s", highest));
    details.push({ work, ramps });
  }
  return { section: section("live: limit", plan.setting, figures), details };
}

async function rampsOf(
  work: Work["work"],
  { rules, seconds, rounds, tell }: Plan,
): Promise<readonly Ramp[]> {
  const { eventsPerRound } = await paceOf(FIRST, work, rules);
  const measure = async (rate: number): Promise<Step> => {
    tell(`${work}, ${rate.toLocaleString("en")} events a second`);
    const pace = { rate, eventsPerRound };
    const run = await runCaptured({ work, pace, seconds }, rules);
    const { captured, watched } = run;
    return {
      asked: rate,
      reached: eventsPerSecond({ ...run, alone: captured }),
      events: watched.events,
      lost: watched.drops.total,
    };
  };
  const ramps: Ramp[] = [];
  for (let round = 0; round < rounds; round++) {
    ramps.push(await stepUp(rates(FIRST, LAST, FACTOR), measure));
  }
  return ramps;
}
