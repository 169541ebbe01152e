/** AssemblyScript compiles only what a pack calls; here it checks everything a pack may call. */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ASSEMBLY = fileURLToPath(new URL("../../assembly", import.meta.url));
const ASC = join(
  dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")),
  "bin/asc.js",
);
const FLAGS =
  "--runtime stub --noAssert --use abort= --importMemory --initialMemory 2049 --enable simd";
const FILES = readdirSync(join(ASSEMBLY, "pack")).filter((file) => file.endsWith(".ts"));

test.each(FILES)("every function of pack/%s compiles", (file) => {
  const args = [ASC, `pack/${file}`, ...FLAGS.split(" "), "--disable", "bulk-memory", "--textFile"];
  const text = execFileSync(process.execPath, args, { cwd: ASSEMBLY, encoding: "utf8" });
  expect(text).toMatch(/\(export "(?:isIn|lowerText)"/);
});
