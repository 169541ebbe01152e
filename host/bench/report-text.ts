/** A measurement as text. */
import type { Rate } from "./rate.ts";
import type { BenchReport, RuleSetReport } from "./report.ts";
import type { RuleCosts } from "./rule-costs.ts";
import type { Scale } from "./scale.ts";
import type { Figure } from "./statistics.ts";

const RULES_SHOWN = 15;
const PREDICATES_SHOWN = 15;
const TEXT_SHOWN = 72;
const MILLION = 1e6;

export function reportText(report: BenchReport): string {
  const { capture, machine, state, sets } = report;
  const left = capture.left > 0 ? `; ${String(capture.left)} more do not fit into memory` : "";
  return [
    `${capture.file}: ${String(capture.events)} events${left}`,
    `${machine.cpu}, ${String(machine.cpus)} CPUs, load ${machine.load.toFixed(1)}, ` +
      `Linux ${machine.kernel}, Node ${machine.node}`,
    "",
    `state alone: ${rateText(state.eventsPerSecond)}`,
    ...sets.flatMap(setLines),
    ...comparisonLines(sets),
    ...(report.costs === undefined ? [] : costLines(report.costs)),
    ...latencyLines(report),
    ...(report.scale === undefined ? [] : scaleLines(report.scale)),
    "",
  ].join("\n");
}

function setLines({ name, rules, eventsPerSecond, nsPerEvent }: RuleSetReport): readonly string[] {
  return [
    "",
    `${name}: ${String(rules)} rules, ${rateText(eventsPerSecond)}`,
    "  ns per event       median     best   spread",
    ...Object.entries(nsPerEvent).map(([part, cost]) => figureLine(part, cost as Figure)),
  ];
}

function rateText({ best, median }: Rate): string {
  const millions = (rate: number): string => (rate / MILLION).toFixed(2);
  return `${millions(median)} million events/s (best ${millions(best)})`;
}

function figureLine(name: string, { median, best, spread }: Figure): string {
  return `  ${name.padEnd(16)}${column(median)}${column(best)}${column(spread)}`;
}

function column(ns: number, digits = 1): string {
  return ns.toFixed(digits).padStart(9);
}

/** What the second set costs above the first. */
function comparisonLines([first, second]: readonly RuleSetReport[]): readonly string[] {
  if (first === undefined || second === undefined) return [];
  const change = (part: keyof RuleSetReport["nsPerEvent"]): string => {
    const [a, b] = [first.nsPerEvent[part], second.nsPerEvent[part]];
    const noise = a.spread + b.spread;
    const difference = b.median - a.median;
    const isNoise = Math.abs(difference) <= noise ? "  within the noise" : "";
    return `  ${part.padEnd(16)}${signed(difference)} ± ${noise.toFixed(1)} ns${isNoise}`;
  };
  const parts = ["total", "dispatch", "rules", "alerts"] as const;
  return ["", `${second.name} compared with ${first.name}, per event:`, ...parts.map(change)];
}

function signed(ns: number): string {
  return `${ns >= 0 ? "+" : "−"}${Math.abs(ns).toFixed(1)}`.padStart(9);
}

function costLines(costs: RuleCosts): readonly string[] {
  return [...ruleLines(costs), ...predicateLines(costs), ...cacheLines(costs)];
}

function ruleLines({ rules }: RuleCosts): readonly string[] {
  const reached = rules.filter(({ asked }) => asked > 0);
  const dearest = reached.toSorted((a, b) => b.saves.ns - a.saves.ns || b.alone.ns - a.alone.ns);
  return [
    "",
    "Cost per rule, ns per event: what leaving it out saves, and what it costs alone",
    "    saves     ±    alone  asked/event  true",
    ...dearest.slice(0, RULES_SHOWN).map(({ rule, alone, saves, asked, selectivity }) => {
      const figures = `${column(saves.ns, 2)}${saves.spread.toFixed(2).padStart(6)}`;
      const rates = `${asked.toFixed(5).padStart(13)}${share(selectivity).padStart(9)}`;
      return `${figures}${column(alone.ns, 2)}${rates}  ${rule}`;
    }),
    ...more(dearest.length, RULES_SHOWN, "rules"),
    `  ${String(rules.length - reached.length)} rules were never evaluated`,
  ];
}

function predicateLines({ predicates, accounted, overhead }: RuleCosts): readonly string[] {
  const busiest = predicates
    .filter(({ each }) => each !== null)
    .toSorted((a, b) => b.perEvent - a.perEvent);
  return [
    "",
    `Cost per predicate: ${accounted.toFixed(1)} ns per event in all; calls and caches come on top ` +
      `(counting cost ${overhead.median.toFixed(1)} ns, not included)`,
    " ns/event  ns each     ±  asked/event     true  kept for",
    ...busiest.slice(0, PREDICATES_SHOWN).map((cost) => {
      const { each, perEvent, asked, selectivity, lifetime, predicate } = cost;
      const spread = (each?.spread ?? 0).toFixed(1).padStart(6);
      const rates = `${asked.toFixed(5).padStart(13)}${share(selectivity).padStart(9)}`;
      const figures = `${column(perEvent, 2)}${column(each?.median ?? 0)}${spread}`;
      return `${figures}${rates}  ${lifetime.padEnd(10)} ${cut(predicate)}`;
    }),
    ...more(busiest.length, PREDICATES_SHOWN, "predicates"),
  ];
}

function cacheLines({ caches }: RuleCosts): readonly string[] {
  return [
    "",
    "Remembered answers  conditions  asked/event  from the cache",
    ...caches.map(({ lifetime, conditions, asked, hits }) => {
      const figures = `${String(conditions).padStart(14)}${asked.toFixed(3).padStart(13)}`;
      return `  ${lifetime.padEnd(14)}${figures}${share(hits).padStart(16)}`;
    }),
  ];
}

function more(count: number, shown: number, what: string): readonly string[] {
  return count > shown ? [`  … and ${String(count - shown)} more ${what} in the JSON`] : [];
}

function share(value: number | null): string {
  if (value === null) return "–";
  return value > 0 && value < 0.0001 ? value.toExponential(1) : `${(100 * value).toFixed(2)} %`;
}

function cut(text: string): string {
  return text.length <= TEXT_SHOWN ? text : `${text.slice(0, TEXT_SHOWN - 1)}…`;
}

const QUANTILES_SHOWN = [0.5, 0.9, 0.99, 0.999, 0.9999] as const;

function latencyLines({ latency }: BenchReport): readonly string[] {
  if (latency.length === 0) return [];
  const head = QUANTILES_SHOWN.map((share) => `p${String(100 * share)}`.padStart(9)).join("");
  return [
    "",
    `Single events, ns (a look at the clock and the call, ` +
      `${String(Math.round(latency[0]?.clock ?? 0))} ns or more, are in it)`,
    `  ${"".padEnd(24)}${head}`,
    ...latency.map(({ name, quantiles }) => {
      const columns = QUANTILES_SHOWN.map((share) => {
        const found = quantiles.find((one) => Math.abs(one.share - share) < 1e-9);
        return found === undefined ? "–".padStart(9) : column(found.ns, 0);
      });
      return `  ${name.padEnd(24)}${columns.join("")}`;
    }),
  ];
}

function scaleLines({ points, shapes, rulesPerPack }: Scale): readonly string[] {
  return [
    "",
    `Copies of ${String(shapes)} rules; ${String(rulesPerPack)} rules a pack where packs grow`,
    ...points.map(({ series, count, packs, eventsPerSecond }) => {
      const what = `${String(count)} ${series}`.padEnd(24);
      return `  ${what}${rateText(eventsPerSecond)}, packs: ${String(packs)}`;
    }),
  ];
}
