/** How long this process lives. */
import { addon } from "./load.ts";
import { guarded } from "./native-error.ts";

/**
 * From now on the kernel kills this process when the one that started it ends: also while code runs
 * that never comes back to hear of it.
 */
export function endWithParent(): void {
  guarded(() => {
    addon().endWithParent();
  });
}
