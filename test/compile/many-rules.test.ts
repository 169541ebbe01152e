/** Many rules are found by their values; they have to match what they match in packs of few. */
import { expect, test } from "vitest";
import { Matcher } from "../fuzz/matches.ts";
import { recorded, recordings } from "../fuzz/stream.ts";
import { NO_ENGINE_REASON } from "../support/engine.ts";

const OPENS = "evt.type in (open, openat, openat2)";
const NAMES = ["bash", "sh", "cat", "ls", "python3", "node", "sshd", "curl"];
const PLACES = ["/", "/etc", "/etc/p", "/usr/lib", "/tmp/", "/proc", "/dev/null", "/etc/passwd"];
const ENDS = ["", "d", ".so", ".so.6", "passwd", "null", "/"];

/** Every shape with constants that recordings have, and with some that they have not. */
const conditions = Array.from({ length: 20 }, (_, i) => {
  const name = NAMES[i % NAMES.length] ?? "";
  const place = PLACES[i % PLACES.length] ?? "";
  const end = ENDS[i % ENDS.length] ?? "";
  return [
    `${OPENS} and proc.name = ${name} and fd.num >= ${String(i % 5)}`,
    `${OPENS} and fd.name startswith "${place}" and not proc.name in (${name}, other${String(i)})`,
    `${OPENS} and fd.name endswith "${end}" and fd.num != ${String(i)}`,
    `${OPENS} and fd.num in (${String(i % 9)}, ${String(40 + i)}) and fd.name != "${end}x"`,
    `${OPENS} and (fd.name startswith "${place}x" or fd.name endswith "${end}") ` +
      `and proc.pid > ${String(i)}`,
    `(${OPENS} and proc.name = ${name}) or (evt.type = close and fd.num = ${String(i)})`,
    `${OPENS} and not proc.name in (${name}) and not fd.name startswith "${place}"`,
    `${OPENS} and proc.aname in (${name}, other${String(i)}) and fd.directory != "${place}"`,
  ];
}).flat();

const title = "rules in one pack match what they match in several";
const reason = NO_ENGINE_REASON === "" ? "" : ` (skipped: ${NO_ENGINE_REASON})`;

test.skipIf(reason !== "")(`${title}${reason}`, { timeout: 300_000 }, async () => {
  const together = await Matcher.of(conditions);
  const chunks = Array.from({ length: 3 }, (_, i) => conditions.slice(64 * i, 64 * i + 64));
  const apart = await Promise.all(chunks.map((chunk) => Matcher.of(chunk)));
  for (const [name, file] of recordings()) {
    const stream = await recorded(name, file);
    const wanted = apart.flatMap((matcher, i) => matcher.run(stream, chunks[i]?.length ?? 0));
    const found = together.run(stream, conditions.length);
    found.forEach((events, i) => {
      expect(events, `${name}: ${conditions[i] ?? ""}`).toEqual(wanted[i]);
    });
    expect(found.filter(({ size }) => size > 0).length).toBeGreaterThan(0);
  }
});
