import { expect, test } from "vitest";
import { generateRules, shapesOf } from "../../host/bench/generate-rules.ts";
import { checkFiles } from "../../host/compile/check.ts";

const RULES = `
- macro: spawned
  condition: evt.type = execve and evt.res = 0
- rule: Shell
  desc: d
  condition: spawned and proc.name in (bash, zsh) and fd.name startswith /etc
  output: shell %proc.name
  priority: NOTICE
`;

test("copies compare the same fields with other names, and keep what is fixed", () => {
  const shapes = shapesOf([{ name: "rules", text: RULES }]);
  const file = generateRules(shapes, 3);
  const { rules, diagnostics } = checkFiles([file]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const conditions = rules?.map(({ definition }) => definition.condition.text) ?? [];
  expect(rules?.map(({ definition }) => definition.name)).toEqual(["Shell", "Shell 1", "Shell 2"]);
  expect(conditions[0]).toContain("(bash, zsh)");
  expect(conditions[1]).toContain("(bash1, zsh1)");
  expect(conditions[2]).toContain("startswith /etc2");
  for (const condition of conditions) expect(condition).toContain("evt.type = execve");
});
