/**
 * Plots of measurements as SVG text. The chart library and the document it draws into are loaded
 * here and nowhere else, because a running agent needs neither.
 */
import type * as PlotLibrary from "@observablehq/plot";

type Plot = typeof PlotLibrary;
type PlotOptions = PlotLibrary.PlotOptions;

/** Where several lines share a plot; distinct also for eyes that tell red from green badly. */
export const COLORS = ["#0b62a4", "#d9730d", "#4a8b3b", "#8a4fa3"] as const;
const WIDTH = 860;
/** The library's own, where a plot names none. */
const MARGIN_LEFT = 40;
const TITLE_AT = 16;
const INK = "#24292f";
const FAINT = "#6e7781";

/** The chart library is not installed. */
export class PlotError extends Error {
  override readonly name = "PlotError";
}

export interface Drawing {
  readonly title: string;
  /** What was measured, on what. */
  readonly subtitle: string;
  readonly options: (plot: Plot) => PlotOptions;
}

/** What the library returns, as far as it is used here; the types of a browser are not. */
interface Drawn {
  setAttribute(name: string, value: string): void;
  readonly outerHTML: string;
}

/** A plot and the figures in it, under one name. */
export interface Plotted {
  readonly name: string;
  readonly drawing: Drawing;
  readonly figures: unknown;
}

/** Throws PlotError without the library. */
export async function drawSvg({ title, subtitle, options }: Drawing): Promise<string> {
  const { plot, document } = await loadLibrary();
  const chosen = options(plot);
  const svg = plot.plot({
    document: document as never,
    width: WIDTH,
    marginTop: 72,
    marginRight: 40,
    marginBottom: 48,
    style: {
      fontSize: "13px",
      fontFamily: 'system-ui, "DejaVu Sans", sans-serif',
      color: INK,
      background: "white",
    },
    ...chosen,
    marks: [
      ...(chosen.marks ?? []),
      ...heading(plot, { title, subtitle }, (chosen.marginLeft ?? MARGIN_LEFT) - TITLE_AT),
    ],
  }) as unknown as Drawn;
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  // Not every program that shows SVG takes a background from a style, or a color from a variable.
  const paper = '<rect width="100%" height="100%" fill="white"/>';
  const text = svg.outerHTML.replaceAll("var(--plot-background)", "white");
  return `${text.replace("</style>", `</style>${paper}`)}\n`;
}

/** `left`: from the frame to where the heading begins. */
function heading(
  plot: Plot,
  { title, subtitle }: Pick<Drawing, "title" | "subtitle">,
  left: number,
): PlotLibrary.Markish[] {
  const place = {
    frameAnchor: "top-left",
    textAnchor: "start",
    lineAnchor: "top",
    dx: -left,
  } as const;
  return [
    plot.text([title], { ...place, dy: -62, fontSize: 17, fontWeight: "bold" }),
    plot.text([subtitle], { ...place, dy: -37, fontSize: 12, fill: FAINT }),
  ];
}

async function loadLibrary(): Promise<{ readonly plot: Plot; readonly document: object }> {
  try {
    const [plot, { parseHTML }] = await Promise.all([
      import("@observablehq/plot"),
      import("linkedom"),
    ]);
    const page = parseHTML("<!doctype html><body></body>") as unknown as {
      readonly document: object;
    };
    return { plot, document: page.document };
  } catch (cause) {
    const message =
      "plots need two more packages: npm install @observablehq/plot@0.6.17 linkedom@0.18.12";
    throw new PlotError(message, { cause });
  }
}
