/**
 * The whole program as a user meets it: start with rules to compile and with rules compiled, memory
 * at its peak and at rest, start to the first alert, and size on disk.
 */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildLoop } from "./live/observed.ts";
import { inProject, nameOfRules } from "./report/files.ts";
import { BASELINE_OPTIONS, finish } from "./report/finish.ts";
import { cost, type Measured, type Section, section } from "./report/section.ts";
import { type AtRest, measureAtRest } from "./whole/at-rest.ts";
import { measureFirstAlert } from "./whole/first-alert.ts";
import { measureReplays } from "./whole/replays.ts";

const SHIPPED = ["assembly", "build/engine.wasm", "build/capture.bpf.o", "dist", "rules"];
const MB = 1e6;
const FULL = { colds: 3, warms: 9, firstAlerts: 9, rests: 3, restSeconds: 15 } as const;
const SHORT = { colds: 1, warms: 4, firstAlerts: 3, rests: 1, restSeconds: 4 } as const;

function sizeOnDisk(): readonly Measured[] {
  const sizes = SHIPPED.map((file) => {
    const line = execFileSync("du", ["-sb", inProject(file)], { encoding: "utf8" });
    return { file, mb: Number(line.split("\t")[0]) / MB };
  });
  const all = sizes.reduce((sum, { mb }) => sum + mb, 0);
  return [
    cost("size on disk, without packages of others", "MB", [all]),
    ...sizes.map(({ file, mb }) => cost(`size on disk, ${file}`, "MB", [mb])),
  ];
}

async function main(): Promise<void> {
  const none: string[] = [];
  const { values } = parseArgs({
    options: {
      ...BASELINE_OPTIONS,
      rules: { type: "string", short: "r", multiple: true, default: none },
      short: { type: "boolean", default: false },
    },
  });
  const rules = values.rules.map((file) => path.resolve(file));
  const setting = nameOfRules(rules);
  const plan = values.short ? SHORT : FULL;
  const replays = await measureReplays({ rules, ...plan });
  const disk = sizeOnDisk();
  const sections: Section[] = [section("whole: start and size", setting, [...replays, ...disk])];
  const live: { rest?: AtRest } = {};
  if (process.geteuid?.() === 0) {
    buildLoop();
    const first = await measureFirstAlert(rules, plan.firstAlerts);
    const { rests: runs, restSeconds } = plan;
    live.rest = await measureAtRest({ rules, runs, restSeconds });
    sections.push(section("whole: live", setting, [...first, ...live.rest.figures]));
  } else {
    console.log("Memory at rest and the first alert are left out: capturing needs root.");
  }
  finish("whole", sections, values, live);
}

await main();
