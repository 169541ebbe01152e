import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { PackCache } from "../../host/agent/pack-cache.ts";

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

  test("that cannot be written is no error", () => {
    const nowhere = new PackCache("/dev/null/none");
    const key = nowhere.key(files, []);
    nowhere.put(key, Buffer.from("pack"));
    expect(nowhere.get(key)).toBeUndefined();
  });
});
