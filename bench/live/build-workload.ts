/** The mixed workload: a small program in C, generated, and compiled again and again by make. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const UNITS = 4;
const FUNCTIONS = 20;

/** Returns the folder, which its caller removes. */
export function generateProgram(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "lanner-bench-build-"));
  const units = Array.from({ length: UNITS }, (_, i) => `unit${String(i)}`);
  for (const unit of units) writeFileSync(path.join(folder, `${unit}.c`), unitText(unit));
  writeFileSync(path.join(folder, "main.c"), mainText(units));
  writeFileSync(path.join(folder, "Makefile"), makefile(["main", ...units]));
  return folder;
}

function unitText(unit: string): string {
  const functions = Array.from({ length: FUNCTIONS }, (_, i) =>
    [
      `static int ${unit}_${String(i)}(const char *text)`,
      "{",
      `\treturn (int)strlen(text) * ${String(i + 1)} + printf("%s", text);`,
      "}",
    ].join("\n"),
  );
  const calls = functions.map((_, i) => `${unit}_${String(i)}(text)`).join(" + ");
  const head = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>";
  return `${head}\n${functions.join("\n")}\nint ${unit}(const char *text)\n{\n\treturn ${calls};\n}\n`;
}

function mainText(units: readonly string[]): string {
  const declared = units.map((unit) => `int ${unit}(const char *text);`).join("\n");
  const calls = units.map((unit) => `${unit}("")`).join(" + ");
  return `${declared}\nint main(void)\n{\n\treturn ${calls};\n}\n`;
}

function makefile(names: readonly string[]): string {
  const objects = names.map((name) => `${name}.o`).join(" ");
  return `program: ${objects}\n\tcc -o $@ $^\n%.o: %.c\n\tcc -O1 -c -o $@ $<\n`;
}
