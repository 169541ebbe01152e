/**
 * What a live run shows of every event, all fields of it, is what a replay of its recording shows.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { EVENTS } from "../../host/schema/events.ts";
import { FIELDS } from "../../host/schema/fields.ts";
import type { Field } from "../../host/schema/types.ts";
import { type Alert, lanner, liveTitle, skipLive } from "./lanner.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-fields-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Of the host that evaluates, which a recording is not; as in Falco. */
const OF_THE_HOST = "evt.hostname";
const FIELDS_PER_RULE = 100;

const params = [...new Set(EVENTS.flatMap((event) => event.params.map(({ name }) => name)))];

/** The field as outputs name it, with arguments where it takes some. */
function named({ name, argument, flags, accessor }: Field): readonly string[] {
  if (accessor === null || flags.includes("filter_only") || name === OF_THE_HOST) return [];
  if (argument === null) return [name];
  const plain = argument.required ? [] : [name];
  if (name === "evt.arg" || name === "evt.rawarg") {
    const lower = params.filter((param) => /^[a-z_0-9]+$/.test(param));
    return [...plain, ...lower.map((param) => `${name}.${param}`)];
  }
  if (argument.kind === "index") return [...plain, `${name}[1]`, `${name}[2]`];
  return name === "proc.env" || name === "proc.aenv" ? [...plain, `${name}[PATH]`] : plain;
}

const all = FIELDS.flatMap(named);

function rulesFile(): string {
  const starts = Array.from({ length: Math.ceil(all.length / FIELDS_PER_RULE) }, (_, i) => i);
  const rules = starts.map((i) => {
    const fields = all.slice(i * FIELDS_PER_RULE, (i + 1) * FIELDS_PER_RULE);
    const output = ["evt.num", ...fields].map((field) => `%${field}`).join(" ");
    const rule = { rule: `fields ${String(i)}`, desc: "all", priority: "INFO", output };
    return { ...rule, condition: "evt.num > 0", warn_evttypes: false };
  });
  const file = join(folder, "rules.yaml");
  writeFileSync(file, JSON.stringify(rules));
  return file;
}

const SCRIPT = `cd /usr/share; cat /etc/passwd | head -3; ls /; (cd /etc; cat hostname; true)
exec perl -MSocket -e '
  socket(U, PF_INET, SOCK_DGRAM, 0); connect(U, sockaddr_in(9, inet_aton("127.0.0.1")));
  send(U, "hi", 0); socket(L, PF_INET, SOCK_STREAM, 0);
  bind(L, sockaddr_in(0, inet_aton("127.0.0.1"))); listen(L, 1);
  ($p) = sockaddr_in(getsockname(L));
  if (!fork) { socket(C, PF_INET, SOCK_STREAM, 0);
    connect(C, sockaddr_in($p, inet_aton("127.0.0.1"))); syswrite(C, "hello"); exit 0 }
  accept(A, L); sysread(A, $b, 10); wait; pipe(R, W); open(F, "<", "/etc/group"); <F>;
  mkdir "$ENV{T}/x"; rename "$ENV{T}/x", "$ENV{T}/y"; rmdir "$ENV{T}/y";
  socketpair(X, Y, AF_UNIX, SOCK_STREAM, 0); symlink "/a", "$ENV{T}/z"; unlink "$ENV{T}/z";
  chmod 0600, "/none"; setpgrp; kill 0, $$'`;

/** The differing values, as `event field: live / replayed`. */
function differences(live: readonly Alert[], replayed: readonly Alert[]): readonly string[] {
  return live.flatMap((alert, i) => {
    const other = replayed[i]?.output_fields ?? {};
    const { output_fields: fields } = alert;
    const keys = Object.keys(fields).filter(
      (key) => JSON.stringify(fields[key]) !== JSON.stringify(other[key]),
    );
    const text = (value: unknown): string =>
      value === undefined ? "missing" : JSON.stringify(value);
    return keys.map(
      (key) => `${text(fields["evt.num"])} ${key}: ${text(fields[key])} / ${text(other[key])}`,
    );
  });
}

describe.skipIf(skipLive())(liveTitle("fields of a recording"), { timeout: 180_000 }, () => {
  test("are those of the live run, event for event", async () => {
    const file = join(folder, "all.scap.gz");
    const options = ["-r", rulesFile(), "-o", "json_output=true", "-o", "rule_matching=all"];
    const script = `T=${folder}; export T; (${SCRIPT}) > /dev/null`;
    const live = await lanner(["watch", ...options, "-w", file, "--", "sh", "-c", script]);
    const replayed = await lanner(["replay", ...options, file]);
    expect(live.alerts.length, live.err).toBeGreaterThan(3_000);
    expect(replayed.alerts.length, live.err).toBe(live.alerts.length);
    const [ours, theirs] = [live.alerts, replayed.alerts];
    expect(differences(ours, theirs).slice(0, 20)).toEqual([]);
  });
});
