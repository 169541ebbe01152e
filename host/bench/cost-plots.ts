/** The plots of one measurement: cost per rule, cost per predicate, single events. */
import { COLORS, type Drawing } from "./plots.ts";
import type { BenchReport } from "./report.ts";
import type { RuleCosts } from "./rule-costs.ts";

const BARS_MAX = 30;
const BAR_HEIGHT = 22;
const LABEL_CHARACTERS = 54;
const LABEL_WIDTH = 400;
/** What is less than this share of the longest bar would not be seen. */
const SEEN = 1 / 400;

interface Bar {
  readonly label: string;
  readonly ns: number;
  readonly spread: number;
}

export function ruleCostPlot(costs: RuleCosts, report: BenchReport): Drawing {
  const bars = costs.rules.map(({ rule, saves }) => ({
    label: rule,
    ns: saves.ns,
    spread: saves.spread,
  }));
  return barPlot(bars, {
    title: "Cost per rule",
    subtitle: `what leaving the rule out saves, ${measuredOn(report)}`,
    what: "rules",
  });
}

export function predicateCostPlot(costs: RuleCosts, report: BenchReport): Drawing {
  const bars = costs.predicates.map(({ predicate, perEvent, asked, each }) => ({
    label: predicate,
    ns: perEvent,
    spread: (each?.spread ?? 0) * asked,
  }));
  return barPlot(bars, {
    title: "Cost per predicate",
    subtitle: `all its computations, ${measuredOn(report)}`,
    what: "predicates",
  });
}

/** The dearest, longest first; the rest is told in words. */
function barPlot(
  bars: readonly Bar[],
  {
    title,
    subtitle,
    what,
  }: { readonly title: string; readonly subtitle: string; readonly what: string },
): Drawing {
  const sorted = bars.toSorted((a, b) => b.ns - a.ns);
  const least = (sorted[0]?.ns ?? 0) * SEEN;
  const shown = distinct(sorted.filter(({ ns }) => ns > least).slice(0, BARS_MAX));
  const others = bars.length - shown.length;
  const rest = others > 0 ? `; ${String(others)} more ${what} cost less` : "";
  const end = Math.max(...shown.map(({ ns, spread }) => ns + spread), 0);
  return {
    title,
    subtitle: `${subtitle}${rest}`,
    options: (plot) => ({
      height: 72 + 48 + BAR_HEIGHT * Math.max(shown.length, 1),
      marginLeft: LABEL_WIDTH,
      x: { label: "ns per event", grid: true, domain: [0, end * 1.12 || 1], labelArrow: "none" },
      y: { label: null, domain: shown.map(({ label }) => label), padding: 0.28 },
      marks: [
        plot.barX(shown, { x: "ns", y: "label", fill: COLORS[0] }),
        plot.ruleY(shown, {
          x1: ({ ns, spread }: Bar) => Math.max(0, ns - spread),
          x2: ({ ns, spread }: Bar) => ns + spread,
          y: "label",
          stroke: "#24292f",
          strokeWidth: 1.5,
        }),
        plot.text(shown, {
          x: ({ ns, spread }: Bar) => ns + spread,
          y: "label",
          text: ({ ns }: Bar) => ns.toFixed(ns < 1 ? 2 : 1),
          textAnchor: "start",
          dx: 6,
          fontSize: 11,
        }),
        plot.ruleX([0]),
      ],
    }),
  };
}

/** Labels cut to what fits beside the bars, each different from the others. */
function distinct(bars: readonly Bar[]): readonly Bar[] {
  const seen = new Set<string>();
  return bars.map((bar) => {
    let label = cut(bar.label);
    for (let again = 2; seen.has(label); again++) label = `${cut(bar.label)} (${String(again)})`;
    seen.add(label);
    return { ...bar, label };
  });
}

function cut(text: string): string {
  return text.length <= LABEL_CHARACTERS ? text : `${text.slice(0, LABEL_CHARACTERS - 1)}…`;
}

/** Time of single events against the share of events that are slower. */
export function latencyPlot(report: BenchReport): Drawing {
  const points = report.latency.flatMap(({ name, quantiles }) =>
    quantiles.map(({ share, ns }) => ({ name, slower: 1 - share, ns })),
  );
  const ends = report.latency.flatMap(({ name, quantiles }) => {
    const last = quantiles.at(-1);
    return last === undefined ? [] : [{ name, slower: 1 - last.share, ns: last.ns }];
  });
  const clock = report.latency[0]?.clock ?? 0;
  const times = points.map(({ ns }) => ns);
  const slowest = Math.min(...points.map(({ slower }) => slower));
  return {
    title: "Single events",
    subtitle: `time in the engine, a look at the clock (${clock.toFixed(0)} ns) included, ${measuredOn(report)}`,
    options: (plot) => ({
      height: 460,
      marginLeft: 70,
      marginRight: 160,
      x: {
        type: "log",
        label: "share of events that take longer",
        domain: [0.9, slowest],
        ticks: decades(slowest, 0.5),
        grid: true,
        tickFormat: shareTick,
        labelArrow: "none",
        labelAnchor: "center",
      },
      y: {
        type: "log",
        label: null,
        grid: true,
        ticks: decades(Math.min(...times), Math.max(...times)),
        tickFormat: timeTick,
      },
      color: { domain: report.latency.map(({ name }) => name), range: [...COLORS] },
      marks: [
        plot.line(points, { x: "slower", y: "ns", stroke: "name", strokeWidth: 2 }),
        plot.text(ends, {
          x: "slower",
          y: "ns",
          text: "name",
          fill: "name",
          textAnchor: "start",
          dx: 6,
          fontWeight: "bold",
        }),
      ],
    }),
  };
}

/** Powers of ten from `least` to `most`. */
export function decades(least: number, most: number): readonly number[] {
  const first = Math.ceil(Math.log10(least) - 1e-6);
  const last = Math.floor(Math.log10(most) + 1e-6);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}

function shareTick(share: number): string {
  return share >= 0.001
    ? `${String(Number((share * 100).toPrecision(1)))} %`
    : `1 in ${inWords(1 / share)}`;
}

function inWords(count: number): string {
  return count >= 1e6
    ? `${String(Math.round(count / 1e6))} M`
    : Math.round(count).toLocaleString("en");
}

function timeTick(ns: number): string {
  if (ns >= 1e6) return `${String(ns / 1e6)} ms`;
  return ns >= 1e3 ? `${String(ns / 1e3)} µs` : `${String(ns)} ns`;
}

export function measuredOn({ capture, machine }: BenchReport): string {
  const file = capture.file.split("/").at(-1) ?? capture.file;
  return `${file} (${capture.events.toLocaleString("en")} events), ${machine.cpu}, Node ${machine.node}`;
}
