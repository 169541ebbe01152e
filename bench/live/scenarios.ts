/** What an event costs, at several paces and in several workloads. */
import { rmSync } from "node:fs";
import { interleave } from "../../host/bench/interleave.ts";
import { section } from "../report/section.ts";
import { generateProgram } from "./build-workload.ts";
import { costFigures, type Pair, userSpaceShares } from "./cost.ts";
import type { Pace, Work } from "./observed.ts";
import { paceOf, runPair } from "./pair.ts";
import type { Part, Plan } from "./plan.ts";

const RATES = [50_000, 100_000, 200_000, 500_000, 1_000_000, 0] as const;
const SHORT_RATES = [200_000, 0] as const;
const WORKLOADS = ["exec", "connect", "build"] as const;

export interface Scenario {
  readonly name: string;
  readonly work: Work["work"];
  readonly rate: number;
}

export function rateScenario(rate: number, work: Work["work"] = "open"): Scenario {
  const pace = rate === 0 ? "unpaced" : `${rate.toLocaleString("en")}/s`;
  return { name: `${work} ${pace}`, work, rate };
}

/** A loop of open, read and close, at each pace. */
export async function measureRates(plan: Plan): Promise<Part> {
  const rates = plan.isShort ? SHORT_RATES : RATES;
  return await measureScenarios(
    "live: rates",
    rates.map((rate) => rateScenario(rate)),
    plan,
  );
}

/** Exec storm, connect storm, and a compile, as fast as they can. */
export async function measureWorkloads(plan: Plan): Promise<Part> {
  return await measureScenarios(
    "live: workloads",
    WORKLOADS.map((work) => rateScenario(0, work)),
    plan,
  );
}

export async function measureScenarios(
  title: string,
  scenarios: readonly Scenario[],
  plan: Plan,
): Promise<Part> {
  const { rules, rounds, seconds, setting, tell } = plan;
  const buildFolder = generateProgram();
  const played = new Map<Scenario, number>();
  const paces = new Map<Scenario, Pace>();
  const measure = async (scenario: Scenario): Promise<Pair> => {
    const { name, work, rate } = scenario;
    const pace = paces.get(scenario) ?? (await paceOf(rate, work, rules));
    paces.set(scenario, pace);
    const round = played.get(scenario) ?? 0;
    played.set(scenario, round + 1);
    tell(`${name}, round ${String(round + 1)} of ${String(rounds)}`);
    return await runPair({ work, pace, seconds, buildFolder }, rules, round);
  };
  try {
    const pairs = await interleave(scenarios, measure, { rounds, warmUps: 0 });
    const figures = [...pairs].flatMap(([{ name, rate }, runs]) => costFigures(name, rate, runs));
    const details = [...pairs].map(([scenario, runs]) => ({
      ...scenario,
      shares: userSpaceShares(runs),
      pairs: runs,
    }));
    return { section: section(title, setting, figures), details };
  } finally {
    rmSync(buildFolder, { recursive: true, force: true });
  }
}
