/** The engine in a process of its own, kept running while packs do their worst. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { afterEach, describe, expect, test } from "vitest";
import { cpuMs } from "../../host/engine/culprit.ts";
import { readPack } from "../../host/engine/pack.ts";
import { reportLimits } from "../../host/engine/protocol.ts";
import type { EngineFault, Match, PackFault } from "../../host/engine/session.ts";
import { HEADER_AT } from "../../host/engine/state-window.ts";
import { Supervisor } from "../../host/engine/supervisor.ts";
import type { WindowFiles } from "../../host/engine/windows.ts";
import { closeFd, createMemory } from "../../host/native/native.ts";
import { REPLAY_BYTES_MAX, STATE_BYTES_MAX } from "../../host/schema/memory.ts";
import { CLOSE_X, closeEvents, NO_ENGINE_REASON, sessionOptions } from "../support/engine.ts";
import { handWrittenPack } from "../support/pack.ts";

const BUILT = fileURLToPath(new URL("../../dist/engine/process.js", import.meta.url));
const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const AGENT = fileURLToPath(new URL("./orphan-agent.mjs", import.meta.url));
const REASON = existsSync(BUILT) ? NO_ENGINE_REASON : "dist was not built";
const WATCHDOG_MS = 400;
const eventTypes = [CLOSE_X];

const good = handWrittenPack({
  eventTypes,
  evaluate: "(i32.store (i32.const 1024) (i32.const 0)) (i32.const 1)",
});

/** Takes the channel of an engine (pidfd_open, pidfd_getfd) and sends one of Node's messages. */
const SPEAK_FOR = `import array, ctypes, socket, sys
call = ctypes.CDLL(None).syscall
channel = socket.socket(fileno=call(438, call(434, int(sys.argv[1]), 0), 3, 0))
frame = b'{"cmd":"NODE_HANDLE","type":"no-such-type"}\\n'
fds = array.array("i", [0])
channel.sendmsg([frame], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])`;

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone in between.
  }
}

/** Does `then` at the third event, nothing before. */
function atThird(then: string): Uint8Array {
  return handWrittenPack({
    eventTypes,
    fields: "(global $n (mut i32) (i32.const 0))",
    evaluate: `(global.set $n (i32.add (global.get $n) (i32.const 1)))
      (if (i32.ge_u (global.get $n) (i32.const 3)) (then ${then})) (i32.const 0)`,
  });
}

interface Running {
  readonly windows: WindowFiles;
  readonly supervisor: Supervisor;
  readonly matches: Match[];
  readonly faults: PackFault[];
  readonly restarts: string[];
  readonly givenUp: EngineFault[];
  replay(events: number): Promise<boolean>;
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** `onRestart` runs before anything else goes on with a successor. */
async function start(
  packs: readonly Uint8Array[],
  onRestart: (running: Running) => Promise<void> = () => Promise.resolve(),
  onMatch: () => void = () => undefined,
): Promise<Running> {
  const windows: WindowFiles = {
    state: { fd: createMemory("test-state", STATE_BYTES_MAX), bytes: STATE_BYTES_MAX },
    replay: { fd: createMemory("test-replay", REPLAY_BYTES_MAX), bytes: REPLAY_BYTES_MAX },
    rings: [],
  };
  const [matches, faults, restarts, givenUp] = [[], [], [], []] as [
    Match[],
    PackFault[],
    string[],
    EngineFault[],
  ];
  const rules = packs.map((pack) => readPack(pack).manifest.rules);
  const supervisor = new Supervisor(
    {
      session: sessionOptions(packs),
      windows,
      limits: reportLimits(rules, []),
      record: false,
      watchdogMs: WATCHDOG_MS,
      offered: () => 0,
    },
    {
      onMatch: (match) => {
        matches.push(match);
        onMatch();
      },
      onFault: (fault) => faults.push(fault),
      onRecorded: () => undefined,
      onRestart: async (reason, origin) => {
        restarts.push(`${origin}: ${reason}`);
        await onRestart(running);
      },
      onGivenUp: (error) => givenUp.push(error),
    },
  );
  cleanUps.push(async () => {
    await supervisor.stop();
    closeFd(windows.state.fd);
    closeFd(windows.replay.fd);
  });
  const replay = async (events: number): Promise<boolean> => {
    const blocks = closeEvents(events);
    writeSync(windows.replay.fd, blocks, 0, blocks.length, 0);
    return (await supervisor.replay(0, blocks.length)) === blocks.length;
  };
  const running = { supervisor, matches, faults, restarts, givenUp, replay, windows };
  await supervisor.start();
  return running;
}

const eventsOf = (matches: readonly Match[], pack: number): readonly number[] =>
  matches.filter((match) => match.pack === pack).map((match) => Number(match.event));

const suite = REASON === "" ? "engine process" : `engine process (skipped: ${REASON})`;

describe.skipIf(REASON !== "")(suite, { timeout: 60_000 }, () => {
  test("evaluates a replay and reports its totals", async () => {
    const { replay, matches, supervisor, restarts } = await start([good]);
    expect(await replay(1_000)).toBe(true);
    const totals = await supervisor.stop();
    expect(totals).toEqual({ hostCalls: 1_000, renderFaults: 0 });
    expect(eventsOf(matches, 0)).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
    expect(restarts).toEqual([]);
    expect(supervisor.matchesLost).toBe(0);
  });

  test("an engine whose matches wait for a slow agent is not stuck", async () => {
    const clock = new Int32Array(new SharedArrayBuffer(4));
    let heard = 0;
    const wordy = handWrittenPack({
      eventTypes,
      rules: [{ output: Array.from({ length: 50 }, () => ({ field: "evt.time.iso8601" })) }],
      evaluate: "(i32.store (i32.const 1024) (i32.const 0)) (i32.const 1)",
    });
    const { replay, matches, restarts } = await start([wordy], undefined, () => {
      heard += 1;
      // Several times the watchdog's patience in all, with its looks in between.
      if (heard % 500 === 0) Atomics.wait(clock, 0, 0, WATCHDOG_MS / 2);
    });
    expect(await replay(9_000)).toBe(true);
    expect(restarts).toEqual([]);
    expect(matches).toHaveLength(9_000);
  });

  test("an endless loop is stopped; every other pack sees every event once", async () => {
    const looping = atThird("(loop $l (br $l))");
    const { replay, matches, faults, restarts, supervisor } = await start([good, looping, good]);
    expect(await replay(5)).toBe(true);
    expect(faults).toMatchObject([{ pack: 1, event: 3n, eventType: CLOSE_X }]);
    expect(faults[0]?.reason).toContain(`${String(WATCHDOG_MS)} ms`);
    expect(restarts).toHaveLength(1);
    expect(restarts[0]).toMatch(/^taken-over: pack 1/);
    expect(eventsOf(matches, 0)).toEqual([1, 2, 3, 4, 5]);
    expect(eventsOf(matches, 2)).toEqual([1, 2, 3, 4, 5]);
    expect(supervisor.matchesLost).toBe(0);
  });

  test("a pack that reports thousands of matches an event costs no other pack an alert", async () => {
    const rules = 2_000;
    const flooding = handWrittenPack({
      eventTypes,
      rules: Array.from({ length: rules }, (_, i) => ({ name: `r${String(i)}` })),
      init: `(local $i i32) (loop $l
        (i32.store (i32.add (i32.const 4096) (i32.shl (local.get $i) (i32.const 2))) (local.get $i))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
          (i32.const ${String(rules)}))))`,
      evaluate: `(i32.const ${String(rules)})`,
      matches: "(i32.const 4096)",
    });
    const { replay, matches, supervisor } = await start([flooding, good]);
    expect(await replay(100)).toBe(true);
    expect(eventsOf(matches, 1)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(matches).toHaveLength(100 * (rules + 1));
    expect(supervisor.matchesLost).toBe(0);
  });

  test("a pack cannot fill memory beyond its own part", async () => {
    const greedy = handWrittenPack({
      eventTypes,
      evaluate: `(local $p i32) (local.set $p (i32.const 0x50000000))
        (loop $l (i32.store8 (local.get $p) (i32.const 1))
          (local.set $p (i32.add (local.get $p) (i32.const 4096)))
          (br_if $l (i32.lt_u (local.get $p) (i32.const 0x7fff0000)))) (i32.const 0)`,
    });
    const { replay, matches, faults, restarts } = await start([greedy, good]);
    expect(await replay(3)).toBe(true);
    expect(faults).toMatchObject([{ pack: 0, event: 1n }]);
    expect(restarts).toEqual([]);
    expect(eventsOf(matches, 1)).toEqual([1, 2, 3]);
  });

  test("a pack in which engines are killed again and again is switched off", async () => {
    const slow = handWrittenPack({ eventTypes, evaluate: "(loop $l (br $l)) (i32.const 0)" });
    const running = await start([slow, good]);
    const { replay, faults, supervisor, matches, givenUp, restarts } = running;
    const replayed = replay(5);
    // As the kernel does for want of memory: each engine that gets as far as the pack.
    for (let kills = 1; kills <= 3; kills++) {
      await expect.poll(() => supervisor.pulse().pack, { interval: 5 }).toBe(0);
      await sleep(WATCHDOG_MS / 8);
      signal(supervisor.pid ?? -1, "SIGKILL");
      await expect.poll(() => restarts.length, { timeout: 10_000 }).toBe(kills);
    }
    expect(await replayed).toBe(true);
    expect(faults).toMatchObject([{ pack: 0 }]);
    expect(faults[0]?.reason).toContain("SIGKILL");
    expect(givenUp).toEqual([]);
    expect(eventsOf(matches, 1)).toEqual([1, 2, 3, 4, 5]);
  });

  test("a pack that loops in init is switched off before anything runs", async () => {
    const looping = handWrittenPack({
      eventTypes,
      init: "(loop $l (br $l))",
      evaluate: "(i32.const 0)",
    });
    const { replay, faults, matches } = await start([looping, good]);
    expect(faults.map((fault) => fault.pack)).toEqual([0]);
    await replay(2);
    expect(eventsOf(matches, 1)).toEqual([1, 2]);
  });

  test("an engine that dies is replaced on the same state", async () => {
    const { replay, matches, restarts, supervisor } = await start([good]);
    await replay(2);
    process.kill(supervisor.pid ?? -1, "SIGKILL");
    await expect.poll(() => restarts.length, { timeout: 10_000 }).toBe(1);
    expect(restarts[0]).toMatch(/^taken-over: .*SIGKILL/);
    await replay(2);
    expect(eventsOf(matches, 0)).toEqual([1, 2, 3, 4]);
  });

  test("an engine that dies while state is read again is replaced, and the reading goes on", async () => {
    const rows: boolean[] = [];
    const running = await start([good], async ({ replay, restarts, supervisor }) => {
      if (restarts.length > 1) return;
      for (let row = 0; row < 3; row++) {
        const read = replay(1_000);
        if (row === 1) signal(supervisor.pid ?? -1, "SIGKILL");
        rows.push(await read);
      }
    });
    const { matches, replay, restarts, supervisor, windows } = running;
    await replay(2);
    const pid = supervisor.pid ?? -1;
    signal(pid, "SIGSTOP");
    // An update was under way.
    writeSync(windows.state.fd, Uint8Array.of(1, 0, 0, 0), 0, 4, HEADER_AT.changing);
    signal(pid, "SIGKILL");
    await expect.poll(() => rows.length, { timeout: 20_000 }).toBe(3);
    expect(rows).toEqual([true, true, true]);
    expect(restarts.map((each) => each.split(":")[0])).toEqual(["torn", "taken-over"]);
    await replay(1);
    // The event whose update was torn may be left without an answer.
    const answered = matches.length + supervisor.matchesLost;
    expect([2 + 3_000, 2 + 3_000 + 1]).toContain(answered);
  });

  test.skipIf(process.geteuid?.() !== 0)(
    "an engine that sends something else, and a descriptor with it, is replaced for it",
    async () => {
      const { replay, matches, restarts, givenUp, supervisor } = await start([good]);
      await replay(2);
      execFileSync("python3", ["-c", SPEAK_FOR, String(supervisor.pid)]);
      await expect.poll(() => restarts.length, { timeout: 10_000 }).toBe(1);
      expect(restarts[0]).toBe(
        "taken-over: the engine process sent an invalid frame: its length is not allowed",
      );
      await replay(2);
      expect(eventsOf(matches, 0)).toEqual([1, 2, 3, 4]);
      expect(givenUp).toEqual([]);
    },
  );

  test("engines that are killed after some progress are replaced every time", async () => {
    const { supervisor, givenUp, restarts, replay, matches } = await start([good]);
    for (let death = 1; death <= 6; death++) {
      await replay(1);
      process.kill(supervisor.pid ?? -1, "SIGKILL");
      await expect.poll(() => restarts.length, { timeout: 10_000 }).toBe(death);
    }
    expect(givenUp).toEqual([]);
    expect(eventsOf(matches, 0)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("an engine that dies while it stops is told of", async () => {
    const { supervisor, faults } = await start([good]);
    process.kill(supervisor.pid ?? -1, "SIGSTOP");
    const stopped = supervisor.stop();
    process.kill(supervisor.pid ?? -1, "SIGKILL");
    expect((await stopped).unfinished).toContain("SIGKILL");
    expect(faults).toEqual([]);
  });

  test("a pack that loops is blamed however little of the CPU its process gets", async () => {
    const { replay, faults, restarts, supervisor } = await start([atThird("(loop $l (br $l))")]);
    // A quarter of one CPU, as the scheduler shares it.
    const others = spawn("taskset", ["-c", "0", "sh", "-c", "while :; do :; done"]);
    execFileSync("taskset", ["-apc", "0", String(supervisor.pid)]);
    setPriority(supervisor.pid ?? -1, 5);
    try {
      expect(await replay(5)).toBe(true);
    } finally {
      others.kill("SIGKILL");
    }
    expect(faults).toMatchObject([{ pack: 0, event: 3n }]);
    expect(restarts).toHaveLength(1);
  });

  test("an engine whose state cannot be restored is given up once, and leaves nothing behind", async () => {
    const failing = (): Promise<void> => Promise.reject(new Error("no /proc"));
    const { supervisor, givenUp, replay } = await start([good], failing);
    expect(await replay(3)).toBe(true);
    signal(supervisor.pid ?? -1, "SIGKILL");
    await expect.poll(() => givenUp.length, { timeout: 10_000, interval: 1 }).toBe(1);
    const successor = supervisor.pid ?? -1;
    await supervisor.stop();
    expect(supervisor.pid).toBeUndefined();
    expect(existsSync(`/proc/${String(successor)}`)).toBe(false);
    await sleep(300);
    expect(supervisor.pid).toBeUndefined();
    expect(givenUp).toHaveLength(1);
  });

  test("an engine that dies at every event is given up in the end", async () => {
    const { supervisor, givenUp, restarts, replay } = await start([good]);
    for (let death = 1; givenUp.length === 0 && death <= 25; death++) {
      await replay(1).catch(() => false);
      signal(supervisor.pid ?? -1, "SIGKILL");
      await expect
        .poll(() => restarts.length === death || givenUp.length > 0, { timeout: 10_000 })
        .toBe(true);
    }
    expect(givenUp[0]?.message).toContain("20 failures within a minute");
  });

  test("an engine whose agent is killed does not outlive it, not even in a loop", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lanner-orphan-"));
    const file = join(folder, "options");
    const looping = handWrittenPack({ eventTypes, evaluate: "(loop $l (br $l)) (i32.const 0)" });
    writeFileSync(file, serialize({ session: sessionOptions([looping]), blocks: closeEvents(1) }));
    const agent = spawn(process.execPath, [AGENT, DIST, file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(agent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    await expect.poll(() => cpuMs(pid), { timeout: 10_000 }).toBeGreaterThan(300);
    agent.kill("SIGKILL");
    await expect.poll(() => existsSync(`/proc/${String(pid)}`), { timeout: 5_000 }).toBe(false);
    rmSync(folder, { recursive: true });
  });

  test("an engine that never gets going is given up", async () => {
    const { supervisor, givenUp } = await start([good]);
    // Each is killed as soon as it is there; none sees an event.
    for (let death = 1; death <= 5; death++) {
      const before = supervisor.pid;
      process.kill(before ?? -1, "SIGKILL");
      await expect
        .poll(() => supervisor.pid !== before || givenUp.length > 0, { timeout: 10_000 })
        .toBe(true);
    }
    await expect.poll(() => givenUp.length, { timeout: 10_000 }).toBe(1);
    expect(givenUp[0]?.message).toContain("given up after 5");
  });
});
