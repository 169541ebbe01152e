import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { Notices } from "../../host/agent/notices.ts";
import * as packCache from "../../host/agent/pack-cache.ts";
import { compilePack } from "../../host/agent/packs.ts";
import { readCached, writeCached } from "../../host/compile/7-assemble/cache.ts";

const { PackCache } = packCache;

/** Files that changed since they were stamped last. */
const changed = new Set<string>();
vi.mock(import("../../host/agent/pack-cache.ts"), async (load) => {
  const whole = await load();
  const fileStamp = (path: string): string =>
    changed.has(path) ? "changed" : whole.fileStamp(path);
  return { ...whole, fileStamp };
});

const folder = mkdtempSync(join(tmpdir(), "lanner-packs-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const files = [{ name: "a.yaml", text: "one" }];

describe("the pack cache", () => {
  const cache = new PackCache(folder);

  test("gives back what was put", () => {
    const key = cache.key(files, ["stamp"]);
    expect(cache.get(key)).toBeUndefined();
    cache.put(key, Buffer.from("pack"));
    expect(Buffer.from(cache.get(key) ?? []).toString()).toBe("pack");
  });

  test("tells apart what differs in text, name, number or stamp", () => {
    const keys = [
      cache.key(files, ["stamp"]),
      cache.key(files, ["stamq"]),
      cache.key([{ name: "a.yaml", text: "two" }], ["stamp"]),
      cache.key([{ name: "b.yaml", text: "one" }], ["stamp"]),
      cache.key([...files, ...files], ["stamp"]),
      cache.key([{ name: "a.yamlo", text: "ne" }], ["stamp"]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("does not believe a folder that others may write", () => {
    const key = cache.key(files, ["stamp"]);
    chmodSync(join(folder, "packs"), 0o777);
    expect(cache.get(key)).toBeUndefined();
    chmodSync(join(folder, "packs"), 0o700);
    expect(cache.get(key)).toBeDefined();
  });

  // In /proc, mkdir with `recursive` would never come back.
  test.each(["/dev/null/none", "/proc/none"])("that cannot be written is no error: %s", (path) => {
    const nowhere = new PackCache(path);
    const key = nowhere.key(files, []);
    nowhere.put(key, Buffer.from("pack"));
    expect(nowhere.get(key)).toBeUndefined();
  });

  test("knows no pack from before names got other addresses", async () => {
    const said: string[] = [];
    const notices = new Notices({ write: (text: string) => said.push(text) > 0 });
    const text = JSON.stringify([
      {
        ...{ rule: "named", desc: "a host by its name", priority: "INFO", output: "connected" },
        condition: "evt.type = connect and fd.sip.name = localhost",
      },
    ]);
    const rules = [{ name: "names.yaml", text }];
    const compile = () => compilePack(rules, { cache: folder, notices });
    await compile();
    await compile();
    expect(said).toHaveLength(1);
    changed.add("/etc/hosts");
    await compile();
    expect(said).toHaveLength(2);
  }, 60_000);
});

describe("the compiler's cache", () => {
  const pack = { wasm: new Uint8Array([1, 2]), diagnostics: [] };

  test("makes its folder, for this user only", () => {
    const path = join(folder, "far", "below");
    expect(writeCached(path, "key", pack)).toBe(true);
    expect(readCached(path, "key")).toEqual(pack);
    expect(statSync(join(folder, "far")).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(writeCached(path, "key", pack)).toBe(true);
  });

  test.each(["/dev/null/none", "/proc/none"])("that cannot be written is no error: %s", (path) => {
    expect(writeCached(path, "key", pack)).toBe(false);
    expect(readCached(path, "key")).toBeNull();
  });
});
