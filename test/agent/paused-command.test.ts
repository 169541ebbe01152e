import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { endText, PausedCommand } from "../../host/agent/paused-command.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-command-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a command runs only when it is released, under the pid that was told", async () => {
  const mark = join(folder, "mark");
  const command = new PausedCommand(["sh", "-c", 'echo $$ "$1" > "$0"', mark, "two words"]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(existsSync(mark)).toBe(false);
  command.release();
  expect(await command.ended).toEqual({ code: 0, signal: null });
  expect(readFileSync(mark, "utf8")).toBe(`${String(command.pid)} two words\n`);
});

test("its end is told in words", async () => {
  const failing = new PausedCommand(["sh", "-c", "exit 3"]);
  failing.release();
  expect(endText(await failing.ended)).toBe("the command ended with status 3");
  const stopped = new PausedCommand(["sleep", "60"]);
  stopped.release();
  stopped.stop();
  expect(endText(await stopped.ended)).toBe("the command was ended by SIGTERM");
});

test("a command that is never released ends with its gate", async () => {
  const command = new PausedCommand(["sleep", "60"]);
  command.stop();
  expect((await command.ended).signal).toBe("SIGTERM");
});
