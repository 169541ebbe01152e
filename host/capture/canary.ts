/**
 * The proof that capture works: something harmless is done on purpose, and it must arrive at the
 * engine. A capture that sees nothing would otherwise look like a host on which nothing happens.
 */
import { randomInt } from "node:crypto";

export interface Canaries {
  /** The programs write a canary when that call is made by whom the scope lets make it. */
  expect(number: number): void;
  /** This process makes it. */
  send(number: number): void;
  forget(): void;
  /** Canaries that the programs put into a ring. */
  written(): number;
}

export interface CanaryTrial {
  readonly canaries: Canaries;
  /** Has the call made; by this process when left out. */
  readonly send?: (number: number) => void;
  /** Number of the last canary that arrived at the engine. */
  readonly arrived: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const TRIES_MAX = 400;
const TRY_MS = 25;
/** A call is made again from time to time: the first may have found the ring full. */
const TRIES_PER_CALL = 20;

/** Undefined when the canary arrived, else why not. */
export async function provesItself(trial: CanaryTrial): Promise<string | undefined> {
  const { canaries, arrived, sleep } = trial;
  const number = 2 ** 31 + randomInt(1, 2 ** 31);
  const send = trial.send ?? canaries.send.bind(canaries);
  const before = canaries.written();
  canaries.expect(number);
  try {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      if (attempt % TRIES_PER_CALL === 0) send(number);
      if (arrived() === number) return undefined;
      await sleep(attempt === 0 ? 1 : TRY_MS);
    }
    return canaries.written() === before ? NOT_SEEN : NOT_DELIVERED;
  } finally {
    canaries.forget();
  }
}

const SECONDS = String((TRIES_MAX * TRY_MS) / 1_000);
const NOT_SEEN =
  `the capture programs are loaded, but within ${SECONDS} s they did not see a system call that ` +
  "was made to test them";
const NOT_DELIVERED =
  "the capture programs see system calls, but within " +
  `${SECONDS} s none that was made to test them reached the engine`;
