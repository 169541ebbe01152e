/**
 * `syscall_event_drops`: what to do when the kernel side lost events. As Falco does it: once a
 * second, when the part that was lost is above the threshold, and no more often than the rate says.
 */
import type { Config } from "../config/keys.ts";
import { TokenBucket } from "../engine/token-bucket.ts";
import type { InternalAlert } from "../output/internal.ts";

/** What the kernel side counted, since the start or since the last look. */
export interface KernelCounts {
  readonly written: number;
  readonly lost: number;
  readonly byReason: Readonly<Record<string, number>>;
  readonly byClass: Readonly<Record<string, number>>;
}

export interface DropActionHooks {
  readonly alert: (alert: InternalAlert) => void;
  readonly exit: (reason: string) => void;
}

const RULE = "Falco internal: syscall event drop";

/** Falco's names of the classes of events, and ours. */
const CLASS_FIELDS: readonly (readonly [string, string])[] = [
  ["clone_fork_exit", "cloneFork"],
  ["execve_exit", "execve"],
  ["connect_exit", "connect"],
  ["open_exit", "open"],
  ["dir_file_exit", "dirFile"],
  ["other_interest_exit", "other"],
  ["close_exit", "close"],
  ["proc_exit", "procExit"],
];

export class DropActions {
  readonly #config: Config["syscall_event_drops"];
  readonly #hooks: DropActionHooks;
  readonly #bucket: TokenBucket;

  /** `now` here and below: monotonic, ms. */
  constructor(config: Config["syscall_event_drops"], hooks: DropActionHooks, now: number) {
    this.#config = config;
    this.#hooks = hooks;
    const rate = { burst: config.max_burst, perSecond: config.rate };
    this.#bucket = new TokenBucket(rate, now);
  }

  /** Whether the log may speak of losses: it is quiet only where they are to be ignored. */
  get logs(): boolean {
    return !this.#config.actions.includes("ignore");
  }

  /** `counts`: of the last second. */
  look(counts: KernelCounts, time: bigint, now: number): void {
    const { actions, threshold, simulate_drops: simulated } = this.#config;
    const lost = counts.lost + (simulated ? 1 : 0);
    if (lost === 0) return;
    const part = lost / (lost + counts.written);
    if ((part <= threshold && !simulated) || !this.#bucket.has(1, now)) return;
    this.#bucket.take(1);
    if (actions.includes("alert")) this.#hooks.alert(dropAlert({ ...counts, lost }, time));
    if (actions.includes("exit")) {
      this.#hooks.exit(
        `${String(lost)} events were lost within a second (syscall_event_drops.actions: exit)`,
      );
    }
  }
}

function dropAlert(counts: KernelCounts, time: bigint): InternalAlert {
  const { written, lost, byReason, byClass } = counts;
  const count = (value: number | undefined): string => String(value ?? 0);
  const classes = CLASS_FIELDS.map(
    ([field, name]) => [`n_drops_buffer_${field}`, count(byClass[name])] as const,
  );
  return {
    rule: RULE,
    priority: "Debug",
    message: `${RULE}. ${String(lost)} system calls dropped in last second.`,
    time,
    fields: {
      ebpf_enabled: "1",
      n_drops: count(lost),
      n_drops_buffer_total: count(byReason["ringFull"]),
      ...Object.fromEntries(classes),
      n_drops_bug: count(byReason["bug"]),
      n_drops_page_faults: count(byReason["unreadable"]),
      n_drops_scratch_map: count(byReason["tooLarge"]),
      n_evts: count(written),
    },
  };
}
