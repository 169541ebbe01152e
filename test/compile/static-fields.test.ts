/** A static field is one output field, however often an output names it. */
import { expect, test } from "vitest";
import { parseExtended } from "../../host/compile/4-check/extend-output.ts";
import { type Alert, DEFAULT_FORMAT, formatAlert } from "../../host/output/alert.ts";

const statics = new Map([["zone", "eu"]]);

function fieldsOf(
  written: string,
  fields: readonly { readonly format: string; readonly under?: string }[] = [],
): { readonly output: string; readonly output_fields: Readonly<Record<string, unknown>> } {
  const parsed = parseExtended(written, { text: "", fields }, statics);
  if (parsed.problem !== null) throw new Error(parsed.problem);
  const alert: Alert = {
    ...{ rule: "r", priority: "Warning", source: "syscall", tags: [], time: 0n, values: [] },
    output: parsed.parts,
  };
  const format = { ...DEFAULT_FORMAT, json: true, isoTime: true, hostname: "h" };
  return JSON.parse(formatAlert(alert, format)) as ReturnType<typeof fieldsOf>;
}

test.each([
  ["twice in the text", "in %static.zone, %static.zone", [], "in eu, eu"],
  ["in the text and as a field", "in %static.zone", [{ format: "%static.zone" }], "in eu"],
  ["twice as a field", "in", [{ format: "%static.zone" }, { format: "%static.zone" }], "in"],
])("%s, it has its value once", (_, written, fields, text) => {
  const { output, output_fields } = fieldsOf(written, fields);
  expect(output).toMatch(new RegExp(`Warning ${text}$`));
  expect(output_fields["static.zone"]).toBe("eu");
});

test("under another name, it is there once under that name", () => {
  const { output_fields } = fieldsOf("in", [{ under: "where", format: "<%static.zone>" }]);
  expect(output_fields["where"]).toBe("<eu>");
  expect(output_fields["static.zone"]).toBeUndefined();
});
