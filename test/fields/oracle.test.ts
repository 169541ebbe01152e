/**
 * Every field of every event of four recordings, against the answers of a reference engine. Each
 * field has to be equal in at least 99 % of the events, but for those listed with their reasons.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readContainerJson } from "../../host/engine/container-json.ts";
import { type EngineExports, instantiateEngine } from "../../host/engine/engine-module.ts";
import { type FieldRequest, renderField } from "../../host/engine/render.ts";
import { openCapture } from "../../host/replay/reader.ts";
import { replayParts } from "../../host/replay/replay-parts.ts";
import { schemaBlob } from "../../host/schema/blob.ts";
import { FIELDS, fieldIndex } from "../../host/schema/fields.ts";
import { REPLAY_BASE, STATE_BASE } from "../../host/schema/memory.ts";
import { shared } from "../support/shared.ts";

const ENGINE = fileURLToPath(new URL("../../build/engine.wasm", import.meta.url));
const SHARE_MIN = 0.99;
const FRAME_NUMBER = STATE_BASE + 1024;
const ARGUMENT_BYTES = 65_536;

/** Fields that differ on purpose. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "evt.time.iso8601": "the host writes event times",
  "evt.deltatime": "the reference always says 0",
  "evt.deltatime.s": "the reference always says 0",
  "evt.deltatime.ns": "the reference always says 0",
  "evt.buffer": "the reference shows bytes from behind an empty buffer",
  "proc.ppid.duration": "the reference shows the number of descriptors for an unknown start",
  "proc.exe_ino.ctime_duration_proc_start": "the reference shows memory that was never set",
  "proc.exe_ino.ctime_duration_pidns_start": "the reference shows memory that was never set",
  "proc.vpgid.name": "the reference takes an id of a pid namespace for one of the host",
  "proc.vpgid.exe": "the reference takes an id of a pid namespace for one of the host",
  "proc.vpgid.exepath": "the reference takes an id of a pid namespace for one of the host",
  "evt.arg.vpid": "the reference takes an id of a pid namespace for one of the host",
  "evt.arg.vtid": "the reference takes an id of a pid namespace for one of the host",
  "fd.is_server": "the reference takes every IPv6 address for a local one",
  "proc.stdin.name": "the reference loses the names of some sockets",
  "proc.stdout.name": "the reference loses the names of some sockets",
  "proc.stderr.name": "the reference loses the names of some sockets",
  "proc.fdopencount": "the reference keeps a descriptor that could not be made",
  "proc.fdusage": "the reference keeps a descriptor that could not be made",
  "fd.types": "the reference keeps a descriptor that could not be made",
  "fs.path.name": "the reference does not resolve the path of a failed open",
  "fd.ip": "in conditions only",
  "fd.net": "in conditions only",
  "fd.port": "in conditions only",
};

/** Fields that hold many parameters, and so the differences of each. */
const SHARES: Readonly<Record<string, number>> = { "evt.args": 0.97, "evt.info": 0.97 };

interface Request {
  readonly name: string;
  readonly request: FieldRequest;
  readonly isNet: boolean;
}

/** What was asked of the reference, and what it could not answer. */
interface Meta {
  readonly fields: readonly string[];
  readonly skipped: readonly (readonly [field: string, reason: string])[];
}

type Row = Readonly<Record<string, unknown>>;

class Share {
  equal = 0;
  all = 0;
  first = "";
}

const encoder = new TextEncoder();

/** `proc.aname[2]`, `thread.cgroup.cpuset` or plain; undefined where nothing reads the field. */
function request(name: string): Request | undefined {
  const bracket = /^(.*)\[(.*)\]$/.exec(name);
  let field = bracket?.[1] ?? name;
  let argument = bracket?.[2] ?? "";
  while (fieldIndex(field) < 0 && field.includes(".")) {
    argument = name.slice(field.lastIndexOf(".") + 1);
    field = field.slice(0, field.lastIndexOf("."));
  }
  const known = FIELDS[fieldIndex(field)];
  if (known?.accessor == null) return undefined;
  const index = /^\d+$/.test(argument) ? Number(argument) : -1;
  const text = encoder.encode(argument);
  return {
    name,
    request: { field: fieldIndex(field), index, text },
    isNet: known.type === "IPNET",
  };
}

function startEngine(memory: WebAssembly.Memory): EngineExports {
  const bytes = new Uint8Array(memory.buffer);
  const putArgument = (text: string): number => {
    const at = engine.argument() >>> 0;
    return encoder.encodeInto(text, bytes.subarray(at, at + ARGUMENT_BYTES)).written;
  };
  const { exports: engine } = instantiateEngine(readFileSync(ENGINE), memory, {
    onMatch: () => undefined,
    onContainer: (address, length) => {
      const json = bytes.subarray(address >>> 0, (address >>> 0) + length);
      const facts = readContainerJson(new TextDecoder().decode(json));
      if (facts === undefined || engine.openContainer(putArgument(facts.id)) === 0) return;
      for (const [i, text] of facts.texts) engine.setContainerText(i, putArgument(text));
      for (const [i, value] of facts.numbers) engine.setContainerNumber(i, value);
      engine.closeContainer();
    },
  });
  expect(engine.layOut(8_192, 65_536, 64 << 20, 256, 1_024, 1_024)).toBe(0);
  const schema = schemaBlob();
  bytes.set(schema, REPLAY_BASE);
  engine.loadSchema(REPLAY_BASE, schema.length);
  return engine;
}

/** The number of the event that each block brought, with the engine standing at that event. */
async function* events(capture: string, engine: EngineExports, memory: WebAssembly.Memory) {
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);
  for await (const part of replayParts(openCapture(capture))) {
    if (part.kind === "interfaces") {
      for (const { address, netmask } of part.interfaces) {
        const mask = REPLAY_BASE + address.length;
        bytes.set(address, REPLAY_BASE);
        bytes.set(netmask, mask);
        engine.addNetwork(address.length === 4 ? 2 : 10, REPLAY_BASE, mask);
      }
    }
    if (part.kind !== "blocks") continue;
    for (let at = 0; at < part.bytes.length; ) {
      const length = part.bytes.readUInt32LE(at + 4);
      bytes.set(part.bytes.subarray(at, at + length), REPLAY_BASE);
      engine.replay(REPLAY_BASE, length);
      at += length;
      yield Number(view.getBigUint64(FRAME_NUMBER, true));
    }
  }
}

/** As the reference writes values in JSON: numbers lose what a double cannot hold. */
function plain(value: unknown, isNet: boolean): unknown {
  if (value === undefined || value === null) return null;
  if (isNet) return "<IPNET>";
  if (typeof value === "bigint") return Number(value);
  return Array.isArray(value) ? (value as readonly string[]).toSorted().join() : value;
}

function isEqual(got: unknown, wanted: unknown): boolean {
  if (got === wanted) return true;
  // Numbers that the reference prints in a format of their own.
  if (typeof got === "number" && typeof wanted === "string") {
    return wanted === String(got) || wanted === got.toString(16).toUpperCase();
  }
  return false;
}

async function compare(name: string): Promise<ReadonlyMap<string, Share>> {
  const meta = JSON.parse(
    readFileSync(shared("oracle", `${name}.fields.meta.json`) ?? "", "utf8"),
  ) as Meta;
  const lines = gunzipSync(readFileSync(shared("oracle", `${name}.fields.jsonl.gz`) ?? ""));
  const rows = lines.toString().trimEnd().split("\n");
  const skipped = new Set(meta.skipped.map(([field]) => field));
  const requests = meta.fields
    .filter((field) => !skipped.has(field) && DIFFERENT[field] === undefined)
    .flatMap((field) => request(field) ?? []);
  const shares = new Map(requests.map(({ name: field }) => [field, new Share()]));
  const memory = new WebAssembly.Memory({ initial: 32_768, maximum: 32_768 });
  const engine = startEngine(memory);
  let next = 0;
  let row: Row | undefined = JSON.parse(rows[0] ?? "{}") as Row;
  for await (const number of events(shared("oracle", `${name}.scap.gz`) ?? "", engine, memory)) {
    if (number !== row?.["evt.num"]) continue;
    for (const { name: field, request: asked, isNet } of requests) {
      const got = plain(renderField(engine, memory, asked), isNet);
      const wanted = plain(row[field], false);
      const share = shares.get(field);
      if (share === undefined) continue;
      share.all += 1;
      if (isEqual(got, wanted)) share.equal += 1;
      else if (share.first === "") {
        share.first = `event ${String(number)}: ${JSON.stringify([wanted, got])}`;
      }
    }
    next += 1;
    row = rows[next] === undefined ? undefined : (JSON.parse(rows[next] ?? "") as Row);
  }
  expect(next).toBe(rows.length);
  return shares;
}

const isMissing = shared("oracle", "files.fields.jsonl.gz") === undefined || !existsSync(ENGINE);

describe.each(["files", "process", "network", "attacks"])("%s", (name) => {
  test.skipIf(isMissing)(
    "fields read as the reference reads them",
    { timeout: 180_000 },
    async () => {
      const shares = await compare(name);
      expect(shares.size).toBeGreaterThan(500);
      const low = [...shares]
        .filter(([field, { equal, all }]) => equal < all * (SHARES[field] ?? SHARE_MIN))
        .map(
          ([field, { equal, all, first }]) => `${field} ${String(equal)}/${String(all)}, ${first}`,
        );
      expect(low).toEqual([]);
    },
  );
});
