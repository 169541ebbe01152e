/**
 * Wasm as native code: translated to C by wasm2c (npm package wabt, which knows vectors and
 * atomics; Debian 12's does not), compiled by the C compiler with -O2. What the sandbox costs is
 * taken out of the text: no bounds checks, no reads for the sake of their traps, the memory at a
 * fixed address. So the comparison is with the best that a native program of the same algorithm
 * could be.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../../..");
const HERE = path.join(ROOT, "bench/micro");
const BUILD = path.join(ROOT, "build/bench-native");
const STDERR_CHARS_MAX = 2_000;

/** Why there are no native figures; the message goes into the report. */
export class NoNative extends Error {
  override readonly name = "NoNative";
}

export interface NativeModule {
  /** Prefix of its functions in C: letters only. */
  readonly name: string;
  readonly wasm: Uint8Array;
  /** Address of the first byte of its memory. */
  readonly base: bigint;
}

export interface NativeProgram {
  readonly modules: readonly NativeModule[];
  /** Path of the C file with `main`, under bench/micro. */
  readonly main: string;
  /** Text of map.h, which `main` includes. */
  readonly map: string;
  readonly defines: readonly string[];
}

/** Compiles a program, unless one of the same parts is there. Returns its path. */
export function buildNative(program: NativeProgram): string {
  const main = path.join(HERE, program.main);
  const runtime = path.join(HERE, "runtime");
  const hash = createHash("sha256").update(program.map).update(program.defines.join(" "));
  for (const file of [main, `${runtime}/wasm-rt.h`, `${runtime}/simde/wasm/simd128.h`]) {
    hash.update(readFileSync(file));
  }
  for (const { wasm } of program.modules) hash.update(wasm);
  const folder = path.join(BUILD, hash.digest("hex").slice(0, 24));
  const executable = path.join(folder, "program");
  if (existsSync(executable)) return executable;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "map.h"), program.map);
  for (const module of program.modules) translate(module, folder);
  const sources = program.modules.map(({ name }) => path.join(folder, `${name}.c`));
  const include = [`-I${folder}`, `-I${runtime}`];
  const defines = program.defines.map((define) => `-D${define}`);
  const part = `${executable}.part`;
  run("cc", ["-O2", "-w", ...include, ...defines, "-o", part, main, ...sources, "-lm"]);
  renameSync(part, executable);
  return executable;
}

function translate({ name, wasm, base }: NativeModule, folder: string): void {
  const input = path.join(folder, `${name}.wasm`);
  const output = path.join(folder, `${name}.c`);
  writeFileSync(input, wasm);
  const options = ["--enable-threads", "-n", name, input, "-o", output];
  run(process.execPath, ["--import", `${HERE}/wide-stack.mjs`, wasm2c(), ...options]);
  writeFileSync(output, unguarded(readFileSync(output, "utf8"), base));
}

function wasm2c(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve("wabt/package.json");
    return path.join(path.dirname(manifest), "bin/wasm2c");
  } catch (cause) {
    throw new NoNative("the npm package wabt is not installed: npm ci", { cause });
  }
}

/** The places of the generated prelude that are changed; each must be there. */
function unguarded(text: string, base: bigint): string {
  const place = `((uint8_t *)(0x${base.toString(16)}ull + (uint64_t)(addr)))`;
  const changes: readonly (readonly [RegExp, string])[] = [
    [
      /#define MEM_ADDR\(mem, addr, n\) &\(\(mem\)->data\[addr\]\)/,
      `#define MEM_ADDR(m, addr, n) ${place}`,
    ],
    [/#define FORCE_READ_INT\(var\) __asm__.*/g, "#define FORCE_READ_INT(var)"],
    [/#define SIMD_FORCE_READ\(var\) __asm__.*/g, "#define SIMD_FORCE_READ(var)"],
  ];
  return changes.reduce((changed, [from, to]) => {
    if (changed.search(from) < 0)
      throw new NoNative(`wasm2c writes another prelude: no ${String(from)}`);
    return changed.replace(from, to);
  }, text);
}

function run(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"], maxBuffer: 1 << 26 });
  } catch (cause) {
    const error = cause as { readonly code?: string; readonly stderr?: Buffer };
    if (error.code === "ENOENT") throw new NoNative(`${command} is not installed`, { cause });
    const said = error.stderr?.toString("utf8").slice(0, STDERR_CHARS_MAX) ?? "";
    throw new NoNative(`${path.basename(command)} failed:\n${said}`, { cause });
  }
}
