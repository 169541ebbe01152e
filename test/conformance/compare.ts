/** Differences of two values that came from JSON, as lines that a reader can act on. */

const SHOWN_CHARACTERS = 160;
const SHOWN_LINES = 3;

/** Lines `path: expected …, got …`, one for each place; none when the values are equal. */
export function differencesOf(wanted: unknown, got: unknown, path = ""): string[] {
  if (Object.is(wanted, got)) return [];
  if (Array.isArray(wanted) && Array.isArray(got)) return ofLists(wanted, got, path);
  if (isMap(wanted) && isMap(got)) {
    const keys = [...new Set([...Object.keys(wanted), ...Object.keys(got)])];
    return keys.flatMap((key) =>
      differencesOf(wanted[key], got[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return [`${path === "" ? "answer" : path}: expected ${show(wanted)}, got ${show(got)}`];
}

/** Lists of plain values differ by what is missing and what is too much; others by place. */
function ofLists(wanted: readonly unknown[], got: readonly unknown[], path: string): string[] {
  const isPlain = [...wanted, ...got].every((item) => typeof item !== "object" || item === null);
  if (!isPlain && wanted.length === got.length) {
    return wanted.flatMap((item, i) => differencesOf(item, got[i], `${path}[${String(i)}]`));
  }
  const [a, b] = [wanted.map(text), got.map(text)];
  if (a.join("\n") === b.join("\n")) return [];
  const missing = a.filter((item) => !b.includes(item));
  const extra = b.filter((item) => !a.includes(item));
  if (missing.length + extra.length === 0) return [`${path}: the same in another order`];
  const lines = [];
  if (missing.length > 0) lines.push(`${path}: missing ${cut(missing.join(" "))}`);
  if (extra.length > 0) lines.push(`${path}: too much ${cut(extra.join(" "))}`);
  return lines;
}

/** First lines of two texts that are not the same. */
export function lineDifferences(wanted: string, got: string): string[] {
  if (wanted === got) return [];
  const [a, b] = [wanted.split("\n"), got.split("\n")];
  const found: string[] = [];
  const counts = `${String(a.length - 1)} lines expected, ${String(b.length - 1)} got`;
  if (a.length !== b.length) found.push(counts);
  for (let i = 0; i < Math.max(a.length, b.length) && found.length < SHOWN_LINES; i++) {
    if (a[i] === b[i]) continue;
    found.push(`line ${String(i + 1)}: expected ${around(a[i], b[i])}, got ${around(b[i], a[i])}`);
  }
  return found;
}

/** The part of a long line where it begins to differ from the other. */
function around(line: string | undefined, other: string | undefined): string {
  if (line === undefined) return "nothing";
  let same = 0;
  while (same < line.length && line[same] === other?.[same]) same += 1;
  const from = Math.max(0, same - 40);
  return `${from > 0 ? "…" : ""}${cut(line.slice(from))}`;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : cut(JSON.stringify(value));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function cut(line: string): string {
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
