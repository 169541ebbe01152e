import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { mayHang } from "../../host/capture/mounts.ts";

const folder = mkdtempSync(join(tmpdir(), "lanner-mounts-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ROOT = "36 35 98:0 / / rw,noatime shared:1 - overlay overlay rw";

function mounted(...lines: readonly string[]): boolean {
  writeFileSync(join(folder, "mountinfo"), `${lines.join("\n")}\n`);
  return mayHang(folder, "/etc");
}

describe("reading /etc of a process", () => {
  test("cannot hang on local file systems", () => {
    expect(mounted(ROOT, "37 36 98:1 / /etc/hosts rw master:1 shared:2 - ext4 /dev/sda rw")).toBe(
      false,
    );
  });

  test.each([
    ["/", "fuse.fuse-overlayfs"],
    ["/etc", "fuse"],
    ["/etc/passwd", "fuse.mine"],
    ["/etc", "nfs4"],
  ])("may hang where %s is %s", (point, type) => {
    expect(mounted(ROOT, `38 36 0:50 / ${point} rw - ${type} somebody rw`)).toBe(true);
  });

  test("does not care for mounts elsewhere, or for names that only look alike", () => {
    const elsewhere = ["/mnt", "/etcetera", "/home/etc"].map(
      (point) => `38 36 0:50 / ${point} rw - fuse somebody rw`,
    );
    expect(mounted(ROOT, ...elsewhere)).toBe(false);
    expect(mounted(ROOT, "38 36 0:50 / /etc rw - tmpfs fuse rw")).toBe(false);
  });

  test("may hang where that cannot be told", () => {
    rmSync(join(folder, "mountinfo"));
    expect(mayHang(folder, "/etc")).toBe(true);
  });
});
