import { addon } from "./load.ts";
import { guarded } from "./native-error.ts";
import type { Features } from "./values.ts";

/** Looks at the kernel and at this process's rights; loads the smallest programs and drops them. */
export function probe(): Features {
  return guarded(() => addon().probe());
}

/** Wall clock minus CLOCK_BOOTTIME, ns; good to about a microsecond. */
export function bootTimeNs(): bigint {
  return guarded(() => addon().bootTimeNs());
}
