import { describe, expect, test } from "vitest";
import { AlertPrinter } from "../../host/agent/alert-printer.ts";
import { AlertSink } from "../../host/agent/alert-sink.ts";
import { DropActions } from "../../host/agent/drop-actions.ts";
import { LossMonitor } from "../../host/agent/loss-monitor.ts";
import { Notices } from "../../host/agent/notices.ts";
import { DEFAULTS } from "../../host/config/load.ts";
import { DEFAULT_FORMAT } from "../../host/output/alert.ts";

const RULE = {
  name: "shadow read",
  priority: "Warning",
  source: "syscall",
  tags: [],
  description: "",
  output: [{ text: "x" }],
} as const;
const PACK = {
  abi: 0,
  name: "p",
  rules: [RULE],
  eventTypes: [],
  syscalls: [],
  dataBytes: 0,
} as const;

function scene(config: Partial<typeof DEFAULTS.syscall_event_drops> = {}, json = false) {
  const text = { out: "", err: "" };
  const kernel = { written: 0, ringFull: 0 };
  const engine = new Map<string, bigint>();
  const clock = { now: 0 };
  const exits: string[] = [];
  const printer = new AlertPrinter({
    packs: [PACK],
    appended: [],
    format: { ...DEFAULT_FORMAT, json, hostname: "h" },
    out: { write: (part) => (text.out += part) },
    color: false,
  });
  const drops = new DropActions(
    { ...DEFAULTS.syscall_event_drops, ...config },
    { alert: printer.printInternal.bind(printer), exit: (reason) => exits.push(reason) },
    0,
  );
  const monitor = new LossMonitor({
    kernel: () => ({
      written: kernel.written,
      lost: kernel.ringFull,
      byReason: { ringFull: kernel.ringFull },
      byClass: { open: kernel.ringFull },
    }),
    reasonText: { ringFull: "buffer full" },
    engine: () => new Map(engine),
    drops,
    printer,
    notices: new Notices({ write: (part) => (text.err += part) }),
    now: () => clock.now,
  });
  const second = (): void => {
    clock.now += 1_000;
    monitor.look();
  };
  return { text, kernel, engine, printer, second, exits };
}

describe("losses while running", () => {
  test("events lost in the kernel are reported by reason and class, once", () => {
    const { text, kernel, second } = scene();
    kernel.written = 1_000;
    kernel.ringFull = 312;
    second();
    second();
    expect(text.err).toBe(
      "lanner: 312 events lost in the kernel (buffer full 312; by class: open 312)\n",
    );
    expect(text.out).toMatch(
      /: Debug Falco internal: syscall event drop\. 312 system calls dropped in last second/,
    );
    expect(text.out).toMatch(/n_drops="312" n_drops_buffer_total="312"/);
    expect(text.out).toContain('n_drops_buffer_open_exit="312"');
  });

  test("engine losses and merged alerts are internal alerts as well", () => {
    const { text, engine, printer, second } = scene({}, true);
    engine.set("no room for a thread", 3n);
    printer.merge({ pack: 0, rule: 0, count: 12_000, first: 0n, last: 1_000_000_000n });
    second();
    expect(text.err).toContain("lost: no room for a thread 3");
    expect(text.err).toContain("alerts merged: rule 'shadow read' ×12000 in 1.0 s");
    const alerts = text.out.trim().split("\n");
    expect(alerts.map((line) => JSON.parse(line) as object)).toMatchObject([
      { source: "internal", output_fields: { "no room for a thread": "3" } },
      { source: "internal", output_fields: { count: "12000", rule: "shadow read" } },
    ]);
    expect(printer.statistics.atLeast("Warning")).toBe(12_000);
    expect(printer.statistics.counts()).toMatchObject({ mergedByRule: { "shadow read": 12_000 } });
  });

  test("syscall_event_drops acts as Falco's", () => {
    const below = scene({ threshold: 0.1 });
    below.kernel.written = 950;
    below.kernel.ringFull = 50;
    below.second();
    expect(below.text.out).toBe("");
    const above = scene({ threshold: 0.1, rate: 0.03, actions: ["alert", "exit"] });
    for (let i = 0; i < 5; i++) {
      above.kernel.written += 100;
      above.kernel.ringFull += 50;
      above.second();
    }
    expect(above.text.out.split("\n")).toHaveLength(2);
    expect(above.exits).toHaveLength(1);
    const ignored = scene({ actions: ["ignore"] });
    ignored.kernel.ringFull = 5;
    ignored.second();
    expect(ignored.text).toEqual({ out: "", err: "" });
    const simulated = scene({ threshold: 0.5, simulate_drops: true });
    simulated.kernel.written = 100;
    simulated.second();
    expect(simulated.text.out).toContain("1 system calls dropped");
  });
});

test("a reader that stands still costs bounded memory, and a rare rule's line is kept", () => {
  const stream = { writableLength: 0, text: "", written: [] as (() => void)[] };
  const sink = new AlertSink({
    get writableLength() {
      return stream.writableLength;
    },
    write(text, written) {
      stream.text += text;
      stream.writableLength += text.length;
      if (written !== undefined) stream.written.push(written);
    },
  });
  const line = `${"x".repeat(999)}\n`;
  for (let i = 0; i < 50_000; i++) sink.write(1, line);
  sink.write(2, "rare\n");
  expect(stream.text.length).toBeLessThan(300_000);
  expect(sink.dropped).toBeGreaterThan(47_000);
  stream.writableLength = 0;
  stream.written.shift()?.();
  expect(stream.text).toContain("rare\n");
  for (let i = 0; i < 100; i++) {
    stream.writableLength = 0;
    stream.written.shift()?.();
  }
  sink.flush();
  const printed = stream.text.split("\n").length - 1;
  expect(printed + sink.dropped).toBe(50_001);
});
