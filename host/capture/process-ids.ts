/**
 * Process ids in three numberings. Events, and the capture programs, have those of the kernel's
 * first pid namespace. What this process starts it knows by the numbers of its own namespace. And
 * /proc has the numbers of whichever namespace it was mounted for: in a container its own, or the
 * host's, if that /proc is mounted there. On a host without containers all three are the same.
 */
import type { Task } from "../native/native.ts";
import { peekProc } from "./proc-file.ts";

/** Who counts: the kernel, this process's pid namespace, or /proc. */
export type Numbering = "own" | "proc";

const STATUS_BYTES_MAX = 16 << 10;

export class ProcessIds {
  /** Level of the namespace of each numbering, 0 for the first; undefined: cannot be told. */
  readonly #levels: Readonly<Record<Numbering, number | undefined>>;
  readonly #byKernel = new Map<number, Task>();
  readonly #kernelIds: Readonly<Record<Numbering, Map<number, number>>> = {
    own: new Map(),
    proc: new Map(),
  };

  /** @param tasks from `Capture.tasks`. */
  constructor(tasks: readonly Task[], procRoot = "/proc") {
    const own = (tasks.find((task) => task.isReader)?.numbers.length ?? 1) - 1;
    this.#levels = { own, proc: procLevel(own, procRoot) };
    for (const task of tasks) {
      this.#byKernel.set(task.tid, task);
      for (const numbering of ["own", "proc"] as const) {
        const number = task.numbers[this.#levels[numbering] ?? Infinity];
        if (number !== undefined) this.#kernelIds[numbering].set(number, task.tid);
      }
    }
  }

  /** All three numberings are the same. */
  get isPlain(): boolean {
    return this.#levels.own === 0 && this.#levels.proc === 0;
  }

  /** /proc tells of all processes by the kernel's own numbers. */
  get procIsFirst(): boolean {
    return this.#levels.proc === 0;
  }

  /** The kernel's number; undefined for a thread that cannot be seen from here. */
  kernelId(id: number, numbering: Numbering): number | undefined {
    return this.#levels[numbering] === 0 ? id : this.#kernelIds[numbering].get(id);
  }

  /** The other way round. */
  number(kernelId: number, numbering: Numbering): number | undefined {
    const level = this.#levels[numbering];
    if (level === 0) return kernelId;
    return this.#byKernel.get(kernelId)?.numbers[level ?? Infinity];
  }

  /** By the kernel's number; undefined when it is gone, or not to be seen from here. */
  task(kernelId: number): Task | undefined {
    return this.#byKernel.get(kernelId);
  }

  /** This process, by the kernel's number. */
  self(): Task | undefined {
    for (const task of this.#byKernel.values()) {
      if (task.isReader && task.tid === task.tgid) return task;
    }
    return undefined;
  }

  /** A process and everything below it that can be seen from here; kernel's numbers. */
  descendants(root: number): readonly number[] {
    const children = new Map<number, number[]>();
    for (const { tid, tgid, parent } of this.#byKernel.values()) {
      if (tid !== tgid) continue;
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [tgid]);
      else siblings.push(tgid);
    }
    const found = new Set([root]);
    for (const id of found) for (const child of children.get(id) ?? []) found.add(child);
    return [...found];
  }
}

/**
 * The line NSpid has a number for each namespace from that of /proc to the process's own. Nothing
 * to be read means that /proc belongs to a namespace in which this process is not.
 */
function procLevel(ownLevel: number, procRoot: string): number | undefined {
  const text = peekProc(`${procRoot}/self/status`, STATUS_BYTES_MAX)?.toString("latin1");
  const numbers = /^NSpid:\s+(.+)$/m
    .exec(text ?? "")?.[1]
    ?.trim()
    .split(/\s+/).length;
  return numbers === undefined ? undefined : ownLevel + 1 - numbers;
}
