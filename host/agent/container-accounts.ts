/**
 * Answers the engine's questions about containers: their users and groups as event blocks, which go
 * to the engine and, from the same event on, into the recording.
 */
import { readContainerAccounts } from "../capture/container-accounts.ts";
import type { ContainerNews, ContainerProcess } from "../engine/protocol.ts";
import { bootstrapAccounts } from "../replay/bootstrap.ts";
import { ANSWER_BYTES_MAX } from "../schema/memory.ts";

export interface ContainerAccountsOptions {
  readonly tell: (news: ContainerNews) => void;
  readonly record: (container: string, blocks: Uint8Array) => void;
  /** The number that /proc has for a process of an event; undefined when it shows none. */
  readonly procNumber: (pid: number) => number | undefined;
}

const NOTHING = Buffer.alloc(0);

export class ContainerAccounts {
  readonly #options: ContainerAccountsOptions;
  /** Told, and not yet heard to hold. */
  readonly #told = new Map<string, Uint8Array>();
  #dropped = 0;

  constructor(options: ContainerAccountsOptions) {
    this.#options = options;
  }

  /** Entries beyond a bound, or that are none. */
  get dropped(): number {
    return this.#dropped;
  }

  onProcess({ pid, container }: ContainerProcess): void {
    const shown = this.#options.procNumber(pid);
    const found = shown === undefined ? undefined : readContainerAccounts(shown, container);
    if (found === undefined) {
      this.#options.tell({ container, blocks: NOTHING, final: false });
      return;
    }
    const time = BigInt(Date.now()) * 1_000_000n;
    const { blocks, dropped } = bootstrapAccounts(found, time, container);
    const fits = blocks.length <= ANSWER_BYTES_MAX;
    this.#dropped += found.dropped + dropped;
    if (!fits) this.#dropped += found.users.length + found.groups.length;
    else if (blocks.length > 0) this.#told.set(container, blocks);
    this.#options.tell({ container, blocks: fits ? blocks : NOTHING, final: true });
  }

  onTold(container: string): void {
    const blocks = this.#told.get(container);
    this.#told.delete(container);
    if (blocks !== undefined) this.#options.record(container, blocks);
  }
}
