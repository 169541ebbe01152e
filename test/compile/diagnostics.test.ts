/** What an author of rules is told, and where. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkFiles } from "../../host/compile/check.ts";
import { renderText } from "../../host/diagnostics/render-text.ts";

const CASES = new URL("cases/", import.meta.url);

test.each(readdirSync(CASES))("%s", async (name) => {
  const at = (file: string): string => fileURLToPath(new URL(`${name}/${file}`, CASES));
  const files = [{ name: "rules.yaml", text: readFileSync(at("rules.yaml"), "utf8") }];
  const { diagnostics } = checkFiles(files);
  await expect(`${renderText(diagnostics, files)}\n`).toMatchFileSnapshot(at("expected.txt"));
});
