/**
 * Turns the steps of a rule test into event blocks: processes into state, everything else into the
 * event of a system call. Steps act for the process that was named last, unless they say `by`.
 */
import { nearest } from "../diagnostics/nearest.ts";
import { bootstrapProcesses } from "../replay/bootstrap.ts";
import { encodeEvent, eventBlock, type ParamValue } from "../replay/encode.ts";
import { EVENTS, eventsByName } from "../schema/events.ts";
import { syscallByName } from "../schema/syscalls.ts";
import type { EventSchema } from "../schema/types.ts";
import {
  ACTOR_KEYS,
  type Actor,
  cgroupsOf,
  containerJson,
  describeActor,
  INIT,
  integer,
  processEntry,
  SHELL,
  text,
  type Values,
} from "./test-actors.ts";
import { maybe, type TestStep } from "./test-file.ts";
import { expand, FRIENDLY_STEPS } from "./test-steps.ts";
import { BadTestValue, listOf, paramValue } from "./test-values.ts";

const ASYNC_EVENT = 402;
const EXECVE = 293;
const GENERIC = 1;
const NO_TID = -1n;
/** 2026-01-01T00:00:00Z; each event is a microsecond after the one before. */
const START = 1_767_225_600_000_000_000n;
const PID_FIRST = 1_000;

const BY_CODE: ReadonlyMap<number, EventSchema> = new Map(EVENTS.map((e) => [e.code, e]));

/** Process ids and time go on from test to test, so that tests can share an engine. */
export class TestWorld {
  #time = START;
  #nextPid = PID_FIRST;
  #blocks: Buffer[] = [];
  #actors = new Map<string, Actor>();
  #current: Actor = SHELL;
  #nextFd = 3;
  #containers = new Set<string>();
  #used = new Set<number>();

  /** Whether a process id that these steps choose themselves was another process's before. */
  collides(steps: readonly TestStep[]): boolean {
    return steps.some((step) => pidsIn(step.values).some((pid) => this.#used.has(pid)));
  }

  /** The engine is a new one: nothing of the tests so far is in its state. */
  forget(): void {
    this.#used = new Set();
  }

  /** Event blocks of one test. Throws BadTestValue. */
  blocksOf(steps: readonly TestStep[]): Buffer {
    this.#blocks = [];
    this.#actors = new Map();
    this.#containers = new Set();
    this.#nextFd = 3;
    this.#introduce(INIT);
    this.#introduce(SHELL);
    steps.forEach((step, i) => {
      try {
        this.#step(step);
      } catch (error) {
        if (!(error instanceof BadTestValue || error instanceof RangeError)) throw error;
        throw new BadTestValue(`event ${i + 1} (${step.kind}): ${error.message}`, { cause: error });
      }
    });
    return Buffer.concat(this.#blocks);
  }

  #step({ kind, values }: TestStep): void {
    const by = values["by"] === undefined ? this.#current : this.#actor(values["by"]);
    switch (kind) {
      case "process":
        this.#process(values);
        return;
      case "spawn":
        this.#spawn(by, values);
        return;
      case "exec":
        this.#exec(by, values);
        return;
      default:
        for (const call of expand({ kind, values }, this.#nextFd)) this.#call(by, call);
    }
  }

  /** A process that is there already. */
  #process(values: Values): void {
    allow(values, [...ACTOR_KEYS, "pid", "parent", "by"]);
    const { parent } = values;
    if (isMap(parent)) this.#process(parent);
    const base = isMap(parent) ? this.#current : parent === undefined ? SHELL : this.#actor(parent);
    const pid = integer(values, "pid") ?? this.#freePid();
    this.#introduce(describeActor({ ...base, pid, ppid: base.pid, vpid: pid }, values));
  }

  /** A child of the acting process that becomes another program. */
  #spawn(by: Actor, values: Values): void {
    const pid = this.#freePid();
    this.#introduce({ ...by, pid, ppid: by.pid, vpid: pid });
    this.#exec(this.#current, values);
  }

  #exec(by: Actor, values: Values): void {
    allow(values, [...ACTOR_KEYS, "res", "by"]);
    if (text(values, "path") === undefined) throw new BadTestValue("it needs a 'path'");
    const actor = describeActor(by, values);
    this.#tellContainer(actor);
    const res = paramValue({ name: "res", type: "ERRNO" }, values["res"]);
    this.#event(EXECVE, BigInt(by.pid), execParams(actor, res));
    if (values["res"] === undefined || values["res"] === 0) this.#remember(actor);
  }

  /** The event of one system call, with parameters by their names. */
  #call(by: Actor, { kind, values }: TestStep): void {
    const schema = exitEvent(kind);
    const known = schema.params.map((param) => param.name);
    const own = Object.fromEntries(Object.entries(values).filter(([key]) => key !== "by"));
    if (schema.code === GENERIC) {
      allow(own, []);
      const code = syscallByName(kind)?.code ?? 0;
      this.#event(GENERIC, BigInt(by.pid), [code, code]);
      return;
    }
    allow(own, known);
    const params = schema.params.map((param) => paramValue(param, own[param.name]));
    if (schema.flags.includes("creates_fd")) this.#nextFd++;
    this.#event(schema.code, BigInt(by.pid), params);
  }

  #introduce(actor: Actor): void {
    this.#tellContainer(actor);
    this.#blocks.push(bootstrapProcesses([processEntry(actor)], 0n).blocks);
    this.#remember(actor);
  }

  #freePid(): number {
    while (this.#used.has(this.#nextPid)) this.#nextPid++;
    return this.#nextPid++;
  }

  #remember(actor: Actor): void {
    if (actor.pid !== INIT.pid && actor.pid !== SHELL.pid) this.#used.add(actor.pid);
    this.#actors.set(actor.name, actor);
    this.#actors.set(String(actor.pid), actor);
    this.#current = actor;
  }

  #actor(named: unknown): Actor {
    const known = this.#actors.get(String(named));
    if (known !== undefined) return known;
    const near = nearest(String(named), this.#actors.keys());
    throw new BadTestValue(`no process '${String(named)}' before it${maybe(near)}`);
  }

  #tellContainer({ container }: Actor): void {
    if (container === null || this.#containers.has(container.id)) return;
    this.#containers.add(container.id);
    const json = Buffer.from(`${containerJson(container)}\0`);
    this.#event(ASYNC_EVENT, NO_TID, [0, "container", json]);
  }

  #event(type: number, tid: bigint, params: readonly ParamValue[]): void {
    this.#time += 1_000n;
    this.#blocks.push(eventBlock(encodeEvent({ type, tid, time: this.#time }, params)));
  }
}

function exitEvent(name: string): EventSchema {
  const event = eventsByName(name).find(({ code, kind }) => code % 2 === 1 && kind === "syscall");
  if (event !== undefined && event.code !== GENERIC) return event;
  const generic = BY_CODE.get(GENERIC);
  if (syscallByName(name)?.event === null && generic !== undefined) return generic;
  const names = EVENTS.filter(({ kind }) => kind === "syscall").map((one) => one.name);
  const near = nearest(name, [...names, ...FRIENDLY_STEPS, "process", "spawn", "exec"]);
  throw new BadTestValue(`there is no such step or system call${maybe(near)}`);
}

function pidsIn(values: Values): readonly number[] {
  const own = typeof values["pid"] === "number" ? [values["pid"]] : [];
  return isMap(values["parent"]) ? [...own, ...pidsIn(values["parent"])] : own;
}

/** Refuses keys that nothing reads. */
function allow(values: Values, keys: readonly string[]): void {
  for (const key of Object.keys(values)) {
    if (keys.includes(key)) continue;
    const all = keys.length === 0 ? "it takes none" : `there are ${keys.join(", ")}`;
    throw new BadTestValue(`unknown key '${key}'; ${all}`);
  }
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null;
}

/** In the order of the event's parameters. */
function execParams(actor: Actor, res: ParamValue): ParamValue[] {
  const { pid, ppid, vpid, argv, cwd, name, tty, loginuid, capabilities, uid, gid } = actor;
  return [
    ...[res, argv[0] ?? "", listOf(argv.slice(1)), pid, pid, ppid, cwd, 1_024, 0, 0, 0, 0, 0],
    ...[Buffer.from(name, "latin1"), cgroupsOf(actor), listOf(actor.env), tty, vpid, loginuid],
    ...[actor.exeFlags, 0n, capabilities, capabilities, 0, 0, 0, uid, actor.exePath, pid, gid],
    actor.exePath,
  ];
}
