/** Runs of the observed program, alone and under capture. */
import { since } from "../proc/cpu-time.ts";
import type { Pair } from "./cost.ts";
import { type Observed, ObservedProgram, type Pace, UNPACED, type Work } from "./observed.ts";
import { Watcher } from "./watcher.ts";

/** Time for the engine to drain what the observed program left behind. */
const SETTLE_MS = 300;
const COUNTING_SECONDS = 0.2;

/** Which of the two comes first changes from round to round. */
export async function runPair(work: Work, rules: readonly string[], round: number): Promise<Pair> {
  if (round % 2 === 1) {
    const captured = await runCaptured(work, rules);
    return { ...captured, alone: await runAlone(work) };
  }
  const alone = await runAlone(work);
  return { ...(await runCaptured(work, rules)), alone };
}

/**
 * A pace of so many events per second. How many events a round makes depends on the rules, since
 * system calls that nobody asks for are not captured, so a short run counts them.
 */
export async function paceOf(
  rate: number,
  work: Work["work"],
  rules: readonly string[],
): Promise<Pace> {
  if (rate === 0) return UNPACED;
  const counting = { work, seconds: COUNTING_SECONDS, pace: UNPACED };
  const { captured, watched } = await runCaptured(counting, rules);
  return { rate, eventsPerRound: (watched.events + watched.drops.total) / captured.rounds };
}

export async function runAlone(work: Work): Promise<Observed> {
  const program = await ObservedProgram.start(work);
  try {
    return await program.run();
  } finally {
    program.close();
  }
}

export async function runCaptured(
  work: Work,
  rules: readonly string[],
  onAlerts?: (text: string, ns: number) => void,
): Promise<Omit<Pair, "alone">> {
  const program = await ObservedProgram.start(work);
  try {
    const { pid } = program;
    const listening = onAlerts === undefined ? {} : { onAlerts };
    const watcher = await Watcher.start({ rules, pid, ...listening });
    try {
      const before = watcher.cpu();
      const captured = await program.run();
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const after = watcher.cpu();
      const [agent, engine] = [
        since(before.agent, after.agent),
        since(before.engine, after.engine),
      ];
      return { captured, agent, engine, watched: await watcher.stop() };
    } finally {
      watcher.close();
    }
  } finally {
    program.close();
  }
}
