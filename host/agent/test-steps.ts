/** Steps that read better than the events they stand for. */

import type { Values } from "./test-actors.ts";
import { integer, text, texts } from "./test-actors.ts";
import { type TestStep } from "./test-file.ts";
import { BadTestValue, endpoint } from "./test-values.ts";

export const FRIENDLY_STEPS: readonly string[] = ["open", "connect", "accept"];

const OPEN_WORDS: ReadonlyMap<string, string> = new Map([
  ["read", "O_RDONLY"],
  ["write", "O_WRONLY"],
  ["read-write", "O_RDWR"],
  ["create", "O_CREAT"],
  ["truncate", "O_TRUNC"],
  ["append", "O_APPEND"],
  ["directory", "O_DIRECTORY"],
]);

/** The system calls of a step; `fd` is the descriptor that the first of them may take. */
export function expand(step: TestStep, fd: number): readonly TestStep[] {
  switch (step.kind) {
    case "open":
      return [opened(step.values, fd)];
    case "connect":
      return connected(step.values, fd);
    case "accept":
      return [accepted(step.values, fd)];
    default:
      return [step];
  }
}

function opened(values: Values, fd: number): TestStep {
  const { path, flags, ...rest } = values;
  if (path === undefined) throw new BadTestValue("it needs a 'path'");
  const words = texts({ flags }, "flags") ?? ["read"];
  const own = words.map((word) => OPEN_WORDS.get(word) ?? word);
  return { kind: "openat", values: { fd, name: path, flags: own, ...rest } };
}

const PROTOCOLS: ReadonlyMap<string, Values> = new Map([
  ["tcp", { type: 1, proto: 6 }],
  ["udp", { type: 2, proto: 17 }],
]);

/** `socket`, unless a descriptor is named, and `connect`. */
function connected(values: Values, nextFd: number): readonly TestStep[] {
  const { to, from, proto, fd, ...rest } = values;
  const peer = text({ to }, "to");
  if (peer === undefined) throw new BadTestValue("it needs 'to', as 192.0.2.1:80");
  const protocol = PROTOCOLS.get(text({ proto }, "proto") ?? "tcp");
  if (protocol === undefined) throw new BadTestValue("'proto' is tcp or udp");
  const own = integer({ fd }, "fd");
  const isFour = endpoint(peer).address.length === 4;
  const family = isFour ? "AF_INET" : "AF_INET6";
  const by = values["by"] === undefined ? {} : { by: values["by"] };
  const socket = { kind: "socket", values: { fd: nextFd, domain: family, ...protocol, ...by } };
  const source = text({ from }, "from") ?? ownEnd(isFour);
  const tuple = `${source}->${peer}`;
  const call = { kind: "connect", values: { tuple, addr: peer, fd: own ?? nextFd, ...rest } };
  return own === undefined ? [socket, call] : [call];
}

function accepted(values: Values, fd: number): TestStep {
  const { from, at, ...rest } = values;
  const peer = text({ from }, "from");
  if (peer === undefined) throw new BadTestValue("it needs 'from', as 192.0.2.1:50000");
  const own = text({ at }, "at") ?? ownEnd(endpoint(peer).address.length === 4);
  return { kind: "accept4", values: { fd, tuple: `${peer}->${own}`, ...rest } };
}

/** Addresses for documentation. */
function ownEnd(isFour: boolean): string {
  return isFour ? "198.51.100.10:40000" : "[2001:db8::10]:40000";
}
