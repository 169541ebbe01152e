/** The transformers, on values that are there. Undefined where there is no result. */
import type { Bytes, Value } from "./values.ts";

const text = (bytes: Bytes): Value => ({ kind: "bytes", bytes });

function bytes(value: Value | undefined): Bytes {
  if (value?.kind !== "bytes") throw new Error("a transformer was given no text");
  return value.bytes;
}

function items(value: Value | undefined): readonly Bytes[] {
  if (value?.kind !== "list") throw new Error("a transformer was given no list");
  return value.items;
}

export function transform(
  name: string,
  operands: readonly Value[],
  argument: string | null,
): Value | undefined {
  const [first, second] = operands;
  switch (name) {
    case "tolower":
      return text(bytes(first).replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
    case "toupper":
      return text(bytes(first).replace(/[a-z]/g, (letter) => letter.toUpperCase()));
    case "basename":
      return text(bytes(first).split("/").at(-1) ?? "");
    case "b64":
      return base64(bytes(first));
    case "len": {
      const length = first?.kind === "list" ? first.items.length : bytes(first).length;
      return { kind: "number", number: BigInt(length) };
    }
    case "join":
      return text(items(second).join(bytes(first)));
    case "concat":
      return text(operands.map(bytes).join(""));
    case "getopt":
      return options(items(first), bytes(second), argument);
    default:
      throw new Error(`no transformer ${name}`);
  }
}

/** Without its one or two padding signs it has to be what encoding the result gives. */
function base64(encoded: Bytes): Value | undefined {
  const digits = encoded.replace(/={1,2}$/, "");
  const decoded = Buffer.from(digits, "base64");
  const again = decoded.toString("base64").replace(/=+$/, "");
  return again === digits ? text(decoded.toString("latin1")) : undefined;
}

/** As getopt(3): without `letter` all options and values, with it the last value of that one. */
function options(words: readonly Bytes[], known: Bytes, letter: string | null): Value | undefined {
  const found: Bytes[] = [];
  let last: Bytes | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word.length < 2 || !word.startsWith("-") || word === "--") break;
    if (word.startsWith("--")) continue;
    for (let at = 1; at < word.length; at++) {
      const option = word[at] ?? "";
      const place = option === ":" ? -1 : known.indexOf(option);
      const name = place === -1 ? "?" : option;
      found.push(name);
      let value: Bytes | null = null;
      if (place !== -1 && known[place + 1] === ":") {
        value = at + 1 < word.length ? word.slice(at + 1) : (words[++i] ?? "");
        found.push(value);
      }
      if (name === letter) last = value ?? "";
      if (value !== null) break;
    }
  }
  if (letter === null) return { kind: "list", items: found };
  return last === undefined ? undefined : text(last);
}
