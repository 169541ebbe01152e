import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Alert,
  type AlertFormat,
  DEFAULT_FORMAT,
  formatAlert,
} from "../../host/output/alert.ts";
import { colorPriority, wantsColor } from "../../host/output/colors.ts";
import { toJson } from "../../host/output/json.ts";
import { lossLines, Statistics } from "../../host/output/statistics.ts";
import { StatusLine } from "../../host/output/status-line.ts";
import { isoTime, timeFieldText } from "../../host/output/time.ts";

const TIME = 1_795_317_333_232_186_298n;
const ZONE = process.env["TZ"];

beforeAll(() => {
  process.env["TZ"] = "Asia/Kolkata";
});
afterAll(() => {
  if (ZONE === undefined) delete process.env["TZ"];
  else process.env["TZ"] = ZONE;
});

const format: AlertFormat = { ...DEFAULT_FORMAT, hostname: "h" };

function alert(parts: Partial<Alert>): Alert {
  return {
    rule: "R",
    priority: "Warning",
    source: "syscall",
    tags: [],
    time: TIME,
    output: [],
    values: [],
    ...parts,
  };
}

describe("a text alert", () => {
  test("starts with the local time of day", () => {
    const line = formatAlert(alert({ output: [{ text: "hello" }] }), format);
    expect(line).toBe("08:45:33.232186298: Warning hello");
  });

  test("shows a terminal nothing that it would obey", () => {
    const output = [{ field: "proc.cmdline" }];
    const values = ["\u009b31m\u0085\u2028\u202e\u2066\u200f\u061cé\u{1f600}"];
    const line = formatAlert(alert({ output, values }), format);
    const escapes = String.raw`\u009b31m\u0085\u2028\u202e\u2066\u200f\u061c`;
    expect(line).toBe(`08:45:33.232186298: Warning ${escapes}é\u{1f600}`);
  });

  test("pads nanoseconds that stand for a fraction, in the text only", () => {
    const output = [{ field: "evt.reltime" }, { text: " " }, { field: "evt.reltime.s" }];
    const one = alert({ output, values: [28_150n, 0n] });
    expect(formatAlert(one, format)).toContain("Warning 000028150 0");
    expect(formatAlert(one, { ...format, json: true })).toContain('"evt.reltime":28150');
    expect(formatAlert(alert({ output, values: [null, null] }), format)).toContain("<NA> <NA>");
  });

  test("is escaped like the inside of a JSON string", () => {
    const output = [{ field: "proc.cmdline" }];
    const line = formatAlert(alert({ output, values: ['a "b" \\ \n\u0001\u007f\u00e9'] }), format);
    expect(line).toBe('08:45:33.232186298: Warning a \\"b\\" \\\\ \\n\\u0001\u007f\u00e9');
  });

  test("shows every kind of value", () => {
    const output = ["a", "b", "c", "d", "e", "f"].map((field) => ({ field }));
    const values = [null, -5n, 2.5, true, ["x", "y"], 18_446_744_073_709_551_615n];
    const spaced = output.flatMap((part) => [part, { text: " " }]);
    expect(formatAlert(alert({ output: spaced, values }), format)).toBe(
      "08:45:33.232186298: Warning <NA> -5 2.5 true (x,y) 18446744073709551615 ",
    );
  });

  test("pads and cuts to a width", () => {
    const output = [{ field: "a", width: 4 }, { text: "|" }, { field: "b", width: 2 }];
    expect(formatAlert(alert({ output, values: [1n, "long"] }), format)).toMatch(/1 {3}\|lo$/);
  });

  test("pads and cuts by bytes, as Falco does", () => {
    const output = [{ field: "a", width: 6 }, { text: "|" }, { field: "b", width: 4 }];
    const line = formatAlert(alert({ output, values: ["caf\u00e9", "caf\u00e9"] }), format);
    expect(line).toMatch(/caf\u00e9 \|caf\ufffd$/);
  });

  test("rounds to one decimal as printf does", () => {
    const output = [{ field: "a" }, { text: " " }, { field: "b" }, { text: " " }, { field: "c" }];
    const line = formatAlert(alert({ output, values: [6.25, 18.75, 0.09765625] }), format);
    expect(line).toMatch(/ 6\.2 18\.8 0\.1$/);
  });
});

describe("a JSON alert", () => {
  test("keeps all digits, sorts keys and tags, and prints doubles with a fraction", () => {
    const output = [{ field: "z" }, { field: "a" }, { field: "evt.arg", argument: "flags" }];
    const values = [18_446_744_073_709_551_615n, 3, null];
    const line = formatAlert(alert({ output, values, tags: ["b", "a"] }), {
      ...format,
      json: true,
    });
    expect(line).toBe(
      '{"hostname":"h","output":"08:45:33.232186298: Warning 184467440737095516153.0<NA>",' +
        `"output_fields":{"a":3.0,"evt.arg.flags":null,"evt.time":${String(TIME)},` +
        '"z":18446744073709551615},"priority":"Warning","rule":"R","source":"syscall",' +
        '"tags":["a","b"],"time":"2026-11-22T03:15:33.232186298Z"}',
    );
  });

  test("gives very small and very large doubles an exponent of two digits", () => {
    const values = [100 / 1_048_576, 300 / 1_073_741_816, 0.0001, 0.1, 1e15, 0];
    const output = values.map((_, i) => ({ field: `f${String(i)}` }));
    const line = formatAlert(alert({ output, values }), { ...format, json: true });
    expect(line).toContain(
      '"f0":9.5367431640625e-05,"f1":2.793967744663117e-07,"f2":0.0001,' +
        '"f3":0.1,"f4":1e+15,"f5":0.0',
    );
  });

  test("has only the members that are asked for", () => {
    const bare = {
      ...format,
      json: true,
      includeOutput: false,
      includeOutputFields: false,
      includeTags: false,
      includeMessage: true,
    };
    expect(JSON.parse(formatAlert(alert({ output: [{ text: "m" }] }), bare))).toEqual({
      hostname: "h",
      message: "m",
      priority: "Warning",
      rule: "R",
      source: "syscall",
      time: "2026-11-22T03:15:33.232186298Z",
    });
  });

  test("gives the whole time for most time fields, and parts of the raw time", () => {
    const output = [{ field: "evt.time.s" }, { field: "evt.rawtime.ns" }];
    const line = formatAlert(alert({ output, values: [null, null] }), { ...format, json: true });
    expect(line).toContain(`"evt.time.s":${String(TIME)}`);
    expect(line).toContain('"evt.rawtime.ns":232186298');
    expect(line).toContain("Warning 08:45:33232186298");
  });
});

test("times are the same in every form", () => {
  expect(isoTime(TIME, "+0000")).toBe("2026-11-22T03:15:33.232186298+0000");
  expect(timeFieldText("evt.datetime", TIME)).toBe("2026-11-22 08:45:33.232186298");
  expect(timeFieldText("evt.datetime.s", TIME)).toBe("2026-11-22 08:45:33");
  expect(timeFieldText("evt.rawtime.s", TIME)).toBe("1795317333");
  expect(timeFieldText("proc.name", TIME)).toBeUndefined();
});

test("JSON leaves text beyond ASCII alone", () => {
  expect(toJson({ b: "\u00e9\u2028", a: [true, 1e300] })).toBe(
    '{"a":[true,1e+300],"b":"\u00e9\u2028"}',
  );
});

test("colors go to the priority of the prefix, on terminals only", () => {
  const line = colorPriority("10:00: Warning a Warning", "Warning");
  expect(line).toBe("10:00: \u001b[33mWarning\u001b[0m a Warning");
  expect(wantsColor({ isTTY: true }, {})).toBe(true);
  expect(wantsColor({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
  expect(wantsColor({}, {})).toBe(false);
});

test("statistics count by priority and rule, and losses by reason", () => {
  const statistics = new Statistics();
  statistics.add("b", "Notice");
  statistics.add("a", "Critical");
  statistics.add("b", "Notice");
  expect(statistics.lines()).toEqual([
    "Events detected: 3",
    "Rule counts by severity:",
    "   CRITICAL: 1",
    "   NOTICE: 2",
    "Triggered rules by rule name:",
    "   a: 1",
    "   b: 2",
  ]);
  expect(statistics.atLeast("Error")).toBe(1);
  expect(statistics.atLeast("Debug")).toBe(3);
  const reasons = new Map([
    ["buffer full", 2n],
    ["too large", 0n],
  ]);
  expect(lossLines([{ place: "the kernel", reasons }])).toEqual([
    "Lost at the kernel: buffer full 2",
  ]);
});

test("a rule's name in the statistics obeys no terminal and stays on its line", () => {
  const statistics = new Statistics();
  statistics.add("\u001b[2Jgone\n   forged: 9\u009b", "Notice");
  statistics.add('C:\\ "é" 100 %: ok', "Notice");
  expect(statistics.lines().slice(-2)).toEqual([
    "   ·[2Jgone·   forged: 9·: 1",
    '   C:\\ "é" 100 %: ok: 1',
  ]);
  expect(statistics.counts()).toMatchObject({
    byRule: { "\u001b[2Jgone\n   forged: 9\u009b": 1 },
  });
});

test("a status line is cut to the terminal and erased", () => {
  let written = "";
  const terminal = { isTTY: true, columns: 6, write: (text: string) => (written += text) };
  const status = new StatusLine(terminal);
  status.show("123456789");
  status.clear();
  status.clear();
  expect(written).toBe("\r\u001b[2K12345\r\u001b[2K");
  const unsized: string[] = [];
  const write = (text: string): unknown => unsized.push(text);
  new StatusLine({ isTTY: true, columns: 0, write }).show("watching");
  expect(unsized.join("")).toContain("watching");
  new StatusLine({ write: () => expect.unreachable() }).show("x");
});
