import { afterEach, describe, expect, test } from "vitest";
import { compileRules } from "../../host/compile/compile.ts";
import { PackError, readPack } from "../../host/engine/pack.ts";
import { REPLAY_BASE, STATE_BASE } from "../../host/schema/memory.ts";
import { CLOSE_X, NO_ENGINE_REASON, openSession, type TestSession } from "../support/engine.ts";
import { handWrittenPack, withSection } from "../support/pack.ts";

const suite = NO_ENGINE_REASON === "" ? "session" : `session (skipped: ${NO_ENGINE_REASON})`;
const eventTypes = [CLOSE_X];

/** Reports rule 0 for every event. */
const good = handWrittenPack({
  name: "good",
  eventTypes,
  evaluate: "(i32.store (i32.const 1024) (i32.const 0)) (i32.const 1)",
  rules: [{ output: [{ text: "n=" }, { field: "evt.num" }] }],
});

const opened: TestSession[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

function open(...args: Parameters<typeof openSession>): TestSession {
  const each = openSession(...args);
  opened.push(each);
  return each;
}

describe.skipIf(NO_ENGINE_REASON !== "")(suite, () => {
  test("a pack that matches is heard once per event, with its fields", () => {
    const { feed, matches, faults, session } = open([good]);
    expect(feed(3)).toBe(0);
    expect(faults).toEqual([]);
    expect(matches.map(({ pack, rule, event, time }) => ({ pack, rule, event, time }))).toEqual([
      { pack: 0, rule: 0, event: 1n, time: 1_000_000_000n },
      { pack: 0, rule: 0, event: 2n, time: 1_000_001_000n },
      { pack: 0, rule: 0, event: 3n, time: 1_000_002_000n },
    ]);
    expect(matches.map((match) => match.values)).toEqual([[1n], [2n], [3n]]);
    expect(session.hostCalls).toBe(3);
  });

  test("evt.around matches what is near enough, and the host has its name", async () => {
    const rule = (name: string, condition: string): string =>
      `- {rule: ${name}, desc: d, priority: INFO, output: "%evt.hostname", condition: "${condition}"}\n`;
    const text = [
      rule("far", "evt.type = close and evt.around[1099999999] = 99"),
      rule("near", "evt.type = close and evt.around[1099999999] = 100"),
      rule("after", "evt.type = close and evt.around[900000001] = 100"),
    ].join("");
    const { pack } = await compileRules([{ name: "r.yaml", text }], {});
    const { feed, matches, session } = open([pack?.wasm ?? Buffer.alloc(0)]);
    session.setHost({ networks: [], hostname: "demo" });
    feed(1);
    expect(matches.map(({ rule, values }) => ({ rule, values }))).toEqual([
      { rule: 1, values: ["demo"] },
      { rule: 2, values: ["demo"] },
    ]);
  });

  test("a pack that does not subscribe to a type is not called", () => {
    const { feed, matches, session } = open([
      handWrittenPack({ eventTypes: [CLOSE_X + 2], evaluate: "(i32.const 1)" }),
    ]);
    feed(2);
    expect(matches).toEqual([]);
    expect(session.hostCalls).toBe(0);
  });

  test("with matching 'first' only the first of several rules is reported", () => {
    const evaluate =
      "(i32.store (i32.const 1024) (i32.const 1)) (i32.store (i32.const 1028) (i32.const 2)) (i32.const 2)";
    const pack = handWrittenPack({ eventTypes, evaluate, rules: [{}, {}, {}] });
    const all = open([pack]);
    all.feed(1);
    expect(all.matches.map((match) => match.rule)).toEqual([1, 2]);
    const first = open([pack], { matching: "first" });
    first.feed(1);
    expect(first.matches.map((match) => match.rule)).toEqual([1]);
  });

  const windows = [
    ["state window", STATE_BASE],
    ["state window, counters", STATE_BASE + 2_048],
    ["replay window", REPLAY_BASE],
  ] as const;
  const stores = [
    ["i32.store", "(i32.const 7)"],
    ["i64.store", "(i64.const 7)"],
    ["i32.store8", "(i32.const 7)"],
    ["v128.store", "(v128.const i32x4 7 7 7 7)"],
  ] as const;
  for (const [where, address] of windows) {
    test.each(stores)(`a store (%s) to the ${where} traps and changes nothing`, (store, value) => {
      const evil = handWrittenPack({
        eventTypes,
        evaluate: `(${store} (i32.const ${String(address)}) ${value}) (i32.const 0)`,
      });
      const { feed, faults, matches, session } = open([evil, good]);
      // What the engine itself writes at these addresses does not depend on the pack.
      const calm = open([handWrittenPack({ eventTypes, evaluate: "(i32.const 0)" }), good]);
      feed(3);
      calm.feed(3);
      expect(faults).toMatchObject([{ pack: 0, event: 1n, eventType: CLOSE_X }]);
      expect(faults[0]?.reason).toContain("out of bounds");
      const bytes = (of: TestSession): Uint8Array =>
        new Uint8Array(of.session.memory.buffer, address, 16).slice();
      if (address !== STATE_BASE + 2_048) {
        expect(bytes({ session } as TestSession)[0]).toBe(bytes(calm)[0]);
      }
      expect(matches.map((match) => match.event)).toEqual([1n, 2n, 3n]);
    });
  }

  const traps = [
    ["unreachable", "(unreachable)"],
    ["division by zero", "(i32.div_u (i32.const 1) (i32.const 0))"],
    ["a read beyond memory", "(i32.load (i32.const -4))"],
    ["endless recursion", "(call $down)"],
  ] as const;
  test.each(traps)("%s in one pack leaves those before and behind it running", (_, evaluate) => {
    const fields = "(func $down (result i32) (i32.add (call $down) (i32.const 1)))";
    const evil = handWrittenPack({ eventTypes, evaluate, fields });
    const { feed, faults, matches } = open([good, evil, good]);
    feed(2);
    expect(faults).toMatchObject([{ pack: 1, event: 1n }]);
    expect(matches.map(({ pack, event }) => `${String(pack)}@${String(event)}`)).toEqual([
      "0@1",
      "2@1",
      "0@2",
      "2@2",
    ]);
  });

  test("several packs that trap at the same event are all switched off", () => {
    const evil = handWrittenPack({ eventTypes, evaluate: "(unreachable)" });
    const { feed, faults, matches } = open([evil, evil, good, evil]);
    feed(2);
    expect(faults.map((fault) => fault.pack)).toEqual([0, 1, 3]);
    expect(matches.map((match) => match.pack)).toEqual([2, 2]);
  });

  const lies: readonly (readonly [string, Parameters<typeof handWrittenPack>[0], string])[] = [
    [
      "a rule that it does not have",
      { eventTypes, evaluate: "(i32.store (i32.const 1024) (i32.const 9)) (i32.const 1)" },
      "does not have",
    ],
    ["the same rule twice", { eventTypes, evaluate: "(i32.const 2)" }, "does not have"],
    [
      "matches outside its private memory",
      { eventTypes, evaluate: "(i32.const 1)", matches: `(i32.const ${String(STATE_BASE - 2)})` },
      "outside",
    ],
    [
      "matches at the end of the address space",
      { eventTypes, evaluate: "(i32.const 1)", matches: "(i32.const -1)" },
      "outside",
    ],
    [
      "more matches than allowed",
      { eventTypes, evaluate: "(i32.const -1)", matches: "(i32.const 0)" },
      "does not have",
    ],
    [
      "nothing, by trapping in matches",
      { eventTypes, evaluate: "(i32.const 1)", matches: "(unreachable)" },
      "unreachable",
    ],
  ];
  test.each(lies)("a pack that reports %s is switched off", (_, pack, reason) => {
    const { feed, faults, matches } = open([handWrittenPack(pack), good]);
    feed(2);
    expect(faults.map((fault) => fault.pack)).toEqual([0]);
    expect(faults[0]?.reason).toContain(reason);
    expect(matches.map((match) => match.pack)).toEqual([1, 1]);
  });

  const unfit: readonly (readonly [string, Uint8Array, string])[] = [
    [
      "imports a function",
      handWrittenPack({
        eventTypes,
        evaluate: "(call $f) (i32.const 0)",
        fields: '(import "env" "f" (func $f))',
      }),
      "imports something other than env.memory",
    ],
    [
      "traps in init",
      handWrittenPack({ eventTypes, evaluate: "(i32.const 0)", init: "(unreachable)" }),
      "unreachable",
    ],
    ["is no module", Buffer.from("not wasm"), "no WebAssembly module"],
    [
      "has data in the state window",
      handWrittenPack({
        eventTypes,
        evaluate: "(i32.const 0)",
        fields: `(data (i32.const ${String(STATE_BASE)}) "hello")`,
      }),
      "its data reaches beyond",
    ],
    [
      "has a huge table",
      handWrittenPack({
        eventTypes,
        evaluate: "(i32.const 0)",
        fields: "(table 10000000 funcref)",
      }),
      "10000000 entries",
    ],
    [
      "has another ABI",
      handWrittenPack({ eventTypes, evaluate: "(i32.const 0)", manifest: { abi: 99 } }),
      "ABI 99",
    ],
  ];
  test("a pack that declares memory beyond its own is refused: its stores would not trap", () => {
    const evaluate = `(i32.store (i32.const ${String(STATE_BASE)}) (i32.const 7)) (i32.const 0)`;
    const { faults } = open([handWrittenPack({ eventTypes, evaluate, memoryPages: 32_768 })]);
    expect(faults[0]?.reason).toContain("its memory is not of exactly");
  });

  test.each(unfit)("a pack that %s is refused, the others run", (_, bytes, reason) => {
    const { feed, faults, matches } = open([bytes, good]);
    expect(faults).toMatchObject([{ pack: 0, event: 0n }]);
    expect(faults[0]?.reason).toContain(reason);
    feed(1);
    expect(matches.map((match) => match.pack)).toEqual([1]);
  });

  test("a pack that could grow its memory over the windows is refused", () => {
    const grown = handWrittenPack({
      eventTypes,
      evaluate: "(i32.eq (memory.grow (i32.const 1)) (i32.const -1))",
    });
    expect(open([grown]).faults[0]?.reason).toContain("memory.grow");
  });

  test("without a trap handler a store stays in the pack's own copy", () => {
    const evil = handWrittenPack({
      eventTypes,
      evaluate: `(i32.store (i32.const ${String(STATE_BASE + 8)}) (i32.const 99)) (i32.const 0)`,
    });
    const { feed, session, faults } = open([evil, good], { mode: "private" });
    const version = new DataView(session.memory.buffer).getUint32(STATE_BASE + 8, true);
    feed(1);
    expect(faults).toEqual([]);
    expect(new DataView(session.memory.buffer).getUint32(STATE_BASE + 8, true)).toBe(version);
    const own = session.packMemory(0);
    expect(own && new DataView(own.buffer).getUint32(STATE_BASE + 8, true)).toBe(99);
  });

  test("a successor on the same state goes on counting", () => {
    const first = open([good]);
    first.feed(2);
    const { feed, matches, session } = open([good], { windows: first.windows, takeOver: true });
    feed(1);
    expect(session.origin).toBe("taken-over");
    expect(matches.map((match) => match.event)).toEqual([3n]);
  });
});

test("a pack's manifest is checked member by member", () => {
  const module = handWrittenPack({ eventTypes, evaluate: "(i32.const 0)" });
  expect(readPack(module).manifest.rules).toHaveLength(1);
  expect(() => readPack(withSection(module, "lanner.manifest", Buffer.from("{}")))).toThrow(
    PackError,
  );
  expect(() => readPack(withSection(module, "lanner.data", Buffer.from("x")))).toThrow(/bytes/);
  const bad = { rules: [{ name: 1 }] } as never;
  expect(() =>
    readPack(handWrittenPack({ eventTypes, evaluate: "(i32.const 0)", manifest: bad })),
  ).toThrow(/lacks a member/);
});
