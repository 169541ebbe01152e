/** Appends custom sections to a WebAssembly module. */
export function withSections(
  wasm: Uint8Array,
  sections: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Uint8Array {
  return new Uint8Array(
    Buffer.concat([wasm, ...sections.flatMap(({ name, bytes }) => customSection(name, bytes))]),
  );
}

function customSection(name: string, bytes: Uint8Array): Uint8Array[] {
  const title = Buffer.from(name, "utf8");
  const head = Buffer.concat([unsigned(title.length), title]);
  return [Buffer.of(0), unsigned(head.length + bytes.length), head, bytes];
}

/** LEB128. */
function unsigned(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 0x7f ? 0x80 : 0;
    bytes.push((rest & 0x7f) | more);
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}
