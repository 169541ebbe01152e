/** Constants by the type of what they are compared with. */
import { type OperatorName, operatorOfName } from "../../../host/compile/operators/table.ts";
import { type Bytes, type Shape, UnknownValue, type Value } from "./values.ts";

/** Text of a condition as bytes; U+DC80–U+DCFF stand for bytes that an escape named. */
export function bytesOf(text: string): Bytes {
  let bytes = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) bytes += String.fromCharCode(code - 0xdc00);
    else bytes += Buffer.from(character).toString("latin1");
  }
  return bytes;
}

/** Throws for a text that the type does not take. */
export function constantOf(text: string, shape: Shape, operator: OperatorName): Value {
  switch (shape.kind) {
    case "integer": {
      // Names, as of services, stand for numbers that are known outside.
      if (!/^(?:[+-]?\d+|0x[0-9a-f]+)$/i.test(text.trim())) throw new UnknownValue(text);
      const number = BigInt(text.trim().replace(/^\+/, ""));
      const fit = shape.signed ? BigInt.asIntN : BigInt.asUintN;
      return { kind: "number", number: fit(shape.bits, number) };
    }
    case "double":
      return { kind: "double", double: Number(text) };
    case "truth":
      return { kind: "number", number: text === "true" ? 1n : 0n };
    case "address":
      return { kind: "bytes", bytes: addressBytes(text) };
    case "network": {
      const [address = "", bits = ""] = text.split("/");
      return { kind: "network", bytes: addressBytes(address), bits: Number(bits) };
    }
    default: {
      const isHex = operatorOfName(operator).hexadecimal;
      const bytes = isHex ? Buffer.from(text, "hex").toString("latin1") : bytesOf(text);
      return { kind: "bytes", bytes };
    }
  }
}

/** 4 or 16 bytes in network order. */
export function addressBytes(text: string): Bytes {
  if (!text.includes(":")) return String.fromCharCode(...text.split(".").map(Number));
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted !== null) {
    const [, head = "", a, b, c, d] = dotted;
    const pair = (x: unknown, y: unknown) => (Number(x) * 256 + Number(y)).toString(16);
    return addressBytes(`${head}${pair(a, b)}:${pair(c, d)}`);
  }
  const [head = "", tail = ""] = text.split("::");
  const words = (part: string) => (part === "" ? [] : part.split(":"));
  const [before, after] = [words(head), words(tail)];
  const missing = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...missing, ...after]
    .map((word) => Number.parseInt(word, 16))
    .map((word) => String.fromCharCode(word >> 8, word & 0xff))
    .join("");
}
