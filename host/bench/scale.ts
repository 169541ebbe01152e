/**
 * How throughput falls with the number of rules and packs: rules of the shapes that a user's own
 * have (generate-rules.ts), for the events that theirs are for, and for events that the workload
 * does not have. The latter must cost nothing.
 */

import type { RulesFile } from "../compile/check.ts";
import { EVENTS } from "../schema/events.ts";
import { MATCHES_MAX } from "../schema/memory.ts";
import { generateRules, generateUnrelated, type Shapes } from "./generate-rules.ts";
import { withoutOutput } from "./pack-variant.ts";
import { type Rate, rateOf } from "./rate.ts";
import { type Figure, figure } from "./statistics.ts";
import { measureThroughput, type ThroughputOptions, type Variant } from "./throughput.ts";
import { eventTypes, type Workload } from "./workload.ts";

export type Series = "rules" | "unrelated rules" | "packs";

export interface ScalePoint {
  readonly series: Series;
  /** Rules, or packs. */
  readonly count: number;
  readonly packs: number;
  readonly nsPerEvent: Figure;
  readonly eventsPerSecond: Rate;
}

export interface Scale {
  /** Shapes that were varied. */
  readonly shapes: number;
  readonly rulesPerPack: number;
  readonly points: readonly ScalePoint[];
}

export interface ScaleOptions extends ThroughputOptions {
  readonly shapes: Shapes;
  readonly rulesMax: number;
  readonly packsMax: number;
  readonly compile: (file: RulesFile) => Promise<Uint8Array>;
}

/** Rules of each pack where the number of packs grows. */
const RULES_PER_PACK = 10;
/** Few engines at a time: each has windows of its own, and each pack a memory. */
const TOGETHER = 4;
const UNRELATED_MAX = 1_000;

interface Planned {
  readonly series: Series;
  readonly count: number;
  readonly packs: readonly Uint8Array[];
}

export async function measureScale(options: ScaleOptions): Promise<Scale> {
  const { shapes, workload } = options;
  const planned = [
    ...(await rulePacks(options)),
    ...(await unrelatedPacks(options, absentTypes(workload))),
    ...(await manyPacks(options)),
  ];
  const points: ScalePoint[] = [];
  for (let at = 0; at < planned.length; at += TOGETHER) {
    points.push(...(await measurePoints(planned.slice(at, at + TOGETHER), options)));
  }
  return { shapes: shapes.rules.length, rulesPerPack: RULES_PER_PACK, points };
}

async function measurePoints(
  planned: readonly Planned[],
  options: ScaleOptions,
): Promise<readonly ScalePoint[]> {
  const variants: readonly Variant[] = planned.map(({ series, count, packs }) => ({
    name: `${series} ${String(count)}`,
    packs,
  }));
  const samples = await measureThroughput(variants, options);
  return planned.map(({ series, count, packs }) => {
    const nsPerEvent = figure(samples.get(`${series} ${String(count)}`) ?? []);
    return { series, count, packs: packs.length, nsPerEvent, eventsPerSecond: rateOf(nsPerEvent) };
  });
}

/** 1, 3, 10, 30 … up to `most`, which is always among them. */
function steps(most: number): readonly number[] {
  const found = [1];
  for (let next = 3; next < most; next = found.length % 2 === 0 ? (next / 3) * 10 : next * 3) {
    found.push(next);
  }
  return most > 1 ? [...found, most] : found;
}

async function rulePacks({ shapes, rulesMax, compile }: ScaleOptions): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const count of steps(rulesMax)) {
    const parts = Math.ceil(count / MATCHES_MAX);
    const each = Math.ceil(count / parts);
    const packs: Uint8Array[] = [];
    for (let from = 0; from < count; from += each) {
      const file = generateRules(shapes, Math.min(each, count - from), from);
      packs.push(withoutOutput(await compile(file)));
    }
    planned.push({ series: "rules", count, packs });
  }
  return planned;
}

async function unrelatedPacks(
  { shapes, rulesMax, compile }: ScaleOptions,
  types: readonly string[],
): Promise<readonly Planned[]> {
  if (types.length === 0) return [];
  const base = generateRules(shapes, shapes.rules.length);
  const planned: Planned[] = [];
  for (const count of steps(Math.min(rulesMax, UNRELATED_MAX))) {
    const more = generateUnrelated(shapes, count, types);
    const pack = await compile({ name: more.name, text: base.text + more.text });
    planned.push({ series: "unrelated rules", count, packs: [withoutOutput(pack)] });
  }
  return planned;
}

/** The same pack many times: each instance has its own memory, caches and calls. */
async function manyPacks({ shapes, packsMax, compile }: ScaleOptions): Promise<readonly Planned[]> {
  const pack = withoutOutput(await compile(generateRules(shapes, RULES_PER_PACK)));
  return steps(packsMax).map((count) => ({
    series: "packs",
    count,
    packs: Array.from({ length: count }, () => pack),
  }));
}

/** Names of system call events that the workload does not have. */
function absentTypes(workload: Workload): readonly string[] {
  const present = eventTypes(workload);
  return EVENTS.filter(
    ({ kind, code }) => kind === "syscall" && code % 2 === 1 && !present.has(code),
  )
    .map(({ name }) => name)
    .filter((name, i, all) => all.indexOf(name) === i)
    .filter((name) => !EVENTS.some((event) => event.name === name && present.has(event.code)));
}
