import { expect, test } from "vitest";
import { faultText, Notices } from "../../host/agent/notices.ts";
import type { PackManifest } from "../../host/schema/manifest.ts";

const FORGED = "x\u001b[2J\u009b0m\u202e\r\nlanner: all is well";

function said(speak: (notices: Notices) => void): string {
  let text = "";
  speak(new Notices({ write: (part) => (text += part) }));
  return text;
}

test("the name of a pack forges no line and moves no cursor", () => {
  const packs = [{ name: FORGED } as PackManifest];
  const fault = { pack: 0, reason: `trapped ${FORGED}`, event: 7n, eventType: 5 };
  const text = said((notices) => {
    notices.warn(faultText(fault, packs));
  });
  expect(text.split("\n")).toHaveLength(2);
  expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}](?<!\n)/u);
});

test("a notice of several lines keeps them, and nothing else", () => {
  const text = said((notices) => {
    notices.say("one\ntwo\u001b[31m\u009b");
    notices.lines(["three\u0085\u2066"]);
  });
  expect(text).toBe("lanner: one\ntwo·[31m·\nthree··\n");
});
