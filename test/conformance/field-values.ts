/**
 * Renders every field of every event of a recording and compares it with the recorded answer. Used
 * by the suite and by the test of the fields.
 */
import { readFileSync } from "node:fs";
import { ENGINE_FILE } from "../../host/agent/paths.ts";
import { readContainerJson } from "../../host/engine/container-json.ts";
import { type EngineExports, instantiateEngine } from "../../host/engine/engine-module.ts";
import { type FieldRequest, renderField } from "../../host/engine/render.ts";
import { FRAME_AT } from "../../host/engine/state-window.ts";
import { timeFieldNumber, timeFieldText } from "../../host/output/time.ts";
import { openCapture } from "../../host/replay/reader.ts";
import { replayParts } from "../../host/replay/replay-parts.ts";
import { schemaBlob } from "../../host/schema/blob.ts";
import { FIELDS, fieldIndex } from "../../host/schema/fields.ts";
import { REPLAY_BASE, STATE_BASE } from "../../host/schema/memory.ts";
import { readJson, readJsonLines } from "./files.ts";

const ARGUMENT_BYTES = 65_536;
/** A whole memory of 2 GiB: this engine has no windows. */
const PAGES = 32_768;

/** How often a field was equal, and where it was not for the first time. */
export class Share {
  equal = 0;
  all = 0;
  first = "";
}

interface Request {
  readonly share: Share;
  readonly name: string;
  /** Undefined where nothing reads the field: it is missing everywhere. */
  readonly request: FieldRequest | undefined;
  readonly isNet: boolean;
  readonly isTime: boolean;
}

/** What was asked of the reference, and what it could not answer. */
interface Meta {
  readonly fields: readonly string[];
  readonly skipped: readonly (readonly [field: string, reason: string])[];
}

type Row = Readonly<Record<string, unknown>>;

const encoder = new TextEncoder();

/** They are for conditions: printing them shows both ends, or nothing. */
const IN_CONDITIONS_ONLY: ReadonlySet<string> = new Set(["fd.ip", "fd.net", "fd.port"]);

/**
 * Fields that were asked, by name; `base` is the path of the recording without `.scap.gz`. Throws
 * when the recording has other events than the answers.
 */
export async function fieldShares(
  base: string,
  isWanted: (field: string) => boolean = () => true,
): Promise<ReadonlyMap<string, Share>> {
  const meta = readJson(`${base}.fields.meta.json`) as Meta;
  const skipped = new Set(meta.skipped.map(([field]) => field));
  const requests = meta.fields
    .filter((field) => !skipped.has(field) && !IN_CONDITIONS_ONLY.has(field) && isWanted(field))
    .map(requestOf);
  const engine = new FieldEngine();
  const rows = readJsonLines<Row>(`${base}.fields.jsonl.gz`);
  let row = await nextRow(rows);
  for await (const number of engine.events(`${base}.scap.gz`)) {
    if (number !== row?.["evt.num"]) continue;
    for (const request of requests)
      compare(request, row[request.name], engine.read(request), number);
    row = await nextRow(rows);
  }
  if (row !== undefined) throw new Error(`${base}: event ${String(row["evt.num"])} did not come`);
  return new Map(requests.map(({ name, share }) => [name, share]));
}

async function nextRow(rows: AsyncIterator<Row, void>): Promise<Row | undefined> {
  const next = await rows.next();
  return next.done === true ? undefined : next.value;
}

function compare({ share, isNet }: Request, answer: unknown, value: unknown, event: number): void {
  const [wanted, got] = [plain(answer, false), plain(value, isNet)];
  share.all += 1;
  if (isEqual(got, wanted)) share.equal += 1;
  else if (share.first === "") {
    share.first = `event ${String(event)}: expected ${show(wanted)}, got ${show(got)}`;
  }
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 120);
}

/** `proc.aname[2]`, `thread.cgroup.cpuset` or plain. */
function requestOf(name: string): Request {
  const bracket = /^(.*)\[(.*)\]$/.exec(name);
  let field = bracket?.[1] ?? name;
  let argument = bracket?.[2] ?? "";
  while (fieldIndex(field) < 0 && field.includes(".")) {
    argument = name.slice(field.lastIndexOf(".") + 1);
    field = field.slice(0, field.lastIndexOf("."));
  }
  const known = FIELDS[fieldIndex(field)];
  const index = /^\d+$/.test(argument) ? Number(argument) : -1;
  const request = { field: fieldIndex(field), index, text: encoder.encode(argument) };
  return {
    name,
    share: new Share(),
    request: known?.accessor == null ? undefined : request,
    isNet: known?.type === "IPNET",
    isTime: timeFieldText(name, 0n) !== undefined,
  };
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

/** An engine without packs, over a memory of its own. */
class FieldEngine {
  readonly #memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  readonly #bytes = new Uint8Array(this.#memory.buffer);
  readonly #view = new DataView(this.#memory.buffer);
  readonly #exports: EngineExports;

  constructor() {
    const { exports } = instantiateEngine(readFileSync(ENGINE_FILE), this.#memory, {
      onMatch: () => undefined,
      onContainer: (address, length) => {
        this.#onContainer(address >>> 0, length >>> 0);
      },
    });
    this.#exports = exports;
    if (exports.layOut(8_192, 65_536, 64 << 20, 256, 1_024, 1_024) !== 0) {
      throw new Error("the tables do not fit");
    }
    const schema = schemaBlob();
    this.#bytes.set(schema, REPLAY_BASE);
    exports.loadSchema(REPLAY_BASE, schema.length);
  }

  /** The number of the event that each block brought; `read` is about that event. */
  async *events(capture: string): AsyncGenerator<number> {
    for await (const part of replayParts(openCapture(capture))) {
      if (part.kind === "interfaces") {
        for (const { address, netmask } of part.interfaces) this.#addNetwork(address, netmask);
      }
      if (part.kind !== "blocks") continue;
      for (let at = 0; at < part.bytes.length; ) {
        const length = part.bytes.readUInt32LE(at + 4);
        this.#bytes.set(part.bytes.subarray(at, at + length), REPLAY_BASE);
        this.#exports.replay(REPLAY_BASE, length);
        at += length;
        yield Number(this.#view.getBigUint64(STATE_BASE + FRAME_AT.number, true));
      }
    }
  }

  read({ name, request, isTime }: Request): unknown {
    // Event times are made outside the engine.
    if (isTime) {
      const event = this.#view.getUint32(STATE_BASE + FRAME_AT.event, true);
      return timeFieldNumber(name, this.#view.getBigUint64(event, true));
    }
    return request === undefined ? null : renderField(this.#exports, this.#memory, request);
  }

  #addNetwork(address: Uint8Array, mask: Uint8Array): void {
    const maskAt = REPLAY_BASE + address.length;
    this.#bytes.set(address, REPLAY_BASE);
    this.#bytes.set(mask, maskAt);
    this.#exports.addNetwork(address.length === 4 ? 2 : 10, REPLAY_BASE, maskAt);
  }

  #onContainer(address: number, length: number): void {
    const json = this.#bytes.subarray(address, address + length);
    const facts = readContainerJson(new TextDecoder().decode(json));
    if (facts === undefined || this.#exports.openContainer(this.#argument(facts.id)) === 0) return;
    for (const [i, text] of facts.texts) this.#exports.setContainerText(i, this.#argument(text));
    for (const [i, value] of facts.numbers) this.#exports.setContainerNumber(i, value);
    this.#exports.closeContainer();
  }

  #argument(text: string): number {
    const at = this.#exports.argument() >>> 0;
    return encoder.encodeInto(text, this.#bytes.subarray(at, at + ARGUMENT_BYTES)).written;
  }
}
