/** The questions of conditions to the value in `Value`. Generated packs import them. */
import { Value } from "../fields/value";
import { matchesAnyGlob } from "../ops/glob";
import { isAddressIn, isInNetworks } from "../ops/net";
import { isNumberIn } from "../ops/number";
import { isBelow } from "../ops/paths";
import { matchesRegex } from "../ops/regex";
import { containsAny, containsFoldedAny, containsFoldedText, containsText } from "../ops/text";
import { endsWithAny, endsWithText, startsWithAny, startsWithText } from "../ops/text";
import { areAllInSet, isAnyInSet, isInSet, isText, orderText } from "../ops/text";

export function is(text: usize): bool {
  return isText(Value.address, Value.length, text);
}

export function isIn(set: usize): bool {
  return isInSet(Value.address, Value.length, set);
}

export function order(text: usize): i32 {
  return orderText(Value.address, Value.length, text);
}

export function starts(text: usize): bool {
  return startsWithText(Value.address, Value.length, text);
}

export function startsAny(list: usize): bool {
  return startsWithAny(Value.address, Value.length, list);
}

export function ends(text: usize): bool {
  return endsWithText(Value.address, Value.length, text);
}

export function endsAny(list: usize): bool {
  return endsWithAny(Value.address, Value.length, list);
}

export function has(text: usize): bool {
  return containsText(Value.address, Value.length, text);
}

export function hasAny(list: usize): bool {
  return containsAny(Value.address, Value.length, list);
}

export function hasFolded(text: usize): bool {
  return containsFoldedText(Value.address, Value.length, text);
}

export function hasFoldedAny(list: usize): bool {
  return containsFoldedAny(Value.address, Value.length, list);
}

export function fits(list: usize, folds: bool): bool {
  return matchesAnyGlob(Value.address, Value.length, list, folds);
}

export function below(tree: usize): bool {
  return isBelow(Value.address, Value.length, tree);
}

export function matched(automaton: usize): bool {
  return matchesRegex(Value.address, Value.length, automaton);
}

export function isNumber(list: usize): bool {
  return isNumberIn(Value.number, list);
}

export function isAddress(list: usize): bool {
  return isAddressIn(Value.address, Value.length, list);
}

export function isInside(table: usize): bool {
  return isInNetworks(Value.address, Value.length, table);
}

export function allIn(set: usize): bool {
  return areAllInSet(Value.address, Value.length, set);
}

export function anyIn(set: usize): bool {
  return isAnyInSet(Value.address, Value.length, set);
}
