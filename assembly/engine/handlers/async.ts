/**
 * Async events: plugin id, name, data. One named `container` or `container_removed` is read by the
 * host, which answers through `openContainer` and the setters.
 */
import { Params } from "../../record/event";
import { Count, Counter } from "../../state/counters";
import { onContainer } from "../host";

const CONTAINER: usize = memory.data<u8>([99, 111, 110, 116, 97, 105, 110, 101, 114]);
const CONTAINER_BYTES: u32 = 9;

export function onAsync(): void {
  const name = Params.address(1);
  if (Params.textLength(1) != CONTAINER_BYTES) return;
  if (memory.compare(name, CONTAINER, CONTAINER_BYTES) != 0 || !Params.has(2)) return;
  Count.one(Counter.ContainerEvents);
  // The data is a text in a buffer: its final NUL, if there is one, is not part of the JSON.
  let length = Params.length(2);
  const data = Params.address(2);
  if (load<u8>(data + length - 1) == 0) length--;
  onContainer(<u32>data, length);
}
