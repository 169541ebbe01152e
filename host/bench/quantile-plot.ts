/** How long things take against the share of them that take longer: the slow end in full view. */
import { COLORS, type Drawing } from "./plots.ts";

export interface QuantileSeries {
  readonly name: string;
  /** ns at these shares of all, ascending. */
  readonly quantiles: readonly { readonly share: number; readonly ns: number }[];
}

/** Towards the slow end ten steps for each power of ten. */
const STEPS_PER_DECADE = 10;

const HEIGHT = 460;
/** Without the margins above and below. */
const FRAME_HEIGHT = HEIGHT - 120;
const NAME_HEIGHT = 16;

/** 0.1 to 0.9, then closer and closer to 1: 0.9, 0.921 … 0.99, … up to a single one of `count`. */
export function tailShares(count: number): readonly number[] {
  const even = Array.from({ length: 9 }, (_, i) => (i + 1) / 10);
  const tenths = Math.floor((Math.log10(count) - 1) * STEPS_PER_DECADE + 1e-9);
  const close = Array.from(
    { length: Math.max(0, tenths) },
    (_, i) => 1 - 10 ** -(1 + (i + 1) / STEPS_PER_DECADE),
  );
  return [...even, ...close];
}

/** `what` takes the time, in the plural. */
export function quantilePlot(
  series: readonly QuantileSeries[],
  {
    title,
    subtitle,
    what,
  }: { readonly title: string; readonly subtitle: string; readonly what: string },
): Drawing {
  const points = series.flatMap(({ name, quantiles }) =>
    quantiles.map(({ share, ns }) => ({ name, slower: 1 - share, ns })),
  );
  const ends = series.flatMap(({ name, quantiles }) => {
    const last = quantiles.at(-1);
    return last === undefined ? [] : [{ name, slower: 1 - last.share, ns: last.ns }];
  });
  const times = points.map(({ ns }) => ns);
  const slowest = Math.min(...points.map(({ slower }) => slower));
  return {
    title,
    subtitle,
    options: (plot) => ({
      height: HEIGHT,
      marginLeft: 70,
      marginRight: 200,
      x: {
        type: "log",
        label: `share of ${what} that take longer`,
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
        ticks: timeTicks(Math.min(...times), Math.max(...times)),
        tickFormat: timeTick,
      },
      color: { domain: series.map(({ name }) => name), range: [...COLORS] },
      marks: [
        plot.line(points, { x: "slower", y: "ns", stroke: "name", strokeWidth: 2 }),
        ...apart(ends, Math.log(Math.max(...times) / Math.min(...times))).map(({ end, dy }) =>
          plot.text([end], {
            x: "slower",
            y: "ns",
            text: "name",
            fill: "name",
            textAnchor: "start",
            dx: 6,
            dy,
            fontWeight: "bold",
          }),
        ),
      ],
    }),
  };
}

/** How far names move down so that none covers another; `logs` is the height of the plot. */
function apart<End extends { readonly ns: number }>(
  ends: readonly End[],
  logs: number,
): readonly { readonly end: End; readonly dy: number }[] {
  let free = Number.NEGATIVE_INFINITY;
  const sorted = ends.toSorted((a, b) => b.ns - a.ns);
  return sorted.map((end) => {
    const at = (Math.log((sorted[0]?.ns ?? 1) / end.ns) / logs) * FRAME_HEIGHT;
    const dy = Math.max(0, free - at);
    free = at + dy + NAME_HEIGHT;
    return { end, dy };
  });
}

/** Powers of ten from `least` to `most`. */
export function decades(least: number, most: number): readonly number[] {
  const first = Math.ceil(Math.log10(least) - 1e-6);
  const last = Math.floor(Math.log10(most) + 1e-6);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}

/** Powers of ten, and 2 and 5 of each where there are few. */
function timeTicks(least: number, most: number): readonly number[] {
  const powers = decades(least, most);
  if (powers.length > 3) return powers;
  return decades(least / 10, most)
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((tick) => tick >= least && tick <= most);
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
