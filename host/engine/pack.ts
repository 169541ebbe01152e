/**
 * A pack as it comes from a file: what it says about itself, checked, because a stranger may have
 * written it. Nothing of it runs here.
 */
import {
  ALERT_CHARS_MAX,
  OUTPUT_LEVELS_MAX,
  OUTPUT_PARTS_MAX,
  OUTPUT_WIDTH_MAX,
  type OutputOperand,
  type OutputPart,
  PACK_ABI,
  type PackManifest,
  PRIORITIES,
  type RuleManifest,
} from "../schema/manifest.ts";
import { PACK_DATA_BYTES_MAX } from "../schema/memory.ts";
import { validatePack } from "../validate/validate.ts";
import { customSections } from "./sections.ts";

export const RULES_MAX = 65_536;
/** Event type codes are u16 in a record. */
const EVENT_TYPE_MAX = 65_535;

export interface Pack {
  readonly bytes: Uint8Array;
  readonly manifest: PackManifest;
  /** What goes to PACK_DATA_BASE before `init`. */
  readonly data: Uint8Array;
}

/** The pack cannot be used; the message says what is wrong with it. */
export class PackError extends Error {
  override readonly name = "PackError";
}

/** Checks the module, and reads its manifest and data. Throws PackError. */
export function readPack(bytes: Uint8Array): Pack {
  const { problem } = validatePack(bytes);
  if (problem !== null) throw new PackError(`the pack is refused: ${problem}`);
  const manifest = parseManifest(oneSection(bytes, "lanner.manifest"));
  const [data = new Uint8Array(0), ...more] = customSections(bytes, "lanner.data");
  if (more.length > 0) throw new PackError("there is more than one section lanner.data");
  if (data.length > PACK_DATA_BYTES_MAX || data.length !== manifest.dataBytes) {
    throw new PackError(
      `lanner.data has ${String(data.length)} bytes, the manifest says otherwise`,
    );
  }
  return { bytes, manifest, data };
}

/** Throws PackError when the pack was compiled for other places in the state than the engine's. */
export function checkLayout({ manifest }: Pack, engine: string | null): void {
  // A pack written by hand, or an engine that was not built by setup/, tells none.
  if (manifest.layout === undefined || engine === null || manifest.layout === engine) return;
  throw new PackError(
    "the pack was compiled for another build of the engine and would read the state at wrong " +
      "places; run: npm run build, and compile the rules again",
  );
}

function oneSection(bytes: Uint8Array, name: string): Uint8Array {
  const [section, ...more] = customSections(bytes, name);
  if (section === undefined || more.length > 0) {
    throw new PackError(`a pack has one section ${name}; compile the rules again`);
  }
  return section;
}

function parseManifest(section: Uint8Array): PackManifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(section));
  } catch (cause) {
    throw new PackError("lanner.manifest is not JSON", { cause });
  }
  if (!isManifest(parsed)) throw new PackError("lanner.manifest lacks a member or has a wrong one");
  if (parsed.abi !== PACK_ABI) {
    throw new PackError(
      `the pack is of ABI ${String(parsed.abi)}, this Lanner of ${String(PACK_ABI)}`,
    );
  }
  for (const { name, output } of parsed.rules) {
    const chars = fixedChars(output);
    if (chars <= ALERT_CHARS_MAX) continue;
    throw new PackError(
      `the output of rule ${JSON.stringify(name)} is ${String(chars)} characters wide; ` +
        `at most ${String(ALERT_CHARS_MAX)} are allowed`,
    );
  }
  return parsed;
}

function isManifest(value: unknown): value is PackManifest {
  return (
    isRecord(value) &&
    typeof value["abi"] === "number" &&
    (value["layout"] === undefined || isText(value["layout"])) &&
    isText(value["name"]) &&
    isCount(value["dataBytes"], PACK_DATA_BYTES_MAX) &&
    isListOf(value["rules"], RULES_MAX, isRule) &&
    isListOf(value["eventTypes"], EVENT_TYPE_MAX, (type) => isCount(type, EVENT_TYPE_MAX)) &&
    isListOf(value["syscalls"], EVENT_TYPE_MAX, isText)
  );
}

/** Characters that do not depend on the event: text, and what values are padded to. */
export function fixedChars(output: readonly OutputPart[]): number {
  return output.reduce((sum, part) => {
    const text = "text" in part ? part.text.length : 0;
    return sum + Math.max(text, part.width ?? 0);
  }, 0);
}

function isRule(value: unknown): value is RuleManifest {
  return (
    isRecord(value) &&
    isText(value["name"]) &&
    isText(value["source"]) &&
    isText(value["description"]) &&
    PRIORITIES.some((priority) => priority === value["priority"]) &&
    isListOf(value["tags"], RULES_MAX, isText) &&
    isListOf(value["output"], OUTPUT_PARTS_MAX, isPart)
  );
}

function isPart(value: unknown): value is OutputPart {
  if (!isRecord(value)) return false;
  const { text, transform, field, argument, width, silent, under } = value;
  const isPadded = width === undefined || isCount(width, OUTPUT_WIDTH_MAX);
  if (!isPadded || !(under === undefined || isText(under))) return false;
  if (text !== undefined) return isText(text) && (transform === undefined || isOperand(transform));
  const isSilent = silent === undefined || silent === true;
  return isSilent && isText(field) && (argument === undefined || isText(argument));
}

function isOperand(value: unknown, level = 0): value is OutputOperand {
  if (!isRecord(value) || level > OUTPUT_LEVELS_MAX) return false;
  const { constant, value: index, list, transformer, operands } = value;
  if (constant !== undefined) return isText(constant);
  if (index !== undefined) return isCount(index, OUTPUT_PARTS_MAX);
  const isInner = (item: unknown): boolean => isOperand(item, level + 1);
  if (list !== undefined) return isListOf(list, OUTPUT_PARTS_MAX, isInner);
  return isText(transformer) && isListOf(operands, OUTPUT_PARTS_MAX, isInner);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function isListOf(value: unknown, max: number, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= max && value.every(is);
}
