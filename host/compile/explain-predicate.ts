/** By which means a predicate is answered, in words. */
import type { Ask } from "./5-plan/graph.ts";
import { countOf } from "./5-plan/predicate-text.ts";
import { asSearch } from "./operators/table.ts";
import { SEARCHES } from "./operators/text.ts";

/** The means, as `6-emit/ask-code.ts` chooses them. */
export function answerOf(ask: Ask): string {
  const count = countOf(ask);
  switch (ask.op) {
    case "exists":
      return "presence";
    case "text-in":
      return count === 1 ? "comparison" : `hash set of ${count}`;
    case "list-all":
    case "list-any":
      return `hash set of ${count}, for each element`;
    case "number-in":
      return count > 3 ? `table of ${count} numbers` : "comparison";
    case "network-in":
    case "network-not":
      return count === 1 ? "mask" : `${count} masks`;
    case "address-in":
      return count === 1 ? "comparison" : `${count} addresses`;
    case "same-field":
      return "comparison of two fields";
    default: {
      const search = asSearch(ask.op);
      return search === null ? "comparison" : SEARCHES[search].means(count);
    }
  }
}
