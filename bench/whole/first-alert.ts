/** From starting Lanner on a command, rules compiled, to the alert that the command raises. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MARKER_RULE } from "../live/markers.ts";
import { LANNER, rulesOrDefault } from "../report/files.ts";
import { cost, type Measured } from "../report/section.ts";

export async function measureFirstAlert(
  rules: readonly string[],
  runs: number,
): Promise<readonly Measured[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "lanner-bench-markers-"));
  const marker = path.join(folder, "lanner-marker-0");
  const rule = path.join(folder, "marker.yaml");
  writeFileSync(marker, "");
  writeFileSync(rule, MARKER_RULE);
  const files = [...rulesOrDefault(rules), rule].flatMap((file) => ["-r", file]);
  const command = [LANNER, "watch", ...files, "--", "cat", marker];
  try {
    // Compiles what was not yet.
    await firstAlertMs(command);
    const ms: number[] = [];
    for (let run = 0; run < runs; run++) ms.push(await firstAlertMs(command));
    return [cost("start to the first alert, live, compiled", "ms", ms)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function firstAlertMs(command: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "ignore"] });
  let ms = Number.NaN;
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (Number.isNaN(ms) && said.includes("lanner-marker-0")) ms = performance.now() - start;
  });
  await once(child, "close");
  if (Number.isNaN(ms)) throw new Error(`no alert came:\n${said}`);
  return ms;
}
