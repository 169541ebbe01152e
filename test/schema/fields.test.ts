import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { accessorName } from "../../host/schema/emit/accessors.ts";
import { FIELDS, fieldByName, fieldIndex } from "../../host/schema/fields.ts";
import type { Field } from "../../host/schema/types.ts";
import { shared } from "../support/shared.ts";

interface ListedField {
  readonly name: string;
  readonly type: string;
  readonly list: boolean;
  readonly argument: null | { readonly required: boolean };
  readonly flags: readonly string[];
  readonly class: string;
}

const listing = shared("oracle", "listings", "fields.json");

describe("the field table", () => {
  test("has each name once, and a sentence for each", () => {
    expect(new Set(FIELDS.map((field) => field.name)).size).toBe(FIELDS.length);
    expect(FIELDS.filter((field) => !/^\S.*\.$/.test(field.help))).toEqual([]);
  });

  test("numbers the fields for rendering", () => {
    expect(FIELDS[fieldIndex("proc.name")]?.name).toBe("proc.name");
    expect(fieldIndex("proc.nam")).toBe(-1);
    expect(fieldByName("fd.types")?.list).toBe(true);
    expect(fieldByName("evt.arg")?.argument).toEqual({ required: true, kind: "key" });
    expect(fieldByName("proc.aname")?.argument).toEqual({ required: false, kind: "index" });
  });

  test("holds values no longer than what they depend on", () => {
    expect(fieldByName("proc.name")?.lifetime).toBe("process");
    expect(fieldByName("proc.pname")?.lifetime).toBe("lineage");
    expect(fieldByName("proc.duration")?.lifetime).toBe("event");
    expect(fieldByName("container.duration")?.lifetime).toBe("event");
    expect(fieldByName("container.id")?.lifetime).toBe("container");
    expect(fieldByName("fd.name")?.lifetime).toBe("descriptor");
    expect(fieldByName("fd.name_changed")?.lifetime).toBe("event");
  });

  test("derives the name of the function that reads a field", () => {
    expect(accessorName("proc.exe_ino.ctime")).toBe("procExeInoCtime");
    expect(accessorName("k8s.ns.name")).toBe("k8sNsName");
    expect(accessorName("evt.time.iso8601")).toBe("evtTimeIso8601");
  });
});

describe.skipIf(listing === undefined)(
  "Falco's list of fields (skipped without shared data)",
  () => {
    const listed = readListed(listing);
    const unlisted = new Set(["hidden", "deprecated", "print_only"]);

    test("has 268 fields, all of which we know with their types and arguments", () => {
      expect(listed).toHaveLength(268);
      const ours = listed
        .map(({ name }) => fieldByName(name))
        .filter((field) => field !== undefined);
      expect(ours.map(shape)).toEqual(listed.map(listedShape));
    });

    test("lacks only what is hidden, deprecated or for printing only", () => {
      const names = new Set(listed.map((field) => field.name));
      const extra = FIELDS.filter((field) => !names.has(field.name));
      expect(extra.filter(({ flags }) => !flags.some((flag) => unlisted.has(flag)))).toEqual([]);
    });
  },
);

function readListed(path: string | undefined): readonly ListedField[] {
  if (path === undefined) return [];
  return JSON.parse(readFileSync(path, "utf8")) as ListedField[];
}

function shape(field: Field): unknown {
  return {
    name: field.name,
    type: field.type === "DYN" ? "DYNAMIC" : field.type,
    list: field.list,
    required: field.argument?.required ?? null,
    flags: field.flags.filter((flag) => flag !== "deprecated").sort(),
  };
}

function listedShape({ name, type, list, argument, flags }: ListedField): unknown {
  return { name, type, list, required: argument?.required ?? null, flags: [...flags].sort() };
}
