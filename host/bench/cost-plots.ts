/** The plots of one measurement: cost per rule, cost per predicate, single events. */
import { COLORS, type Drawing } from "./plots.ts";
import { quantilePlot } from "./quantile-plot.ts";
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
  const clock = report.latency[0]?.clock ?? 0;
  return quantilePlot(report.latency, {
    title: "Single events",
    subtitle: `time in the engine, a look at the clock (${clock.toFixed(0)} ns) included, ${measuredOn(report)}`,
    what: "events",
  });
}

export function measuredOn({ capture, machine }: BenchReport): string {
  const file = capture.file.split("/").at(-1) ?? capture.file;
  return `${file} (${capture.events.toLocaleString("en")} events), ${machine.cpu}, Node ${machine.node}`;
}
