/** Made-up events: every type of the schema with values that its parameters may have. */
import { encodeEvent, eventBlock, type ParamValue } from "../../../host/replay/encode.ts";
import { EVENTS } from "../../../host/schema/events.ts";
import type { EventSchema, ParamType } from "../../../host/schema/types.ts";
import type { Random } from "../random.ts";

/** Few ids, so that events speak of the same processes and descriptors. */
const IDS = 12;
const FDS = 8;
const START = 1_700_000_000_000_000_000n;

const WORDS = ["sh", "worker", "a b", "x".repeat(300), "\u00e9\u0000z", "%", ""];
const PATHS = ["/", "/etc/passwd", "../x", "./", "a//b/../c", "//", "/".repeat(1_100), ""];
const CGROUPS = [
  "cpu=/\0memory=/\0",
  `cpuset=/docker/${"ab".repeat(32)}\0`,
  `memory=/libpod_parent/libpod-${"0f".repeat(32)}\0io=x`,
  "==\0\0=",
];
const NUMBERS = [0n, 1n, 2n, 3n, 7n, 8n, 42n, 255n, 1_024n, 65_535n];
const LARGE = [-1n, -2n, -100n, 1n << 31n, (1n << 32n) - 1n, 1n << 63n, -(1n << 63n)];

const CONTAINER = JSON.stringify({
  container: { id: "ab".repeat(6), full_id: "ab".repeat(32), name: "web", type: 0, labels: {} },
});

/** One event block, whole and in order. Times go up with `index`. */
export function soundEvent(random: Random, index: number): Buffer {
  const schema = random.pick(EVENTS);
  const tid = schema.kind === "iter" ? iterId(random) : BigInt(random.below(IDS));
  const time = START + BigInt(index) * 1_000n;
  const params = schema.params.map(({ type }, i) => valueOf(type, random, schema, i));
  const given = random.chance(0.05) ? params.slice(0, random.below(params.length + 1)) : params;
  const further = schema.kind === "iter" ? iterTail(random) : [];
  const event = encodeEvent({ type: schema.code, tid, time }, [...given, ...further]);
  const options = { cpu: random.below(8), stateOnly: random.chance(0.1) };
  return eventBlock(event, options);
}

/** `tgid << 32 | tid`, or the tid alone. */
function iterId(random: Random): bigint {
  const tid = BigInt(random.below(IDS));
  return random.chance(0.5) ? tid : (BigInt(random.below(IDS)) << 32n) | tid;
}

/** What only we write behind the schema's parameters, right or wrong in number and size. */
function iterTail(random: Random): Buffer[] {
  return random.times(random.below(4), () => bytes(random, random.pick([0, 1, 4, 8])));
}

function valueOf(type: ParamType, random: Random, schema: EventSchema, index: number): ParamValue {
  if (random.chance(0.03)) return undefined;
  switch (type) {
    case "CHARBUF":
    case "FSPATH":
    case "FSRELPATH":
      return text(random, schema, index);
    case "BYTEBUF":
      return random.pick([list(random), bytes(random, random.below(64)), Buffer.from(CONTAINER)]);
    case "SOCKADDR":
      return address(random);
    case "SOCKTUPLE":
      return tuple(random);
    case "FDLIST":
      return fdList(random);
    case "CHARBUFARRAY":
    case "CHARBUF_PAIR_ARRAY":
      return list(random);
    case "FD":
    case "FD32":
      return random.chance(0.9) ? BigInt(random.below(FDS)) : random.pick(LARGE);
    case "PID":
    case "PID32":
    case "ERRNO":
      return random.chance(0.8) ? BigInt(random.below(IDS)) : random.pick(LARGE);
    case "DYN":
    case "IPV4ADDR":
    case "IPV6ADDR":
    case "IPV4NET":
    case "IPV6NET":
    case "IPADDR":
    case "IPNET":
    case "DOUBLE":
      return bytes(random, random.pick([0, 1, 4, 8, 16]));
    default:
      return random.chance(0.8) ? random.pick(NUMBERS) : random.pick(LARGE);
  }
}

/** The second parameter of an async event is its name, and one name means something. */
function text(random: Random, schema: EventSchema, index: number): string {
  if (schema.id.startsWith("ASYNC") && index === 1) return "container";
  return random.pick(random.chance(0.5) ? PATHS : WORDS);
}

function list(random: Random): Buffer {
  const texts = random.times(random.below(4), () => `${random.pick(WORDS)}\0`);
  return Buffer.from(random.chance(0.3) ? random.pick(CGROUPS) : texts.join(""));
}

export function bytes(random: Random, length: number): Buffer {
  return Buffer.from(random.times(length, () => random.below(256)));
}

const FAMILIES = [2, 10, 1, 0, 16] as const;
const ADDRESS_BYTES: Readonly<Record<number, number>> = { 2: 6, 10: 18, 1: 20, 0: 0, 16: 3 };
const TUPLE_BYTES: Readonly<Record<number, number>> = { 2: 12, 10: 36, 1: 24, 0: 0, 16: 3 };

function address(random: Random): Buffer {
  const family = random.pick(FAMILIES);
  return Buffer.concat([Buffer.of(family), bytes(random, ADDRESS_BYTES[family] ?? 0)]);
}

function tuple(random: Random): Buffer {
  const family = random.pick(FAMILIES);
  return Buffer.concat([Buffer.of(family), bytes(random, TUPLE_BYTES[family] ?? 0)]);
}

/** A count, then that many descriptors with their flags. */
function fdList(random: Random): Buffer {
  const count = random.below(4);
  const head = Buffer.alloc(2);
  head.writeUInt16LE(random.chance(0.9) ? count : random.below(65_536));
  return Buffer.concat([head, bytes(random, count * 10)]);
}
