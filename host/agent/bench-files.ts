/** Plots and figures of a measurement as files of one folder. */
import { join } from "node:path";
import { latencyPlot, predicateCostPlot, ruleCostPlot } from "../bench/cost-plots.ts";
import { drawSvg, PlotError, type Plotted } from "../bench/plots.ts";
import type { BenchReport } from "../bench/report.ts";
import { makeFolder } from "../files/make-folder.ts";
import { writeOutput } from "../files/output-file.ts";
import { scalePlots } from "./bench-scale.ts";
import { AgentError, EXIT } from "./io.ts";

export function plotsOf(report: BenchReport): readonly Plotted[] {
  const { costs, latency, scale, ...measured } = report;
  const plots: Plotted[] = [];
  if (costs !== undefined) {
    const { rules, predicates, ...rest } = costs;
    const figures = { ...measured, costs: { ...rest, rules } };
    plots.push({ name: "cost-per-rule", drawing: ruleCostPlot(costs, report), figures });
    plots.push({
      name: "cost-per-predicate",
      drawing: predicateCostPlot(costs, report),
      figures: { ...measured, costs: { ...rest, predicates } },
    });
  }
  if (latency.length > 0) {
    plots.push({
      name: "latency",
      drawing: latencyPlot(report),
      figures: { ...measured, latency },
    });
  }
  return [...plots, ...(scale === undefined ? [] : scalePlots(scale, report))];
}

/** Writes NAME.svg and NAME.json for each. Throws AgentError. */
export async function writePlots(folder: string, plots: readonly Plotted[]): Promise<void> {
  try {
    makeFolder(folder, 0o777);
    for (const { name, drawing, figures } of plots) {
      writeOutput(join(folder, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
      writeOutput(join(folder, `${name}.svg`), await drawSvg(drawing));
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = cause instanceof PlotError ? reason : `cannot write plots: ${reason}`;
    throw new AgentError(EXIT.usage, message, { cause });
  }
}
