/** Budgets and manners of the tree: what no other tool looks at. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;
const README_LINES_MAX = 60;
const COLUMNS_MAX = 100;
/** The width of a tab where lines are counted; kernel style has wide ones. */
const TAB_COLUMNS = 4;

const SOURCE = new Set([".ts", ".mjs", ".cjs", ".js", ".c", ".h", ".cc"]);
/** Data: as long and as wide as they have to be. */
const TABLES = /^host\/schema\/(events|fields|flags|syscalls)\/|^host\/diagnostics\/messages\//;
const GENERATED = /(^|\/)generated\//;
const FOLDERS = ["assembly", "bench", "bpf", "host", "native", "rules", "setup"];
const LAYERED = ["assembly", "host"];
/** Spelled in halves, so that this file may be looked at too. */
const FORBIDDEN = new RegExp(
  `\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b`,
);

/** Files that git knows or would add. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(ROOT + file));
const sources = files.filter((file) => SOURCE.has(extname(file)) && !GENERATED.test(file));
const written = sources.filter((file) => !TABLES.test(file));

const linesOf = (file: string): readonly string[] => readFileSync(ROOT + file, "utf8").split("\n");

/** Lines of a file without the empty one that its last newline makes. */
const lengthOf = (file: string): number => linesOf(file).length - 1;

/** Functions that are too long, with their lengths; `describe` blocks are no functions. */
function longFunctions(file: string): readonly string[] {
  const tree = ts.createSourceFile(file, readFileSync(ROOT + file, "utf8"), ts.ScriptTarget.ES2023);
  const found: string[] = [];
  const lineAt = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && !isSuite(node)) {
      const lines = lineAt(node.end) - lineAt(node.getStart(tree)) + 1;
      if (lines > FUNCTION_LINES_MAX) {
        found.push(`${file}:${String(lineAt(node.getStart(tree)) + 1)}: ${String(lines)} lines`);
      }
    }
    ts.forEachChild(node, (child) => {
      // Parents are needed to tell a suite from a function.
      (child as { parent: ts.Node }).parent = node;
      visit(child);
    });
  };
  visit(tree);
  return found;
}

function isSuite(node: ts.Node): boolean {
  const call = node.parent as ts.Node | undefined;
  return call !== undefined && ts.isCallExpression(call) && /^describe\b/.test(call.getText());
}

/** Characters as a terminal counts them, not UTF-16 units. */
function columns(line: string): number {
  return Array.from(line.replaceAll("\t", " ".repeat(TAB_COLUMNS))).length;
}

/** Top folders with layers have a README in each layer, the others one; "" where none is asked. */
function readmeFolder(file: string): string {
  const [top = "", next = "", deeper] = file.split("/");
  if (!FOLDERS.includes(top)) return "";
  return LAYERED.includes(top) && deeper !== undefined ? `${top}/${next}` : top;
}

describe("the tree is tidy", () => {
  test(`no file has more than ${String(FILE_LINES_MAX)} lines`, () => {
    const long = written.filter((file) => lengthOf(file) > FILE_LINES_MAX);
    expect(long.map((file) => `${file}: ${String(lengthOf(file))}`)).toEqual([]);
  });

  test(`no TypeScript function has more than ${String(FUNCTION_LINES_MAX)} lines`, () => {
    const typescript = written.filter((file) => /\.(ts|mjs|cjs)$/.test(file));
    expect(typescript.flatMap(longFunctions)).toEqual([]);
  });

  test(`no line is longer than ${String(COLUMNS_MAX)} columns`, () => {
    const wide = written.flatMap((file) =>
      linesOf(file)
        .map((line, index) => ({ line, at: `${file}:${String(index + 1)}` }))
        .filter(({ line }) => columns(line) > COLUMNS_MAX)
        // What the formatter cannot break either: a link, or one long literal.
        .filter(({ line }) => !/https?:\/\/\S{40,}|("[^"]{60,}"|`.{60,}`)/.test(line))
        .map(({ at }) => at),
    );
    expect(wide).toEqual([]);
  });

  test(`each folder has a README of at most ${String(README_LINES_MAX)} lines`, () => {
    const folders = new Set(sources.map(readmeFolder).filter((folder) => folder !== ""));
    const bad = [...folders].sort().filter((folder) => {
      const readme = `${folder}/README.md`;
      return !existsSync(ROOT + readme) || lengthOf(readme) > README_LINES_MAX;
    });
    expect(bad).toEqual([]);
  });

  test("no file holds a note about work left undone", () => {
    const texts = files.filter((file) => SOURCE.has(extname(file)) || file.endsWith(".md"));
    const notes = texts.flatMap((file) =>
      linesOf(file)
        .map((line, index) => ({ line, at: `${file}:${String(index + 1)}` }))
        .filter(({ line }) => FORBIDDEN.test(line))
        .map(({ at }) => at),
    );
    expect(notes).toEqual([]);
  });

  test("generated files say so in their first line", () => {
    const generated = files.filter((file) => GENERATED.test(file));
    const silent = generated.filter(
      (file) => !/Generated by .* Do not edit/.test(linesOf(file)[0] ?? ""),
    );
    expect(silent).toEqual([]);
  });
});
