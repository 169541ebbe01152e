/** Recordings while things go wrong: engines die, disks fill up, files are full, time is up. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { openCapture } from "../../host/replay/reader.ts";
import { Lanner, lanner, liveTitle, skipLive, WatchedShell } from "./lanner.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-recording-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What so many opens report fits into one ring (8 MiB) even if nothing reads it meanwhile. */
const OPENS_IN_RING = 12_000;

const NAME = /marker-(\d+)\0/g;

interface Content {
  /** Numbers of the files that were opened, in the order of the recording. */
  readonly markers: readonly number[];
  readonly sections: number;
  readonly error?: string;
}

/** What can be read of a recording. */
async function contentOf(file: string): Promise<Content> {
  const reader = openCapture(file);
  const markers: number[] = [];
  let error: string | undefined;
  try {
    for await (const part of reader) {
      if (part.kind !== "events") continue;
      const text = part.bytes.toString("latin1");
      for (const [, number] of text.matchAll(NAME)) markers.push(Number(number));
    }
  } catch (problem) {
    error = String(problem);
  }
  const { sections } = reader.statistics;
  return error === undefined ? { markers, sections } : { markers, sections, error };
}

/** Opens files that are not there, with numbers that go up. */
function opens(from: number, to: number, pause = ""): string {
  return `i=${from}; while [ $i -lt ${to} ]; do read x < ${folder}/marker-$i; i=$((i+1)); ${pause} done`;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

const missing = (markers: readonly number[], count: number): number[] => {
  const there = new Set(markers);
  return range(0, count).filter((number) => !there.has(number));
};

const repeated = (markers: readonly number[]): number[] =>
  markers.filter((number, i) => i > 0 && number <= (markers[i - 1] ?? -1));

function recorder(file: string, shell: WatchedShell, more: readonly string[] = []): Lanner {
  return new Lanner(["record", "-w", file, ...more, "--scope", `tree:${String(shell.pid)}`]);
}

const begun = (running: Lanner): Promise<void> =>
  running.until(() => running.err.includes("recording tree:"), "recording", 60_000);

/** Records more to a disk of its own than that holds; `check` sees the disk and what was said. */
async function onFullDisk(
  { size, options = [] }: { readonly size: string; readonly options?: readonly string[] },
  check: (disk: string, err: string) => Promise<void>,
): Promise<void> {
  const disk = mkdtempSync(join(folder, "disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "lanner-test", disk]);
  const shell = new WatchedShell();
  const running = recorder(join(disk, "full.scap"), shell, options);
  try {
    await begun(running);
    shell.run(opens(0, 50_000));
    expect(await running.exit()).toBe(2);
    await check(disk, running.err);
  } finally {
    running.process.kill("SIGKILL");
    await shell.end();
    spawnSync("umount", [disk]);
  }
}

describe.skipIf(skipLive())(liveTitle("a recording"), { timeout: 120_000 }, () => {
  test("holds every event once although engines are killed", async () => {
    const shell = new WatchedShell();
    const file = join(folder, "killed.scap");
    const running = recorder(file, shell);
    try {
      await begun(running);
      shell.run(opens(0, OPENS_IN_RING));
      for (let death = 1; death <= 3; death++) {
        process.kill(running.enginePid(), "SIGKILL");
        const restarts = (): number => running.err.split("a new engine runs").length - 1;
        await running.until(() => restarts() === death, "successor", 30_000);
      }
      shell.run(opens(OPENS_IN_RING, OPENS_IN_RING + 10));
      await sleep(2_000);
      expect(await running.stop()).toBe(0);
      const { markers, error } = await contentOf(file);
      expect(error).toBeUndefined();
      expect(running.err).not.toContain("Lost at");
      expect(missing(markers, OPENS_IN_RING + 10)).toEqual([]);
      expect(repeated(markers)).toEqual([]);
    } finally {
      running.process.kill("SIGKILL");
      await shell.end();
    }
  });

  test.each([
    ["size", ["--rotate-size", "256k"], opens(0, 5_000)],
    ["time", ["--rotate-time", "1s"], opens(0, 30, "sleep 0.1;")],
  ])("is spread over files by %s, each complete", async (name, options, script) => {
    const shell = new WatchedShell();
    const running = recorder(join(folder, `${name}.scap`), shell, options);
    try {
      await begun(running);
      shell.run(script);
      await sleep(5_000);
      expect(await running.stop()).toBe(0);
    } finally {
      running.process.kill("SIGKILL");
      await shell.end();
    }
    const names = readdirSync(folder)
      .filter((each) => each.startsWith(`${name}.`))
      .sort();
    expect(names.length).toBeGreaterThan(2);
    const contents = await Promise.all(names.map((each) => contentOf(join(folder, each))));
    expect(contents.every(({ error, sections }) => error === undefined && sections === 1)).toBe(
      true,
    );
    const markers = contents.flatMap((content) => content.markers);
    expect(markers).toEqual(range(0, name === "size" ? 5_000 : 30));
    // A file of the middle is evaluated with the processes that were there when it began.
    const middle = join(folder, names[1] ?? "");
    const filter = [
      "--filter",
      "evt.type = openat and proc.name = sh and evt.args contains marker-",
    ];
    const replayed = await lanner(["replay", middle, ...filter]);
    expect(replayed.out.trim().split("\n")).toHaveLength(contents[1]?.markers.length ?? -1);
  });

  test("on a disk that is full says so, and keeps what was written", async () => {
    await onFullDisk({ size: "256k" }, async (disk, err) => {
      const file = join(disk, "full.scap");
      expect(err).toMatch(/the recording ends with what is in .*full.scap: .*ENOSPC/);
      expect(err).toMatch(/Lost at the recording: events not recorded \d+/);
      // What fits is kept to the last whole block.
      expect(statSync(file).size).toBeGreaterThan(252 << 10);
      const { markers, error } = await contentOf(file);
      expect(markers.length).toBeGreaterThan(100);
      expect(markers).toEqual(range(0, markers.length));
      expect(error).toBeUndefined();
    });
  });

  test("in several files ends on a disk that is full with files that are whole", async () => {
    await onFullDisk({ size: "512k", options: ["--rotate-size", "96k"] }, async (disk, err) => {
      const names = readdirSync(disk).sort();
      expect(names.length).toBeGreaterThan(1);
      const last = join(disk, names.at(-1) ?? "");
      expect(err).toContain(`the recording ends with what is in ${last}:`);
      const contents = await Promise.all(names.map((name) => contentOf(join(disk, name))));
      expect(contents.map(({ error, sections }) => ({ error, sections }))).toEqual(
        names.map(() => ({ error: undefined, sections: 1 })),
      );
      const markers = contents.flatMap((content) => content.markers);
      expect(markers.length).toBeGreaterThan(100);
      expect(missing(markers, markers.length)).toEqual([]);
    });
  });

  test("into a pipe ends when its reader has left", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = spawn("head", ["-c", "100", pipe], { stdio: "ignore" });
    const script = "while :; do sleep 0.05; done";
    const running = new Lanner(["record", "-w", pipe, "--", "timeout", "30", "sh", "-c", script]);
    try {
      await running.until(() => running.err.includes("the recording ends with"), "end", 30_000);
      running.process.kill("SIGTERM");
      expect(await running.exit()).toBe(2);
      expect(running.err).toContain("EPIPE");
    } finally {
      running.process.kill("SIGKILL");
      reader.kill("SIGKILL");
    }
  });

  test("that is ended while an engine starts anew is whole", async () => {
    const shell = new WatchedShell();
    const file = join(folder, "ended.scap");
    const running = recorder(file, shell);
    try {
      await begun(running);
      shell.run(opens(0, 100));
      await sleep(1_000);
      process.kill(running.enginePid(), "SIGKILL");
      running.process.kill("SIGTERM");
      expect(await running.exit()).toBe(0);
      const { markers, error } = await contentOf(file);
      expect(error).toBeUndefined();
      expect(markers).toEqual(range(0, 100));
    } finally {
      running.process.kill("SIGKILL");
      await shell.end();
    }
  });
});
