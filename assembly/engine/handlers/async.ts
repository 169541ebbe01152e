/**
 * Async events: plugin id, name, data. One named `container` or `container_removed` is read by the
 * host, which answers through `openContainer` and the setters. The event belongs to that container.
 */
import { Params } from "../../record/event";
import { Count, Counter } from "../../state/counters";
import { ContainerFacts } from "../container-facts";
import { Current } from "../current";
import { onContainer } from "../host";

/** "container_removed", which begins with the other name. */
const REMOVED: usize = memory.data<u8>([
  99, 111, 110, 116, 97, 105, 110, 101, 114, 95, 114, 101, 109, 111, 118, 101, 100,
]);
const REMOVED_BYTES: u32 = 17;
const CONTAINER_BYTES: u32 = 9;

export function onAsync(): void {
  const bytes = Params.textLength(1);
  if (bytes != CONTAINER_BYTES && bytes != REMOVED_BYTES) return;
  if (memory.compare(Params.address(1), REMOVED, <usize>bytes) != 0 || !Params.has(2)) return;
  Count.one(Counter.ContainerEvents);
  // The data is a text in a buffer: its final NUL, if there is one, is not part of the JSON.
  let length = Params.length(2);
  const data = Params.address(2);
  if (load<u8>(data + length - 1) == 0) length--;
  ContainerFacts.told = 0;
  onContainer(<u32>data, length);
  Current.container = ContainerFacts.told;
}
