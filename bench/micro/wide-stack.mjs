/**
 * Loaded before wasm2c of the npm package wabt (`node --import`): its C++ was built with 64 KiB of
 * stack, too little for a function whose switch nests 240 blocks. Its memory is grown, and the
 * stack moved to the new end, far above its heap.
 */
const STACK_PAGES = 8_192;
const PAGE_BYTES = 65_536;

const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...args) => {
  const made = await instantiate(...args);
  const exported = Object.values((made.instance ?? made).exports);
  const memory = exported.find((item) => item instanceof WebAssembly.Memory);
  // The one function of one argument: takes so many bytes off the stack and returns its pointer.
  const allocate = exported.find((item) => typeof item === "function" && item.length === 1);
  const pointer = allocate(0);
  memory.grow(STACK_PAGES);
  allocate(pointer - (memory.buffer.byteLength - PAGE_BYTES));
  return made;
};
