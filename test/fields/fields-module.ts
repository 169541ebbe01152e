/**
 * The accessors alone, compiled over a memory that a test fills by hand: no engine, no packs. The
 * module has a few functions more than the accessors, which make table entries.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";
import { schemaBlob } from "../../host/schema/blob.ts";
import { REPLAY_BASE, STATE_BASE } from "../../host/schema/memory.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCHEMA_BASE = STATE_BASE + 0x10_0000;
const TABLES_BASE = STATE_BASE + 0x20_0000;
const MEMORY_PAGES = 32_768;

/** What the test says of a thread: members of `Thread` by name; texts are put in the heap. */
export type Members = Readonly<Record<string, number | bigint | string>>;

type Exports = Readonly<Record<string, (...args: readonly (number | bigint)[]) => number | bigint>>;

export class FieldsModule {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;
  #next = TABLES_BASE;
  #number = 0n;

  private constructor(memory: WebAssembly.Memory, exports: Exports) {
    this.#memory = memory;
    this.#exports = exports;
    const schema = schemaBlob();
    this.#write(SCHEMA_BASE, schema);
    this.#call("prepare", SCHEMA_BASE, this.#room(4096), this.#room(4096), this.#room(8192));
  }

  static async compile(): Promise<FieldsModule> {
    const bytes = await compileAccessors();
    const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
    const imports = { env: { memory, abort: (): void => undefined } };
    const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes), imports);
    return new FieldsModule(memory, instance.exports as unknown as Exports);
  }

  /** Adds a thread that can be found by its tid; returns its address. */
  thread(members: Members): number {
    return this.#entry("Thread", members, (at) => this.#call("linkThread", at));
  }

  /** Adds a descriptor of `owner`; returns its address. */
  descriptor(owner: number, fd: bigint, members: Members): number {
    return this.#entry("Descriptor", members, (at) => this.#call("linkDescriptor", at, owner, fd));
  }

  container(members: Members): number {
    return this.#entry("Container", members, () => 0);
  }

  user(uid: number, name: string): void {
    this.#call("putUser", uid, this.text(name));
  }

  group(gid: number, name: string): void {
    this.#call("putGroup", gid, this.text(name));
  }

  /** A local IPv4 address, most significant byte first. */
  local(address: readonly number[]): void {
    this.#call("addLocal", Buffer.from(address).readUInt32LE());
  }

  /** Makes `event` the current one. */
  show(event: Uint8Array, members: Members = {}): void {
    this.#write(REPLAY_BASE, event);
    this.#number += 1n;
    this.#call("setFrame", REPLAY_BASE, this.#number);
    for (const [name, value] of Object.entries(members)) {
      this.#call(`set_FrameRecord_${name}`, this.#call("frame"), value as number);
    }
    this.#call("digest");
  }

  /** The text that an accessor finds, null when the value is missing. */
  text_(name: string, ...args: readonly (number | string)[]): string | null {
    return this.bytes(name, ...args)?.toString("latin1") ?? null;
  }

  bytes(name: string, ...args: readonly (number | string)[]): Buffer | null {
    if (!this.#find(name, args)) return null;
    const at = this.#call("valueAddress") as number;
    return Buffer.from(this.#memory.buffer, at, this.#call("valueLength") as number);
  }

  /** The number that an accessor finds, null when the value is missing. */
  number(name: string, ...args: readonly (number | string)[]): bigint | null {
    return this.#find(name, args) ? (this.#call("valueNumber") as bigint) : null;
  }

  get kind(): number {
    return this.#call("valueKind") as number;
  }

  /** Address of a counted block. */
  text(text: string): number {
    const bytes = Buffer.from(text);
    const at = this.#room(8 + bytes.length);
    const view = new DataView(this.#memory.buffer);
    view.setUint32(at, 1, true);
    view.setUint32(at + 4, bytes.length, true);
    this.#write(at + 8, bytes);
    return at;
  }

  #find(name: string, args: readonly (number | string)[]): boolean {
    const numbers = args.flatMap((value) => {
      if (typeof value === "number") return [value];
      const bytes = Buffer.from(value);
      const at = this.#room(bytes.length + 1);
      this.#write(at, bytes);
      return [at, bytes.length];
    });
    return this.#call(name, ...numbers) !== 0;
  }

  #entry(type: string, members: Members, link: (at: number) => unknown): number {
    const at = this.#room(1024);
    for (const [name, value] of Object.entries(members)) {
      const plain = typeof value === "string" ? this.text(value) : value;
      this.#call(`set_${type}_${name}`, at, plain);
    }
    link(at);
    return at;
  }

  #room(bytes: number): number {
    const at = this.#next;
    this.#next += (bytes + 15) & ~15;
    return at;
  }

  #write(at: number, bytes: Uint8Array): void {
    new Uint8Array(this.#memory.buffer).set(bytes, at);
  }

  #call(name: string, ...args: readonly (number | bigint)[]): number | bigint {
    const call = this.#exports[name];
    if (call === undefined) throw new Error(`the module has no function ${name}`);
    return call(...args);
  }
}

/** The module's bytes, compiled as a pack would be: without bulk memory instructions. */
export async function compileAccessors(): Promise<Uint8Array> {
  return compileEntry(entrySource());
}

/** Compiles `source` as if it were a file beside the project's folders. */
async function compileEntry(source: string): Promise<Uint8Array> {
  let binary: Uint8Array = new Uint8Array();
  const lines: string[] = [];
  const stream = {
    write(text: string): boolean {
      lines.push(text);
      return true;
    },
  };
  const flags = "--runtime stub --importMemory --disable bulk-memory --enable simd -O1";
  const options = flags.split(" ");
  const memory = ["--initialMemory", String(MEMORY_PAGES), "--maximumMemory", String(MEMORY_PAGES)];
  const { error } = await main(["entry.ts", "-o", "fields.wasm", ...options, ...memory], {
    stdout: stream,
    stderr: stream,
    readFile: (name: string): string | null => {
      if (name === "entry.ts") return source;
      // The project's own configuration is for the engine.
      if (name.endsWith("asconfig.json") || !existsSync(ROOT + name)) return null;
      return readFileSync(ROOT + name, "utf8");
    },
    writeFile: (_name: string, contents: string | Uint8Array): void => {
      if (typeof contents !== "string") binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`${error.message}\n${lines.join("")}`);
  return binary;
}

/** Exports every accessor, a setter for every member of the tables, and the makers of entries. */
function entrySource(): string {
  const folder = `${ROOT}assembly/fields`;
  const exports = readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => {
      const source = readFileSync(`${folder}/${name}`, "utf8");
      const names = [...source.matchAll(/^export function (\w+)\([^)]*\): bool/gm)].map(
        (m) => m[1],
      );
      return names.length === 0
        ? ""
        : `export { ${names.join(", ")} } from "./assembly/fields/${name.slice(0, -3)}";`;
    });
  const makers = readFileSync(new URL("entry.txt", import.meta.url), "utf8");
  const members = ["Thread", "Descriptor", "Container", "FrameRecord"].map(setters);
  return [...exports, ...members, makers.replaceAll("@/", "./assembly/")].join("\n");
}

const FILES: Readonly<Record<string, string>> = {
  Thread: "thread",
  Descriptor: "descriptor",
  Container: "container",
  FrameRecord: "frame",
};

function setters(type: string): string {
  const source = readFileSync(`${ROOT}assembly/state/${FILES[type] ?? ""}.ts`, "utf8");
  const body = source.slice(source.indexOf(`export class ${type} {`));
  const members = [...body.slice(0, body.indexOf("\n}")).matchAll(/^ {2}(\w+): (\w+);/gm)];
  return members
    .map(([, name, as]) => {
      const wire = as === "Text" ? "u32" : (as ?? "");
      return `export function set_${type}_${name ?? ""}(at: usize, value: ${wire}): void {
  changetype<${type}>(at).${name ?? ""} = value;
}`;
    })
    .join("\n");
}
