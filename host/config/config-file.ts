/** Files of configuration: read with a bound, one document, a map with its values expanded. */
import { closeSync, openSync, readSync } from "node:fs";
import { message } from "../diagnostics/message.ts";
import type { MapNode } from "../yaml/nodes.ts";
import { readDocument } from "../yaml/read-documents.ts";
import { SourceFile } from "../yaml/source-file.ts";
import { type Environment, expandTree } from "./expand.ts";
import { ConfigError, type Report } from "./report.ts";
import { emptyMap } from "./tree.ts";

/** Falco's own file, comments and all, has 60 KB. */
export const CONFIG_BYTES_MAX = 1 << 20;
const BOUNDS = { bytesMax: CONFIG_BYTES_MAX, nodesMax: 50_000 };

/** Throws ConfigError when the file cannot be read. Also reads from a pipe. */
export function readText(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      return readBounded(file, path);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`cannot read the configuration ${path}: ${reasonOf(cause)}`, { cause });
  }
}

function readBounded(file: number, path: string): string {
  const bytes = Buffer.alloc(CONFIG_BYTES_MAX + 1);
  let length = 0;
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, null);
    length += read;
    if (length > CONFIG_BYTES_MAX) {
      const bound = String(CONFIG_BYTES_MAX >> 10);
      throw new ConfigError(`${path}: larger than ${bound} KiB; no configuration is`);
    }
    if (read === 0) return bytes.toString("utf8", 0, length);
  }
}

/** Why a system call on a file failed, in words. */
export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const words: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EACCES: "you may not read it",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of the path is no folder",
    ELOOP: "its links lead in a circle",
  };
  return words[code] ?? (cause instanceof Error ? cause.message : String(cause));
}

/** Throws ConfigError when `text` is no YAML, or no map; an empty file is an empty map. */
export function parseConfig(file: SourceFile, environment: Environment, report: Report): MapNode {
  const { document: root, next, failure } = readDocument(file, BOUNDS);
  if (failure !== null) {
    report.error({ file, offset: failure.offset }, message(failure.problem));
    report.throwErrors();
  }
  if (next !== null) {
    report.warn({ file, offset: next }, "only the first document of a file is read");
  }
  if (root === null) return emptyMap(file);
  if (root.kind !== "map") {
    report.error(root, "a configuration holds keys and values, as in: priority: warning");
    report.throwErrors();
    return emptyMap(file);
  }
  return { ...root, ...expandTree(root, environment, report) } as MapNode;
}
