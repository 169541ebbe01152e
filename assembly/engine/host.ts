/** What the engine asks of the process around it (import module `host`). */

/** `count` rules of `pack` match the current frame; their indexes are in the pack's match list. */
export declare function onMatch(pack: u32, count: u32): void;
/** While evaluation is timed: `pack` has answered; NO_PACK: packs are about to be called. */
export declare function onEvaluated(pack: u32): void;
/** An async event told of a container: JSON at `address`. The host answers with `openContainer`. */
export declare function onContainer(address: u32, length: u32): void;
/**
 * Process `pid` runs a new program, or was there before, in the container whose short id lies at
 * `address`. Returns 1 when the host is about to tell something of that container: draining stops
 * behind the event, so that the answer comes before the next one.
 */
export declare function onProcess(pid: i32, address: u32, length: u32): u32;
