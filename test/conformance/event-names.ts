/** Long lists of events are recorded as what they leave out. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "./files.ts";

const NAMES_MAX = 120;

export class EventNames {
  readonly #all: readonly string[];

  constructor(folder: string) {
    const path = join(folder, "listings/all-event-names.json");
    this.#all = existsSync(path) ? (readJson(path) as readonly string[]) : [];
  }

  /** A copy of a description in which long `events` are `{all_but: […]}`. */
  shorten(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.shorten(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === "events" ? this.#events(inner) : this.shorten(inner),
      ]),
    );
  }

  /** Names that are not among all there are stay visible. */
  #events(names: unknown): unknown {
    if (!Array.isArray(names) || names.length <= NAMES_MAX) return names;
    const unknown = names.filter((name) => !this.#all.includes(name as string)) as string[];
    const absent = this.#all.filter((name) => !names.includes(name));
    return unknown.length === 0 ? { all_but: absent } : { all_but: absent, unknown };
  }
}
