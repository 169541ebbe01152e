/** All fields of some events of a stream, read once, to be asked again and again. */
import { EVENTS, eventByCode } from "../../host/schema/events.ts";
import { FIELDS } from "../../host/schema/fields.ts";
import type { Field } from "../../host/schema/types.ts";
import type { EventFields, Rendered } from "../support/interpret/values.ts";
import { Observer } from "./observer.ts";
import type { Random } from "./random.ts";
import type { Stream } from "./stream.ts";

const ANCESTORS_MAX = 100;

/** Arguments that are asked for, by field. Parameters have the names of their own event. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  "proc.env": ["PATH", "HOME", "SHELL", "PWD", "none"],
  "proc.aenv": ["PATH", "HOME", "SHELL"],
  "thread.cgroup": ["cpuset", "memory", "pids", "cpu"],
  "evt.abspath": ["src", "dst"],
  "evt.type.is": ["open", "openat", "execve", "sendto", "close", "clone", "read", "connect"],
  "container.label": ["io.buildah.version", "app", "maintainer"],
};
const MOUNT_KEYS = ["0", "1", "/proc", "/dev*", "*"];
const ENDS = ["0", "1"];
const INDEXES = ["0", "1", "2", "3"];

/** Arguments worth asking for; null stands for none. */
export function argumentsOf(field: Field): readonly (string | null)[] {
  const { accessor, argument, name } = field;
  if (accessor === null) return [null];
  const plain = accessor.plain === null ? [] : [null];
  if (field.flags.includes("filter_only") && plain.length === 0) return ENDS;
  if (argument === null || accessor.indexed === null) return plain;
  if (argument.kind === "index") return [...plain, ...INDEXES];
  const mounts = name.startsWith("container.mount") ? MOUNT_KEYS : [];
  return [...plain, ...(KEYS[name] ?? mounts)];
}

const ORDINARY = FIELDS.filter(
  ({ name, accessor }) => accessor !== null && name !== "evt.arg" && name !== "evt.rawarg",
);
const CHAINS: readonly string[] = [
  "proc.aname",
  "proc.aexe",
  "proc.aexepath",
  "proc.acmdline",
  "proc.apid",
];
const KNOWN = new Set(ORDINARY.flatMap((f) => argumentsOf(f).map((a) => keyOf(f.name, a))));

export function keyOf(field: string, argument: string | null): string {
  return argument === null ? field : `${field}[${argument}]`;
}

export class Snapshot implements EventFields {
  readonly stream: string;
  readonly number: bigint;
  readonly type: number;
  readonly values = new Map<string, Rendered>();

  constructor(stream: string, observer: Observer) {
    this.stream = stream;
    this.number = observer.number;
    this.type = observer.type;
    const keep = (field: string, argument: string | null): boolean => {
      const value = observer.read(field, argument);
      if (value !== undefined) this.values.set(keyOf(field, argument), value);
      return value !== undefined;
    };
    for (const field of ORDINARY)
      for (const argument of argumentsOf(field)) keep(field.name, argument);
    for (const name of CHAINS) {
      for (let level = 0; level < ANCESTORS_MAX && keep(name, String(level)); level++);
    }
    eventByCode(this.type)?.params.forEach(({ name }, i) => {
      keep("evt.arg", name);
      keep("evt.arg", String(i));
      keep("evt.rawarg", name);
    });
  }

  read(field: string, argument: string | null): Rendered | undefined {
    const key = keyOf(field, argument);
    const value = this.values.get(key);
    const isAsked = value !== undefined || KNOWN.has(key) || /^evt\.(?:raw)?arg$/.test(field);
    if (isAsked || (CHAINS.includes(field) && argument !== null)) return value;
    const known = FIELDS.find(({ name }) => name === field);
    if (known?.accessor !== null) throw new Error(`${key} was not read`);
    return undefined;
  }
}

/** About `wanted` events of the stream, spread over it. */
export function snapshots(stream: Stream, wanted: number, random: Random): Snapshot[] {
  let count = 0;
  const counter = new Observer(stream, () => count++);
  for (const row of stream.rows) counter.replay(row);
  const found: Snapshot[] = [];
  const taker = new Observer(stream, (observer) => {
    if (random.chance(wanted / count)) found.push(new Snapshot(stream.name, observer));
  });
  for (const row of stream.rows) taker.replay(row);
  return found;
}

/** Names of parameters, each once. */
export const PARAM_NAMES: readonly string[] = [
  ...new Set(EVENTS.flatMap(({ params }) => params.map(({ name }) => name))),
];
