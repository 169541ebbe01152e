/** Finds and loads the compiled addon, once a thread. Others import native.ts, not this. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { NativeError } from "./native-error.ts";
import type {
  CaptureOptions,
  ClassCounters,
  Features,
  ForbiddenCall,
  Jail,
  ProgramRuns,
  Ring,
  Scope,
  Task,
  Window,
} from "./values.ts";

export interface AddonCapture {
  load(interest: Uint8Array): Promise<void>;
  attach(): void;
  detach(): void;
  close(): void;
  rings(): readonly Ring[];
  wakeupFd(): number;
  setInterest(bits: Uint8Array): void;
  setScope(scope: Scope): void;
  setEnabled(enabled: boolean): void;
  setBootTime(ns: bigint): void;
  setSnaplen(bytes: number): void;
  setDropFailed(drop: boolean): void;
  setSyscallCodes(codes: Uint16Array): void;
  tasks(): readonly Task[];
  addToTree(tgid: number): void;
  removeFromTree(tgid: number): void;
  treeMembers(): readonly number[];
  exclude(tgid: number, startTime: bigint): void;
  hold(tgid: number): void;
  awaitCanary(tgid: number, number: number): void;
  sendCanary(number: number): void;
  forgetCanary(): void;
  canariesWritten(): number;
  counters(): readonly ClassCounters[];
  collectStatistics(): void;
  statistics(): readonly ProgramRuns[];
}

export interface AddonWaiter {
  wait(callback: (ready: boolean) => void, timeoutMs: number): void;
  cancel(): void;
  close(): void;
}

export interface Addon {
  createMemory(name: string, bytes: number): number;
  closeFd(fd: number): void;
  enterJail(): Jail;
  tryForbidden(): readonly ForbiddenCall[];
  mapWindow(memory: ArrayBuffer, address: number, window: Window): void;
  sealPages(memory: ArrayBuffer, address: number, bytes: number): void;
  unmapWindow(memory: ArrayBuffer, address: number, bytes: number): void;
  probe(): Features;
  bootTimeNs(): bigint;
  readonly Waiter: new (fds: readonly number[]) => AddonWaiter;
  /** Missing when the addon was built without libbpf. */
  readonly Capture?: new (
    options: CaptureOptions,
  ) => AddonCapture;
}

/** The same distance from host/native and from dist/native. */
const ADDON_FILE = fileURLToPath(new URL("../../build/lanner.node", import.meta.url));

let loaded: Addon | undefined;

/** @throws NativeError NO_ADDON when it was not built or does not fit this machine. */
export function addon(): Addon {
  loaded ??= load();
  return loaded;
}

function load(): Addon {
  try {
    return createRequire(import.meta.url)(ADDON_FILE) as Addon;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = `cannot load ${ADDON_FILE}: ${reason}; build it with \`npm run setup\``;
    throw new NativeError("NO_ADDON", advice, { cause });
  }
}
