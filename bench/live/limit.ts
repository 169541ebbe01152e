/** How many events a second capture takes without losing one. */
import { section, yieldOf } from "../report/section.ts";
import { eventsPerSecond } from "./cost.ts";
import { paceOf, runCaptured } from "./pair.ts";
import type { Part, Plan } from "./plan.ts";
import { type Ramp, rates, type Step, stepUp } from "./ramp.ts";

const FIRST = 200_000;
const LAST = 2_000_000;
const FACTOR = 1.25;

export async function measureLimit({ rules, seconds, rounds, setting, tell }: Plan): Promise<Part> {
  const { eventsPerRound } = await paceOf(FIRST, "open", rules);
  const measure = async (rate: number): Promise<Step> => {
    tell(`${rate.toLocaleString("en")} events a second`);
    const pace = { rate, eventsPerRound };
    const run = await runCaptured({ work: "open", pace, seconds }, rules);
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
  const highest = ramps.map((ramp) => ramp.highest);
  const figures = [yieldOf("open: highest rate without loss", "1/s", highest)];
  return { section: section("live: limit", setting, figures), details: ramps };
}
