/** Who is captured when the programs start to write, and who never is. */
import type { Capture } from "../native/native.ts";
import { peekProc } from "./proc-file.ts";
import { ProcessIds } from "./process-ids.ts";
import { type CaptureScope, family, nativeScope, ScopeError, scopeRoot } from "./scope.ts";

/** Processes may start others while we look; a fork bomb could keep this going. */
const ROUNDS_MAX = 16;

export class Membership {
  readonly #capture: Capture;
  readonly #scope: CaptureScope;
  #ids: ProcessIds | undefined;

  constructor(capture: Capture, scope: CaptureScope) {
    this.#capture = capture;
    this.#scope = scope;
  }

  /**
   * Attached programs follow what processes start, so everything found from then on is followed.
   * Throws ScopeError when there is no such process.
   */
  enter(): void {
    this.#excludeOwn();
    const root = this.#root();
    if (this.#scope.kind === "tree") {
      this.#capture.addToTree(root);
      if (this.#scope.waiting !== undefined) this.#capture.hold(root);
    }
    this.#capture.setScope(nativeScope(this.#scope, root));
    // Only now: had it ended before the programs knew it, nobody would take it out again.
    if (root === NOBODY || this.#isAlive(root)) return;
    this.#capture.removeFromTree(root);
    throw this.#gone();
  }

  /** Adds what the root of a tree had started before. */
  join(): void {
    if (this.#scope.kind !== "tree") return;
    const root = this.#root();
    const joined = new Set([root]);
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const ids = this.look();
      const own = new Set(ownProcesses(ids));
      // We and our engine may be below the root (`--scope tree:$$` in a script): left out. A root
      // that we started ourselves (`watch`) is watched.
      const ours = own.has(root) ? new Set<number>() : own;
      const fresh = family(root, ids).filter((id) => !joined.has(id) && !ours.has(id));
      if (fresh.length === 0) return;
      for (const id of fresh) this.#capture.addToTree(id);
      const now = this.look();
      for (const id of fresh) {
        joined.add(id);
        if (!isAlive(id, now)) this.#capture.removeFromTree(id);
      }
    }
  }

  /** Members of a tree, by the numbers of /proc where it shows them. */
  members(): readonly number[] {
    const members = this.#capture.treeMembers();
    if (members.length === 0 || this.#lastLook().isPlain) return members;
    const ids = this.look();
    return members.map((id) => ids.number(id, "proc") ?? id);
  }

  /** The number that /proc has for a process of an event; undefined when it shows none. */
  procNumber(kernelId: number): number | undefined {
    return this.#lastLook().isPlain ? kernelId : this.look().number(kernelId, "proc");
  }

  /** Ids as they are now. */
  look(): ProcessIds {
    this.#ids = new ProcessIds(this.#capture.tasks());
    return this.#ids;
  }

  #lastLook(): ProcessIds {
    return this.#ids ?? this.look();
  }

  /** What we start from now on is excluded at its fork. */
  #excludeOwn(): void {
    const excluded = new Set<number>();
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const ids = this.look();
      const fresh = ownProcesses(ids).filter((id) => !excluded.has(id));
      if (fresh.length === 0) return;
      for (const id of fresh) {
        excluded.add(id);
        const task = ids.task(id);
        if (task !== undefined) this.#capture.exclude(id, task.startTime);
      }
    }
  }

  #root(): number {
    const { kind } = this.#scope;
    if (kind === "host" || kind === "cgroup") return NOBODY;
    const root = scopeRoot(this.#scope, this.#lastLook());
    if (root === undefined) throw this.#gone();
    return root;
  }

  #isAlive(id: number): boolean {
    return isAlive(id, this.look());
  }

  #gone(): ScopeError {
    const scope = this.#scope;
    const id = scope.kind === "tree" ? scope.root : scope.kind === "tgid" ? scope.tgid : NOBODY;
    return new ScopeError(
      "NO_PROCESS",
      `process ${String(id)} has ended, or is outside of the agent's pid namespace ` +
        "(run the agent in the host's: --pid=host)",
    );
  }
}

const NOBODY = 0;

function ownProcesses(ids: ProcessIds): readonly number[] {
  const self = ids.self();
  return self === undefined ? [] : ids.descendants(self.tgid);
}

function isAlive(kernelId: number, ids: ProcessIds): boolean {
  if (ids.task(kernelId) !== undefined) return true;
  return ids.procIsFirst && peekProc(`/proc/${String(kernelId)}/stat`, 16) !== undefined;
}
