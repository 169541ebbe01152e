/** Durations as Prometheus writes them: `1h30m`, `500ms`. */

const UNITS: readonly (readonly [string, number])[] = [
  ["y", 365 * 24 * 3_600_000],
  ["w", 7 * 24 * 3_600_000],
  ["d", 24 * 3_600_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

const DURATION = new RegExp(`^${UNITS.map(([unit]) => `(?:(\\d{1,9})${unit})?`).join("")}$`);

/** Milliseconds; undefined for a text that is no duration. Units go from large to small. */
export function milliseconds(text: string): number | undefined {
  const counts = text === "" ? undefined : DURATION.exec(text)?.slice(1);
  // A unit that is not there is undefined here, whatever the type says.
  return counts?.reduce((sum, count, i) => sum + Number(count || 0) * (UNITS[i]?.[1] ?? 0), 0);
}
