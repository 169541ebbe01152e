/** Values of YAML as a test means them, and rule files made of them. */
import type { Random } from "../random.ts";

export type Tree = string | null | readonly Tree[] | Branch;
/** Keys in their order; one can occur twice. */
export interface Branch {
  readonly entries: readonly (readonly [string, Tree])[];
}

export function branch(...entries: readonly (readonly [string, Tree])[]): Branch {
  return { entries };
}

export function isBranch(tree: Tree): tree is Branch {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree);
}

const WORDS = ["a", "kill", "proc.name", "true", "no", "0", "-1", "null", "~", "append", "replace"];
const HARD = [
  "",
  " ",
  "a b",
  "a: b",
  "a #b",
  "- a",
  "[a",
  "{a}",
  "'",
  '"',
  "\\",
  "%a",
  "@a",
  "é\u00a0",
];
const LONG = ["a\nb", "a\n\nb\n", " a\n  b\n", "a\n", "\n", "\ta", "a\t"];
const KEYS = ["name", "fields", "comps", "values", "condition", "output", "x", "", "a b", "a:"];

export function anyTree(random: Random, depth = 3): Tree {
  const kind = random.below(depth === 0 ? 6 : 10);
  if (kind === 0) return null;
  if (kind < 4) return random.pick(WORDS);
  if (kind === 4) return random.pick(HARD);
  if (kind === 5) return random.pick(LONG);
  const length = random.below(4);
  if (kind < 8) return random.times(length, () => anyTree(random, depth - 1));
  return branch(
    ...random.times(length, () => [random.pick(KEYS), anyTree(random, depth - 1)] as const),
  );
}

const RULE = branch(
  ["rule", "R"],
  ["desc", "d"],
  ["condition", "evt.type = kill and proc.name in (names) and quiet"],
  ["output", "seen %evt.type"],
  ["priority", "NOTICE"],
  ["tags", ["a", "b"]],
  [
    "exceptions",
    [
      branch(
        ["name", "e"],
        ["fields", ["proc.name", "fd.sport"]],
        ["comps", ["=", "in"]],
        ["values", [["curl", ["80", "443"]]]],
      ),
    ],
  ],
);

const ITEMS: readonly Branch[] = [
  branch(["required_engine_version", "0.40.0"]),
  branch(["required_plugin_versions", [branch(["name", "container"], ["version", "0.1.0"])]]),
  branch(["list", "names"], ["items", ["cat", "two words"]]),
  branch(["macro", "quiet"], ["condition", "not proc.name = sh"]),
  RULE,
];

const CHANGES = ["condition", "output", "desc", "tags", "exceptions", "priority", "enabled"];

/** A sound file with a few things in it exchanged, left out, doubled or nested otherwise. */
export function anyRules(random: Random): Tree {
  const items: Tree[] = [...ITEMS];
  if (random.chance(0.4)) items.push(change(random));
  for (let i = random.below(4); i > 0; i--) {
    const at = random.below(items.length);
    items[at] = changed(items[at] ?? null, random);
  }
  if (random.chance(0.1)) items.splice(random.below(items.length), 1);
  return items;
}

function change(random: Random): Tree {
  const key = random.pick(CHANGES);
  const value = RULE.entries.find(([name]) => name === key)?.[1] ?? "true";
  const operation = random.pick(["append", "replace"]);
  return branch(["rule", "R"], [key, value], ["override", branch([key, operation])]);
}

function changed(tree: Tree, random: Random): Tree {
  if (random.chance(0.25) || tree === null || typeof tree === "string") return anyTree(random, 2);
  if (!isBranch(tree)) {
    const items = [...tree];
    const at = random.below(items.length + 1);
    items[at] = changed(items[at] ?? null, random);
    return items;
  }
  const entries = [...tree.entries];
  const at = random.below(entries.length + 1);
  const [key, value] = entries[at] ?? [random.pick([...KEYS, ...CHANGES]), null];
  const kind = random.below(4);
  if (kind === 0) entries.splice(at, 1);
  else if (kind === 1) entries.push([key, changed(value, random)]);
  else if (kind === 2) entries[at] = [random.pick([...KEYS, ...CHANGES]), value];
  else entries[at] = [key, changed(value, random)];
  return { entries };
}
