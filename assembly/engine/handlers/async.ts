/**
 * Events that tell of a container. Async events are plugin id, name, data; one named `container` or
 * `container_removed` has JSON as its data. Older producers wrote events of their own, which hold
 * the JSON alone. The host reads it and answers through `openContainer` and the setters; the event
 * belongs to that container.
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
  askHost(2);
}

/** json */
export function onContainerJson(): void {
  if (Params.has(0)) askHost(0);
}

function askHost(param: u32): void {
  Count.one(Counter.ContainerEvents);
  // The data is a text in a buffer: its final NUL, if there is one, is not part of the JSON.
  let length = Params.length(param);
  const data = Params.address(param);
  if (load<u8>(data + length - 1) == 0) length--;
  ContainerFacts.told = 0;
  onContainer(<u32>data, length);
  Current.container = ContainerFacts.told;
}
