import type { AddonWaiter } from "./load.ts";
import { addon } from "./load.ts";
import { guarded } from "./native-error.ts";

/**
 * Sleeps on the event loop until one of the descriptors can be read. One wait at a time; an open
 * wait keeps the process alive. `close` ends it without a call, and twice is normal.
 */
export class Waiter {
  readonly #waiter: AddonWaiter;

  /** @param fds ring descriptors, at most 128; they must stay open until `close`. */
  constructor(fds: readonly number[]) {
    const open = addon().Waiter;
    this.#waiter = guarded(() => new open(fds));
  }

  /**
   * Calls back once: with true when there is data (at once if there is already), with false after
   * `timeoutMs`; −1 waits for ever,
   * otherwise at most an hour. May call back with true when another reader was faster.
   */
  wait(callback: (ready: boolean) => void, timeoutMs = -1): void {
    guarded(() => {
      this.#waiter.wait(callback, timeoutMs);
    });
  }

  /** Ends the wait without a call. */
  cancel(): void {
    this.#waiter.cancel();
  }

  close(): void {
    this.#waiter.close();
  }
}
