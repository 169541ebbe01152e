/**
 * Tells the engine every few minutes which threads are alive. The first time comes early: what was
 * lost while everything started is the most there ever is.
 */
import { livingThreads } from "../capture/living-threads.ts";
import type { EngineHost } from "./engine-host.ts";

const FIRST_MS = 30_000;
const EVERY_MS = 300_000;
/** More are not told: a list must be whole. */
const LIVING_MAX = 1 << 20;

export class PurgeTimer {
  readonly #host: Pick<EngineHost, "tellLiving">;
  #timer: NodeJS.Timeout;

  constructor(host: Pick<EngineHost, "tellLiving">) {
    this.#host = host;
    this.#timer = setTimeout(() => {
      this.#tell();
      this.#timer = setInterval(() => {
        this.#tell();
      }, EVERY_MS).unref();
    }, FIRST_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    const threads = livingThreads(LIVING_MAX);
    if (threads !== undefined) this.#host.tellLiving(threads);
  }
}
