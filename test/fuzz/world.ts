/**
 * A stream of made-up events: a small host with processes, descriptors, users and containers, and
 * calls of every type on them. One part has the values that calls have; the other, of the fuzzer of
 * records, whatever their types allow. State is what the earlier events made of it.
 */
import { encodeEvent, eventBlock, type ParamValue } from "../../host/replay/encode.ts";
import { EVENTS } from "../../host/schema/events.ts";
import type { EventSchema } from "../../host/schema/types.ts";
import type { Random } from "./random.ts";
import { soundEvent } from "./records/events.ts";
import type { Stream } from "./stream.ts";
import { bytesOfParam, textOfParam } from "./world-values.ts";

type EventParam = EventSchema["params"][number];

const START = 1_700_000_000_000_000_000n;
/** Events whose times lie a microsecond apart; the fuzzer of records counts like this. */
const STEP = 1_000n;
/** Of threads and of descriptors: few, so that events speak of the same. */
const IDS = 12;
const FDS = 10;
const ROW_EVENTS = 400;
/** Part of the events whose values are whatever their types allow. */
const ANY_VALUES = 0.3;
const STATE_EVENTS = 0.5;
const PROCESS_EVENTS = 0.15;

const USED = EVENTS.filter(({ kind }) => kind !== "plugin");
const OF_STATE = USED.filter(({ flags }) => flags.includes("modifies_state"));
const OF_PROCESSES = USED.filter(({ id }) =>
  /^(?:SYSCALL_(?:CLONE|CLONE3|FORK|VFORK|EXECVE|EXECVEAT)_\d+_X|ITER_TASK_E|ASYNC)/.test(id),
);

/** So many events, made of the random numbers alone. */
export function world(name: string, count: number, random: Random): Stream {
  const blocks = Array.from({ length: count }, (_, i) =>
    random.chance(ANY_VALUES) ? soundEvent(random, i) : likelyEvent(random, i),
  );
  const rows: Buffer[] = [];
  for (let from = 0; from < count; from += ROW_EVENTS)
    rows.push(Buffer.concat(blocks.slice(from, from + ROW_EVENTS)));
  const networks = [
    { address: Buffer.from([127, 0, 0, 1]), mask: Buffer.from([255, 0, 0, 0]) },
    { address: Buffer.from([192, 168, 50, 10]), mask: Buffer.from([255, 255, 255, 0]) },
  ];
  return { name, networks, rows };
}

function likelyEvent(random: Random, index: number): Buffer {
  const schema = random.pick(typesFor(random));
  const pid = BigInt(1 + random.below(IDS));
  const tid = schema.kind === "iter" ? (pid << 32n) | pid : pid;
  const params = schema.params.map((param, i) => likely(param, random, { schema, index: i, pid }));
  const time = START + BigInt(index) * STEP;
  const event = encodeEvent({ type: schema.code, tid, time }, params);
  return eventBlock(event, { cpu: random.below(4), stateOnly: schema.kind === "iter" });
}

function typesFor(random: Random): readonly EventSchema[] {
  if (random.chance(PROCESS_EVENTS)) return OF_PROCESSES;
  return random.chance(STATE_EVENTS) ? OF_STATE : USED;
}

interface Place {
  readonly schema: EventSchema;
  readonly index: number;
  readonly pid: bigint;
}

function likely(param: EventParam, random: Random, { schema, index, pid }: Place): ParamValue {
  const { name, type } = param;
  if (random.chance(0.01)) return undefined;
  // What a call returns stands first, or is called so.
  if (index === 0 && (type === "FD" || name === "res")) return result(param, random);
  switch (type) {
    case "FD":
    case "FD32":
      return name.endsWith("dirfd") && random.chance(0.5) ? -100 : random.below(FDS);
    case "PID":
    case "PID32":
      return name === "tid" || name === "pid" ? pid : random.below(IDS);
    case "ERRNO":
      return random.below(20);
    case "UID":
    case "GID":
      return random.pick([0, 33, 1000, 4_294_967_295]);
    case "BOOL":
      return random.below(2);
    case "RELTIME":
    case "ABSTIME":
      return random.pick([0n, 5n, 1_500_000_000n, START - 7n, START + 900_000n]);
    case "FLAGS8":
    case "FLAGS16":
    case "FLAGS32":
    case "MODE":
      return flags(type, random);
    case "CHARBUF":
    case "FSPATH":
    case "FSRELPATH":
      return textOfParam(random, { id: schema.id, name });
    default:
      return bytesOfParam(random, { id: schema.id, name, type }) ?? number(param, random);
  }
}

/** Zero or a count, a new descriptor or process, or an error. */
function result({ type }: EventParam, random: Random): number {
  if (random.chance(0.25)) return -random.pick([1, 2, 9, 11, 13, 17, 20, 22, 115]);
  if (type === "FD") return random.below(FDS);
  if (type === "PID") return random.below(IDS);
  return random.pick([0, 0, 0, 1, random.below(FDS), 80]);
}

function flags(type: string, random: Random): number {
  const bits = type === "FLAGS8" ? 8 : 16;
  if (random.chance(0.3)) return 0;
  return random.chance(0.7) ? 1 << random.below(bits) : random.below(1 << bits);
}

function number({ name }: EventParam, random: Random): number {
  if (/^[ug]id$/.test(name)) return random.pick([0, 33, 1000]);
  return random.pick([0, 1, 2, 3, 10, 17, random.below(256)]);
}
