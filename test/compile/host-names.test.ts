/** `fd.sip.name` and its kind: conditions compare addresses with those of the names. */
import { describe, expect, test } from "vitest";
import { addressesOfHost } from "../../host/compile/4-check/hosts.ts";
import { makePlan } from "../../host/compile/5-plan/plan.ts";
import { checkFiles } from "../../host/compile/check.ts";
import { explainRule, type RuleExplanation } from "../../host/compile/explain.ts";

const NOWHERE = "no-such-host.invalid";

function explained(condition: string): RuleExplanation | null {
  const rule = `- rule: one\n  condition: evt.type = connect and ${condition}\n`;
  const text = `${rule}  desc: d\n  output: x\n  priority: INFO\n`;
  const { resolved, rules } = checkFiles([{ name: "rules.yaml", text }]);
  const [first] = resolved?.rules ?? [];
  return first === undefined ? null : explainRule(makePlan(rules ?? []), first);
}

function warnings(condition: string): readonly unknown[] {
  const rule = `- rule: one\n  condition: evt.type = connect and ${condition}\n`;
  const text = `${rule}  desc: d\n  output: x\n  priority: INFO\n`;
  return checkFiles([{ name: "rules.yaml", text }]).diagnostics.map(({ problem }) => problem);
}

const fieldsOf = (condition: string): readonly (string | undefined)[] =>
  explained(condition)?.predicates.map(({ field }) => field) ?? [];

describe("host names in conditions", () => {
  test.skipIf(addressesOfHost("localhost").length === 0)(
    "become a test of the address (skipped: no localhost in /etc/hosts)",
    () => {
      expect(fieldsOf("fd.sip.name = localhost")).toContain("fd.sip");
      expect(fieldsOf("fd.rip.name in (localhost)")).toContain("fd.rip");
      expect(warnings("fd.sip.name = localhost")).toEqual([]);
    },
  );

  test("that no table has are never found, and the check says so", () => {
    expect(explained(`fd.sip.name = ${NOWHERE}`)?.eventTypes).toEqual([]);
    expect(explained(`fd.sip.name in (${NOWHERE})`)?.eventTypes).toEqual([]);
    const missing = { code: "field-not-supported", field: "fd.sip.name", host: NOWHERE };
    expect(warnings(`fd.sip.name = ${NOWHERE}`)).toContainEqual(missing);
  });

  test("that no table has differ from every address", () => {
    expect(explained(`fd.cip.name != ${NOWHERE}`)?.eventTypes).toEqual(["connect"]);
    expect(fieldsOf(`fd.cip.name != ${NOWHERE}`)).toContain("fd.cip");
  });

  test("exist wherever there is a descriptor, as a network does", () => {
    expect(fieldsOf("fd.cip.name exists")).toContain("fd.connected");
    expect(fieldsOf("fd.net exists")).toContain("fd.connected");
  });
});
