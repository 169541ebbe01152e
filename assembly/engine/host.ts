/** What the engine asks of the process around it (import module `host`). */

/** `count` rules of `pack` match the current frame; their indexes are in the pack's match list. */
export declare function onMatch(pack: u32, count: u32): void;
/** An async event told of a container: JSON at `address`. The host answers with `openContainer`. */
export declare function onContainer(address: u32, length: u32): void;
