/** Says what is in recordings without evaluating them. */

import { printable } from "../diagnostics/printable.ts";
import { isoTime } from "../output/time.ts";
import { CaptureFileError } from "../replay/capture-file-error.ts";
import type { ProcessEntry } from "../replay/entries.ts";
import { openCapture, type ReaderStatistics } from "../replay/reader.ts";
import { type Census, countPart, emptyCensus } from "./inspect-census.ts";
import { argumentsOf, text, treeLines } from "./inspect-tree.ts";
import { AgentError, type AgentIo, EXIT } from "./io.ts";

export interface InspectOptions {
  /** "-" is standard input. */
  readonly file: string;
  readonly json: boolean;
}

/** Prints what a recording holds. Returns the exit code. Throws AgentError. */
export async function inspect(options: InspectOptions, io: AgentIo): Promise<number> {
  const { file, json } = options;
  const { captures, statistics } = await takeCensus(file);
  if (json) {
    const recordings = captures.map(censusJson);
    const damage = Object.fromEntries(damageRows(captures, statistics));
    io.out.write(`${JSON.stringify({ file, recordings, damage }, null, 2)}\n`);
    return EXIT.fine;
  }
  const sections = captures.flatMap((census, index) => [
    ...(captures.length === 1 ? [] : [`Recording ${String(index + 1)}`, ""]),
    ...censusLines(census),
  ]);
  const lines = [...sections, ...damageLines(captures, statistics)];
  io.out.write(`${lines.map(printable).join("\n")}\n`);
  return EXIT.fine;
}

interface Findings {
  readonly captures: readonly Census[];
  readonly statistics: ReaderStatistics;
}

async function takeCensus(file: string): Promise<Findings> {
  const reader = openCapture(file, { lenient: true });
  const captures: Census[] = [];
  try {
    for await (const part of reader) {
      if (part.kind === "section") captures.push(emptyCensus());
      const census = captures.at(-1);
      if (census !== undefined) countPart(census, part);
    }
  } catch (error) {
    if (!(error instanceof CaptureFileError)) throw error;
    const message = `cannot inspect ${file}: ${error.message}`;
    throw new AgentError(EXIT.usage, message, { cause: error });
  }
  return { captures, statistics: reader.statistics };
}

function censusLines(census: Census): readonly string[] {
  const total = sum(census.events);
  return [
    ...pairs([...machineRows(census), ...spanRows(census)]),
    "",
    `Events: ${String(total)}`,
    ...table(census.events, total),
    ...titled("Events that only tell state", census.stateEvents),
    "",
    `Processes at the start: ${String(census.processes.size)}`,
    ...treeLines(census).map((line) => `  ${line}`),
    ...titled("Descriptors at the start", census.descriptors),
    "",
    ...pairs([
      ["users", String(census.users.length)],
      ["groups", String(census.groups.length)],
      ["local addresses", String(census.interfaces.length)],
    ]),
    "",
  ];
}

type Row = readonly [name: string, value: string];

function machineRows({ machine }: Census): readonly Row[] {
  if (machine === undefined) return [["machine", "not told"]];
  const gib = Number(machine.memoryBytes / (1n << 20n)) / 1_024;
  const rows: Row[] = [
    ["machine", text(machine.hostname)],
    ["CPUs", String(machine.cpus)],
    ["memory", `${gib.toFixed(1)} GiB`],
  ];
  return machine.bootTime === 0n ? rows : [...rows, ["booted", isoTime(machine.bootTime, "Z")]];
}

function spanRows({ first, last }: Census): readonly Row[] {
  if (first === undefined || last === undefined) return [];
  const seconds = Number((last - first) / 1_000n) / 1_000_000;
  return [
    ["first event", isoTime(first, "Z")],
    ["last event", isoTime(last, "Z")],
    ["span", `${seconds.toFixed(6)} s`],
  ];
}

function pairs(rows: readonly Row[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function titled(title: string, counts: ReadonlyMap<string, number>): readonly string[] {
  if (counts.size === 0) return [];
  const total = sum(counts);
  return ["", `${title}: ${String(total)}`, ...table(counts, total)];
}

/** The most frequent first. */
function table(counts: ReadonlyMap<string, number>, total: number): readonly string[] {
  const rows = sorted(counts);
  const width = String(rows[0]?.[1] ?? 0).length;
  return rows.map(([name, count]) => {
    const share = ((100 * count) / total).toFixed(1).padStart(5);
    return `  ${String(count).padStart(width)}  ${share} %  ${name}`;
  });
}

function sorted(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function damageRows(
  captures: readonly Census[],
  statistics: ReaderStatistics,
): readonly (readonly [string, number])[] {
  const short = captures.reduce((total, { damage }) => total + damage.short, 0);
  const unknown = captures.reduce((total, { damage }) => total + damage.unknownTypes, 0);
  return [
    ["damaged places", statistics.damagedBlocks],
    ["bytes passed over", statistics.damagedBytes],
    ["blocks of unknown type", statistics.skippedBlocks],
    ["bytes of lists that are too long", statistics.unreadListBytes],
    ["list entries beyond those shown", captures.reduce((all, { leftOut }) => all + leftOut, 0)],
    ["events of unknown type", unknown],
    ["events that do not add up", statistics.malformedEvents + short],
    ["enter events merged into exits", statistics.mergedEnters],
    ["events of older producers without use", statistics.unusedEvents],
  ];
}

function damageLines(captures: readonly Census[], statistics: ReaderStatistics): readonly string[] {
  const rows = damageRows(captures, statistics).filter(([, count]) => count > 0);
  if (rows.length === 0) return ["Nothing is damaged or unknown."];
  return pairs(rows.map(([name, count]) => [name, String(count)]));
}

function censusJson(census: Census): object {
  const { machine, first, last, users, groups, interfaces } = census;
  return {
    machine:
      machine === undefined
        ? null
        : {
            hostname: text(machine.hostname),
            cpus: machine.cpus,
            memoryBytes: Number(machine.memoryBytes),
            bootTime: String(machine.bootTime),
          },
    // ns since the epoch do not fit a JSON number.
    span: first === undefined ? null : { first: String(first), last: String(last) },
    events: Object.fromEntries(sorted(census.events)),
    stateEvents: Object.fromEntries(sorted(census.stateEvents)),
    processes: [...census.processes.values()].map((entry) => processJson(entry, census)),
    descriptors: Object.fromEntries(sorted(census.descriptors)),
    users: users.map(({ uid, gid, name }) => ({ uid, gid, name: text(name) })),
    groups: groups.map(({ gid, name }) => ({ gid, name: text(name) })),
    localAddresses: interfaces.length,
  };
}

function processJson(entry: ProcessEntry, census: Census): object {
  return {
    pid: Number(entry.pid),
    parent: Number(entry.ptid),
    name: text(entry.comm),
    exePath: text(entry.exePath),
    args: [text(entry.exe), ...argumentsOf(entry)],
    uid: entry.uid,
    threads: census.threads.get(entry.pid) ?? 1,
  };
}
