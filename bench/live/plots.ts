/** The live figures as pictures: cost against pace, and latency. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type * as PlotLibrary from "@observablehq/plot";
import type { Machine } from "../../host/bench/machine.ts";
import { COLORS, type Drawing, drawSvg } from "../../host/bench/plots.ts";
import { quantilePlot, tailShares } from "../../host/bench/quantile-plot.ts";
import { type Figure, figure, quantile } from "../../host/bench/statistics.ts";
import type { Section } from "../report/section.ts";
import { eventsPerSecond, kernelNsPerEvent, type Pair, userNsPerEvent } from "./cost.ts";
import type { Latencies } from "./markers.ts";
import type { Part } from "./plan.ts";
import { KEPT } from "./ramp.ts";

const TICKS = [20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000];
const SERIES = ["user space", "kernel"] as const;

interface Point {
  readonly series: (typeof SERIES)[number];
  readonly rate: number;
  readonly ns: Figure;
}

/** Writes those that the measured parts have figures for. */
export async function writePlots(folder: string, parts: readonly Part[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { section, details } of parts) {
    const drawing = drawingOf(section, details);
    if (drawing === undefined) continue;
    const name = section.title.replace(": ", "-");
    writeFileSync(path.join(folder, `${name}.svg`), await drawSvg(drawing));
  }
}

function drawingOf(section: Section, details: object): Drawing | undefined {
  const where = measuredOn(section);
  if (section.title === "live: rates") {
    return costByRate(details as readonly Paced[], where);
  }
  if (section.title === "live: latency") {
    return latencyPlot(details as readonly NamedLatencies[], where);
  }
  return undefined;
}

function measuredOn({ setting, machine }: Section): string {
  return `${setting.replace(/ \([0-9a-f]+\)$/, "")}, ${machineName(machine)}`;
}

function machineName({ cpu, cpus, kernel, node }: Machine): string {
  const release = kernel.split("-")[0] ?? kernel;
  return `${cpu}, ${String(cpus)} CPUs, Linux ${release}, Node ${node}`;
}

interface NamedLatencies {
  readonly name: string;
  readonly runs: readonly Latencies[];
}

function latencyPlot(found: readonly NamedLatencies[], where: string): Drawing {
  const series = found.map(({ name, runs }) => {
    const all = runs.flatMap(({ ns }) => ns).sort((a, b) => a - b);
    const quantiles = tailShares(all.length).map((share) => ({ share, ns: quantile(all, share) }));
    return { name, quantiles };
  });
  return quantilePlot(series, {
    title: "From system call to alert",
    subtitle: `right before the call to the line at the reader, ${where}`,
    what: "alerts",
  });
}

interface Paced {
  readonly rate: number;
  readonly pairs: readonly Pair[];
}

/** A pace that the loop cannot keep is left out: it is the unpaced loop once more. */
function costByRate(scenarios: readonly Paced[], where: string): Drawing {
  const points = scenarios
    .flatMap(({ rate: asked, pairs }): readonly Point[] => {
      const rate = figure(pairs.map(eventsPerSecond)).median;
      if (rate < asked * KEPT) return [];
      return [
        { series: "user space", rate, ns: figure(pairs.map(userNsPerEvent)) },
        { series: "kernel", rate, ns: figure(pairs.map(kernelNsPerEvent)) },
      ];
    })
    .sort((a, b) => a.rate - b.rate);
  const most = Math.max(...points.map(({ ns }) => ns.median + ns.spread));
  const rates = points.map(({ rate }) => rate);
  const [first, last] = [Math.min(...rates) * 0.85, Math.max(...rates) * 1.15];
  return {
    title: "CPU time of an event against events per second, ns",
    subtitle: `a loop of open, read and close, ${where}`,
    options: (plot) => ({
      height: 460,
      marginLeft: 60,
      marginRight: 120,
      x: {
        type: "log",
        label: "events per second; the last as fast as the loop can",
        domain: [first, last],
        ticks: TICKS.filter((tick) => tick >= first && tick <= last),
        tickFormat: (rate: number) => rate.toLocaleString("en"),
        labelArrow: "none",
        labelAnchor: "center",
      },
      y: { label: null, domain: [0, most * 1.1], grid: true },
      color: { domain: [...SERIES], range: [...COLORS] },
      marks: costMarks(plot, points),
    }),
  };
}

function costMarks(plot: typeof PlotLibrary, points: readonly Point[]): PlotLibrary.Markish[] {
  const ns = ({ ns: { median } }: Point): number => median;
  const last = Math.max(...points.map(({ rate }) => rate));
  return [
    plot.ruleX(points, {
      x: "rate",
      y1: ({ ns: { median, spread } }: Point) => median - spread,
      y2: ({ ns: { median, spread } }: Point) => median + spread,
      stroke: "series",
      strokeOpacity: 0.5,
      strokeWidth: 2,
    }),
    plot.line(points, { x: "rate", y: ns, stroke: "series", strokeWidth: 2 }),
    plot.dot(points, { x: "rate", y: ns, fill: "series", r: 3.5 }),
    ...SERIES.map((series, i) =>
      plot.text(
        points.filter((point) => point.series === series),
        {
          x: "rate",
          y: ns,
          text: ({ ns: { median } }: Point) => Math.round(median).toLocaleString("en"),
          // Where lines cross, the numbers of both stay apart.
          dy: i === 0 ? -12 : 14,
          dx: 14,
          fill: "series",
          fontSize: 11,
        },
      ),
    ),
    plot.text(
      points.filter(({ rate }) => rate === last),
      {
        x: "rate",
        y: ns,
        text: "series",
        fill: "series",
        textAnchor: "start",
        dx: 30,
        fontWeight: "bold",
      },
    ),
    plot.ruleY([0]),
  ];
}
