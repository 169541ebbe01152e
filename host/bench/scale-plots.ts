/** Throughput against the number of rules and of packs. */
import type * as Library from "@observablehq/plot";
import { COLORS, type Drawing } from "./plots.ts";
import { decades } from "./quantile-plot.ts";
import type { Scale, ScalePoint, Series } from "./scale.ts";

type PlotLibrary = typeof Library;
type Markish = Library.Markish;

const MILLION = 1e6;

/** `where`: workload and machine. */
export function ruleScalePlot(scale: Scale, where: string): Drawing {
  return linePlot(scale.points, {
    title: "Million events per second against the number of rules",
    subtitle: `copies of ${String(scale.shapes)} rules with other names and paths, ${where}`,
    x: "rules",
    series: [
      ["rules", "rules for these events"],
      ["unrelated rules", "more rules, for other events"],
    ],
  });
}

export function packScalePlot(scale: Scale, where: string): Drawing {
  return linePlot(scale.points, {
    title: "Million events per second against the number of packs",
    subtitle: `${String(scale.rulesPerPack)} rules in each, ${where}`,
    x: "packs",
    series: [["packs", "packs"]],
  });
}

interface Shown {
  readonly label: string;
  readonly count: number;
  /** Million events per second. */
  readonly median: number;
  readonly best: number;
}

interface LinePlot {
  readonly title: string;
  readonly subtitle: string;
  readonly x: string;
  readonly series: readonly (readonly [Series, string])[];
}

function linePlot(
  points: readonly ScalePoint[],
  { title, subtitle, x, series }: LinePlot,
): Drawing {
  const shown = series.flatMap(([name, label]) =>
    points
      .filter((point) => point.series === name)
      .map(({ count, eventsPerSecond: { best, median } }) => ({
        label,
        count,
        median: median / MILLION,
        best: best / MILLION,
      })),
  );
  const labels = series.map(([, label]) => label);
  const counts = shown.map(({ count }) => count);
  const most = Math.max(...shown.map(({ best }) => best), 0);
  return {
    title,
    subtitle,
    options: (plot) => ({
      height: 460,
      marginLeft: 56,
      marginRight: labels.length > 1 ? 230 : 60,
      x: {
        type: "log",
        label: x,
        domain: [1, Math.max(...counts)],
        ticks: decades(1, Math.max(...counts)),
        tickFormat: (count: number) => count.toLocaleString("en"),
        labelArrow: "none",
        labelAnchor: "center",
        insetLeft: 28,
        insetRight: 12,
      },
      y: {
        label: null,
        domain: [0, most * 1.08],
        grid: true,
      },
      color: { domain: labels, range: [...COLORS] },
      marks: lineMarks(plot, shown, labels),
    }),
  };
}

function lineMarks(
  plot: PlotLibrary,
  shown: readonly Shown[],
  labels: readonly string[],
): Markish[] {
  const ends = labels.flatMap(
    (label) => shown.filter((point) => point.label === label).at(-1) ?? [],
  );
  return [
    plot.link(shown, {
      x1: "count",
      x2: "count",
      y1: "median",
      y2: "best",
      stroke: "label",
      strokeOpacity: 0.5,
    }),
    plot.line(shown, { x: "count", y: "median", stroke: "label", strokeWidth: 2 }),
    plot.dot(shown, { x: "count", y: "median", fill: "label", r: 3.5 }),
    ...labels.map((label, i) =>
      plot.text(
        shown.filter((point) => point.label === label),
        {
          x: "count",
          y: "median",
          text: ({ median }: Shown) => median.toFixed(1),
          fill: "label",
          stroke: "white",
          strokeWidth: 3,
          // Where lines cross, the numbers of both stay apart.
          ...(i === 0 && labels.length > 1
            ? { dy: 13, dx: -6, textAnchor: "end" as const }
            : { dy: -11, dx: 8 }),
          fontSize: 11,
        },
      ),
    ),
    ...(labels.length > 1
      ? [
          plot.text(ends, {
            x: "count",
            y: "median",
            text: "label",
            fill: "label",
            textAnchor: "start",
            dx: 9,
            fontWeight: "bold",
          }),
        ]
      : []),
    plot.ruleY([0]),
  ];
}
