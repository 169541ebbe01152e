import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EVENTS } from "../../host/schema/events.ts";
import {
  portableCodes,
  STATE_SYSCALLS,
  SYSCALL_CODES,
  SYSCALLS,
  syscallByName,
  syscallsOfType,
} from "../../host/schema/syscalls.ts";
import { shared } from "../support/shared.ts";

const listing = shared("oracle", "listings", "events.json");

describe("the table of system calls", () => {
  test("has no number twice", () => {
    for (const key of ["code", "name", "x86_64", "aarch64"] as const) {
      const values = SYSCALLS.map((syscall) => syscall[key]).filter((value) => value !== null);
      expect(new Set(values).size, key).toBe(values.length);
    }
    expect(Math.max(...SYSCALLS.map((syscall) => syscall.code))).toBeLessThan(SYSCALL_CODES);
  });

  test("leads to every system call event", () => {
    const ids = new Set(SYSCALLS.map((syscall) => syscall.event));
    const unreachable = EVENTS.filter((e) => e.kind === "syscall" && e.code % 2 === 1)
      .map((event) => event.id)
      .filter((id) => !ids.has(id));
    expect(unreachable).toEqual(["GENERIC_X"]);
  });

  test("knows the calls behind a name that a rule asks for", () => {
    const names = (type: string): string[] => syscallsOfType(type).map((syscall) => syscall.name);
    expect(names("pread")).toEqual(["pread64"]);
    expect(names("setuid")).toEqual(["setuid", "setuid32"]);
    expect(names("getpid")).toEqual(["getpid"]);
    expect(names("useradded")).toEqual([]);
  });

  test("keeps all calls that make or end a process or a descriptor in the state set", () => {
    const expected =
      "clone clone3 fork vfork execve execveat open openat openat2 close dup3 socket";
    expect(STATE_SYSCALLS).toEqual(expect.arrayContaining(expected.split(" ")));
    expect(STATE_SYSCALLS).not.toContain("read");
    expect(STATE_SYSCALLS).not.toContain("sendto");
  });

  test("translates native numbers", () => {
    expect(portableCodes("x86_64")[59]).toBe(syscallByName("execve")?.code);
    expect(portableCodes("aarch64")[221]).toBe(syscallByName("execve")?.code);
    expect(portableCodes("x86_64")[511]).toBe(0);
  });
});

test.skipIf(listing === undefined)(
  "generic events of Falco's list are calls without an event",
  () => {
    const { "Syscall events": listed } = JSON.parse(readFileSync(listing ?? "", "utf8")) as {
      "Syscall events": readonly { name: string; params: readonly (readonly string[])[] }[];
    };
    const theirs = listed.filter((event) => event.params[0]?.[0] === "ID").map(({ name }) => name);
    const ours = SYSCALLS.filter(({ event, name }) => event === null && name !== "unknown");
    expect(ours.map(({ name }) => name).sort()).toEqual([...new Set(theirs)].sort());
  },
);
