/** How many U+FFFD stand for what is no UTF-8. */
import { describe, expect, test } from "vitest";
import { fieldText } from "../../host/engine/field-text.ts";

const R = "\ufffd";

describe("text of a field", () => {
  test.each([
    ["", ""],
    ["plain", "plain"],
    ["t\u00e4st \u6587\u5b57 \u{1f600}", "t\u00e4st \u6587\u5b57 \u{1f600}"],
    ["\ufeffmark", "\ufeffmark"],
    [R, R],
  ])("%j stays", (given, expected) => {
    expect(fieldText(Buffer.from(given))).toBe(expected);
  });

  test.each([
    ["an overlong slash", [0x61, 0xc0, 0xaf, 0x62], `a${R}b`],
    ["a continuation with its follower", [0x80, 0x61, 0x62], `${R}b`],
    ["a lead without its continuation", [0xc3, 0x28], "\u00e8"],
    ["a lead at the end", [0x61, 0xc3], `a${R}`],
    ["three bytes that are overlong", [0xe0, 0x80, 0xaf, 0x61], `${R}a`],
    ["a surrogate", [0xed, 0xa0, 0x80, 0x61], `${R}a`],
    ["three bytes cut at the end", [0xe2, 0x82], `${R}${R}`],
    ["four bytes that are overlong", [0xf0, 0x80, 0x80, 0x80, 0x61], `${R}a`],
    ["no lead at all", [0xff, 0xfe, 0x61], `${R}${R}a`],
  ])("%s", (_, bytes, expected) => {
    expect(fieldText(Uint8Array.from(bytes))).toBe(expected);
  });
});
