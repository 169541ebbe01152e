/**
 * Answers are remembered while nothing changes that they depend on: for each such dependence that
 * is easily overlooked, the events that show whether it was.
 */
import { expect, test } from "vitest";
import { Matcher } from "../fuzz/matches.ts";
import type { Stream } from "../fuzz/stream.ts";
import { NO_ENGINE_REASON } from "../support/engine.ts";
import { clone, encode, execve, tuple4 } from "../support/records.ts";

const CONTAINER = "ab".repeat(32);
const LOCAL = "192.168.50.10";

interface Story {
  readonly condition: string;
  readonly rows: readonly Buffer[];
  /** Numbers of the events that match. */
  readonly matching: readonly bigint[];
}

const STORIES: Readonly<Record<string, Story>> = {
  "a leader that shows up is the parent of its threads' children": {
    condition: "proc.pname exists",
    rows: [
      encode("SYSCALL_GETCWD_X", 5, 0, "/"),
      clone({ result: 100, tid: 10, pid: 5 }),
      clone({ result: 101, tid: 6, ptid: 10 }),
      clone({ result: 102, tid: 5 }),
      encode("SYSCALL_CLOSE_X", 6, 0, 3),
      encode("SYSCALL_CLOSE_X", 10, 0, 3),
      encode("SYSCALL_CLOSE_X", 6, 0, 3),
    ],
    matching: [7n],
  },
  "a group loses the name of a leader that did not say it leads": {
    condition: "len(proc.pgid.exe) > 0",
    rows: [
      clone({ result: 0, tid: 5 }),
      execve({ tid: 12, pgid: 5, exe: "/bin/cat", comm: "cat" }),
      encode("SYSCALL_CLOSE_X", 12, 0, 3),
      encode("PROCEXIT_1_E", 5, 0, 0, 0, 0, 0),
      encode("SYSCALL_CLOSE_X", 12, 0, 3),
    ],
    matching: [2n, 3n],
  },
  "a group's leader that runs another program has another name": {
    condition: "len(proc.pgid.exe) > 7",
    rows: [
      clone({ result: 0, tid: 5 }),
      execve({ tid: 12, pgid: 5, exe: "/bin/cat", comm: "cat" }),
      encode("SYSCALL_CLOSE_X", 12, 0, 3),
      execve({ tid: 5, pgid: 1, vpgid: 1, exe: "/bin/longer", comm: "longer" }),
      encode("SYSCALL_CLOSE_X", 12, 0, 3),
    ],
    matching: [5n],
  },
  "no end of a socket is local once its process has entered a container": {
    condition: "fd.lip = val(fd.cip)",
    rows: [
      clone({ result: 0, tid: 8 }),
      encode("SOCKET_ACCEPT_5_X", 8, 3, tuple4(LOCAL, 53, "8.8.8.8", 80), 0, 0, 0),
      encode("SYSCALL_FSTAT_X", 8, 0, 3),
      execve({ tid: 8, exe: "/bin/sh", comm: "sh", cgroups: `cpu=/docker/${CONTAINER}\0` }),
      encode("SYSCALL_FSTAT_X", 8, 0, 3),
    ],
    matching: [2n, 3n],
  },
};

const isAbsent = NO_ENGINE_REASON !== "";

test.skipIf(isAbsent).each(Object.entries(STORIES))("%s", { timeout: 60_000 }, async (_, story) => {
  const networks = [
    { address: Buffer.from([192, 168, 50, 10]), mask: Buffer.from([255, 255, 255, 0]) },
  ];
  const stream: Stream = { name: "made up", networks, rows: story.rows };
  const [numbers] = (await Matcher.of([story.condition])).run(stream, 1);
  expect([...(numbers ?? [])]).toEqual(story.matching);
});
