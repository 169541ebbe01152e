/**
 * Every short path over dots, slashes and a letter, below known and unknown directories, against
 * the rule written out character by character.
 */
import { describe, expect, test } from "vitest";
import { encode, task } from "../support/records.ts";
import { WasmEngine } from "./wasm-engine.ts";

const CHARS_MAX = 6;
const ENOENT = -2;
const AT_FDCWD = -100;
const UNKNOWN_FD = 77;

/** `base` is taken as it is; `.` and `..` count only as whole components of the path. */
function joined(base: string, path: string): string {
  const from = path === "" || path.startsWith("/") ? "" : base;
  let text = from;
  let at = 0;
  while (at < path.length) {
    const begins = text === "" || text.endsWith("/");
    const dots = begins ? (/^\.{1,2}(\/|$)/.exec(path.slice(at))?.[0] ?? "") : "";
    if (dots !== "") {
      if (dots.startsWith("..")) text = parent(text);
      at += dots.length;
    } else if (path[at] === "/" && begins && (text !== "" || from !== "")) {
      at += 1;
    } else {
      text += path[at] ?? "";
      at += 1;
    }
  }
  return text.length > 1 && text.endsWith("/") ? text.slice(0, -1) : text;
}

function parent(text: string): string {
  return text.length <= 1 ? text : text.slice(0, text.lastIndexOf("/", text.length - 2) + 1);
}

function* paths(length: number): Generator<string> {
  if (length === 0) yield "";
  else for (const head of paths(length - 1)) for (const tail of "./a") yield head + tail;
}

const ALL = Array.from({ length: CHARS_MAX + 1 }, (_, length) => [...paths(length)]).flat();

/** What `field` says of each path: of an open that failed, below `dirfd`. */
function answers(dirfd: number, field: string, argument = ""): ReadonlyMap<string, unknown> {
  const engine = new WasmEngine();
  engine.feed(task({ tid: 10, ppid: 0, comm: "app", cwd: "/srv/b" }));
  return new Map(
    ALL.map((path) => {
      engine.feed(encode("SYSCALL_OPENAT_2_X", 10, ENOENT, dirfd, path, 1, 0, 0, 0));
      return [path, engine.field(field, argument)];
    }),
  );
}

function wanted(base: string): ReadonlyMap<string, string> {
  return new Map(ALL.map((path) => [path, joined(base, path)]));
}

describe("a path", () => {
  test.each([
    [AT_FDCWD, "fd.name", "/srv/b/"],
    [AT_FDCWD, "evt.abspath", "/srv/b/"],
    [UNKNOWN_FD, "fd.name", "<UNKNOWN>"],
    [UNKNOWN_FD, "evt.abspath", "<UNKNOWN>/"],
  ])("below %d is joined in %s", (dirfd, field, base) => {
    expect(answers(dirfd, field)).toEqual(wanted(base));
  });

  test("has no meaning of its own as a parameter where it is absolute or nothing is left", () => {
    const expected = new Map(
      ALL.map((path) => [path, path.startsWith("/") ? path : joined("", path) || path]),
    );
    expect(answers(UNKNOWN_FD, "evt.arg", "name")).toEqual(expected);
  });
});
