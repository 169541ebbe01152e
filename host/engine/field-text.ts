/**
 * Text of a field out of bytes, as Falco's JSON shows it. What is no UTF-8 becomes U+FFFD, but not
 * as elsewhere: a leading byte takes as many bytes along as it announces, whatever they are, and
 * only an overlong sequence or a surrogate is wrong. So a single wrong byte may swallow the next
 * character, and two bytes that belong together nowhere may make one.
 */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const REPLACEMENT = "\ufffd";

export function fieldText(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  return text.includes(REPLACEMENT) ? slowText(bytes) : text;
}

function slowText(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const count = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
    if (count === 0 || at + count > bytes.length) {
      parts.push(REPLACEMENT);
      at += 1;
      continue;
    }
    parts.push(character(bytes.subarray(at, at + count)));
    at += count;
  }
  return parts.join("");
}

/** Of one to four bytes, the least code that needs as many. */
const LEAST = [0, 0, 0x80, 0x800, 0x1_0000] as const;
/** Bits of a leading byte that belong to the code. */
const LEADING = [0, 0x7f, 0x1f, 0x0f, 0x07] as const;

function character(bytes: Uint8Array): string {
  const [first = 0, ...rest] = bytes;
  const leading = first & (LEADING[bytes.length] ?? 0);
  const code = rest.reduce((value, byte) => (value << 6) | (byte & 0x3f), leading);
  if (code < (LEAST[bytes.length] ?? 0) || (code >= 0xd800 && code <= 0xdfff)) return REPLACEMENT;
  if (code <= 0xffff) return String.fromCharCode(code);
  // Beyond Unicode's end only the bits of a pair are kept.
  const offset = code - 0x1_0000;
  return String.fromCharCode(0xd800 + ((offset >> 10) & 0x3ff), 0xdc00 + (offset & 0x3ff));
}
