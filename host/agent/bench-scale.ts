/** Throughput against the number of rules and packs, for `lanner bench --scale`. */

import { measuredOn } from "../bench/cost-plots.ts";
import { shapesOf } from "../bench/generate-rules.ts";
import type { Plotted } from "../bench/plots.ts";
import type { BenchReport } from "../bench/report.ts";
import { measureScale, type Scale } from "../bench/scale.ts";
import { packScalePlot, ruleScalePlot } from "../bench/scale-plots.ts";
import type { Workload } from "../bench/workload.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";
import { Notices } from "./notices.ts";
import { compilePack } from "./packs.ts";
import { cacheFolder } from "./paths.ts";
import type { Prepared } from "./prepare.ts";
import type { RuleFile } from "./rule-files.ts";

export interface ScaleRequest {
  readonly files: readonly RuleFile[];
  readonly prepared: Prepared;
  readonly workload: Workload;
  readonly rounds: number;
  readonly rulesMax: number;
}

const PACKS_MAX = 100;

/** Throws AgentError when the rules cannot be varied. */
export async function scale(request: ScaleRequest, io: AgentIo): Promise<Scale> {
  const { files, prepared, workload, rounds, rulesMax } = request;
  const notices = new Notices(io.err);
  const cache = cacheFolder(io.environment);
  return await measureScale({
    shapes: shapes(files),
    workload,
    session: prepared.engine,
    rounds,
    rulesMax,
    packsMax: PACKS_MAX,
    compile: (file) => compilePack([file], { cache, notices }),
  });
}

function shapes(files: readonly RuleFile[]): ReturnType<typeof shapesOf> {
  try {
    return shapesOf(files);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AgentError(EXIT.usage, `cannot vary the rules: ${cause.message}`, { cause });
  }
}

export function scalePlots(measured: Scale, report: BenchReport): readonly Plotted[] {
  const { points, ...rest } = measured;
  const where = measuredOn(report);
  const { date, machine, capture } = report;
  const around = { date, machine, capture, ...rest };
  const of = (wanted: (series: string) => boolean): object => ({
    ...around,
    points: points.filter(({ series }) => wanted(series)),
  });
  return [
    {
      name: "throughput-by-rules",
      drawing: ruleScalePlot(measured, where),
      figures: of((series) => series !== "packs"),
    },
    {
      name: "throughput-by-packs",
      drawing: packScalePlot(measured, where),
      figures: of((series) => series === "packs"),
    },
  ];
}
