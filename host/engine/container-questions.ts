/**
 * What the engine process asks the agent of containers, once a program runs in one: the agent reads
 * their users where the engine may not look. Draining waits for the answer, so that the events
 * behind the first program's start show names: a second at most, for the agent may be busy, and not
 * while a ring fills up.
 */
import type { ContainerProcess } from "./protocol.ts";

/** A container whose processes still have the host's root is asked for again, so many times. */
const ASKED_MAX = 16;
const CONTAINERS_MAX = 4_096;
const WAIT_MS_MAX = 1_000;
const LOOK_MS = 5;

interface Asked {
  times: number;
  isOpen: boolean;
}

export class ContainerQuestions {
  readonly #ask: (process: ContainerProcess) => void;
  readonly #isPressing: () => boolean;
  readonly #asked = new Map<string, Asked>();
  #open = 0;
  #answered: (() => void) | undefined;

  /** `isPressing`: events come faster than they can wait. */
  constructor(ask: (process: ContainerProcess) => void, isPressing: () => boolean) {
    this.#ask = ask;
    this.#isPressing = isPressing;
  }

  /** A program runs in a container. Returns whether an answer is worth waiting for. */
  onProcess(process: ContainerProcess): boolean {
    const asked = this.#asked.get(process.container) ?? { times: 0, isOpen: false };
    if (asked.isOpen) return true;
    if (asked.times >= ASKED_MAX || !this.#makeRoom()) return false;
    asked.times += 1;
    asked.isOpen = true;
    this.#open += 1;
    this.#asked.set(process.container, asked);
    this.#ask(process);
    return true;
  }

  onAnswer(container: string, isFinal: boolean): void {
    const asked = this.#asked.get(container);
    if (asked?.isOpen !== true) return;
    asked.isOpen = false;
    if (isFinal) asked.times = ASKED_MAX;
    this.#open -= 1;
    if (this.#open === 0) this.#answered?.();
  }

  /** The container that was asked for first is forgotten; most likely it is gone. */
  #makeRoom(): boolean {
    if (this.#asked.size < CONTAINERS_MAX) return true;
    const oldest = [...this.#asked].find(([, { isOpen }]) => !isOpen);
    return oldest !== undefined && this.#asked.delete(oldest[0]);
  }

  /** Resolves when nothing is open, when events press, or after a while. */
  async settled(): Promise<void> {
    if (this.#open === 0) return;
    const deadline = performance.now() + WAIT_MS_MAX;
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (performance.now() >= deadline || this.#isPressing()) this.#answered?.();
      }, LOOK_MS);
      this.#answered = () => {
        clearInterval(look);
        resolve();
      };
    });
    this.#answered = undefined;
  }
}
