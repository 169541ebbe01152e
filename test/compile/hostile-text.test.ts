/** Text in rules that wants to get out: to the terminal that shows a problem. */
import { describe, expect, test } from "vitest";
import { checkFiles } from "../../host/compile/check.ts";
import { renderText } from "../../host/diagnostics/render-text.ts";

interface Parts {
  readonly name?: string;
  readonly condition?: string;
  readonly output?: string;
  readonly more?: string;
}

/** JSON is YAML: whatever the text, the file holds exactly that. */
function rules({
  name = "one",
  condition = "evt.num = 1",
  output = "x",
  more = "",
}: Parts): string {
  const rule = { rule: name, desc: "d", condition, output, priority: "INFO" };
  return `${more}- ${JSON.stringify(rule)}\n`;
}

function shownFor(text: string): string {
  const files = [{ name: "hostile.yaml", text }];
  return renderText(checkFiles(files).diagnostics, files);
}

const BELL_AND_COLOR = "a\u0007\u001b[31m\u0000\u007f\u009b2J\u202e\u2028\r";
/** What a terminal obeys; line feeds and tabs are the layout's own. */
const OBEYED = /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

describe("what a terminal would obey is not shown", () => {
  test.each([
    ["rule name", { name: BELL_AND_COLOR, condition: "evt.nope = 1" }],
    ["field", { condition: `proc.${BELL_AND_COLOR} = 1` }],
    ["constant", { condition: `evt.num = "${BELL_AND_COLOR}"` }],
    ["list item", { condition: `evt.num in ("${BELL_AND_COLOR}")` }],
    ["macro in a condition", { condition: `"${BELL_AND_COLOR}"` }],
    ["regular expression", { condition: `proc.name regex "(${BELL_AND_COLOR}"` }],
    ["output", { output: `${BELL_AND_COLOR} %evt.${BELL_AND_COLOR}` }],
    ["output field", { output: `%evt.arg[${BELL_AND_COLOR}]` }],
    [
      "macro name",
      { more: `- {"macro": ${JSON.stringify(BELL_AND_COLOR)}, condition: evt.num=1}\n` },
    ],
    ["list name", { more: `- {"list": ${JSON.stringify(BELL_AND_COLOR)}, items: [a]}\n` }],
    ["key", { more: `- {"list": a, items: [a], ${JSON.stringify(BELL_AND_COLOR)}: 1}\n` }],
    ["raw in the file", { more: `# ${BELL_AND_COLOR}\n- list: ${BELL_AND_COLOR}\n` }],
  ])("%s", (_, parts) => {
    const shown = shownFor(rules(parts));
    expect(shown).toMatch(/^hostile\.yaml:\d+:\d+: (error|warning): \S/);
    expect(shown).not.toMatch(OBEYED);
  });
});

test("a name of ten thousand characters is cut in messages", () => {
  const name = "n".repeat(10_000);
  const shown = shownFor(rules({ name, condition: `${name} and evt.num = 1` }));
  expect(shown).toMatch(/^hostile\.yaml:1:\d+: error: \S/);
  expect(shown.length).toBeLessThan(2_000);
});
