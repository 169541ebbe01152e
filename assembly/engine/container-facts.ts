/** What the host tells of a container, member by member, between `begin` and `end`. */
import { Clock } from "../state/clock";
import { Container } from "../state/container";
import { CONTAINER_TEXTS, ContainerTable } from "../state/container-table";
import { Heap } from "../state/heap";

export class ContainerFacts {
  /** The container that was told of last, an address; whoever asks sets it to 0 before. */
  static told: u32 = 0;

  /** By the short id. Returns the entry's address, 0 when there is no room. */
  static begin(id: usize, length: u32): u32 {
    open = ContainerTable.open(id, length);
    if (open !== null) ContainerTable.forget(open!);
    ContainerFacts.told = <u32>changetype<usize>(open);
    return ContainerFacts.told;
  }

  static setText(index: u32, address: usize, length: u32): void {
    const container = open;
    if (container === null || index == 0 || index >= CONTAINER_TEXTS) return;
    ContainerTable.setText(container, index, Heap.make(address, length));
  }

  static setNumber(index: u32, value: u64): void {
    const container = open;
    if (container === null) return;
    if (index == 0) container.startTime = value;
    else if (index == 1) container.type = <u32>value;
    else if (index == 2) container.privileged = <u32>value;
    else if (index == 3) container.hostPid = <u32>value;
    else if (index == 4) container.hostNetwork = <u32>value;
    else if (index == 5) container.hostIpc = <u32>value;
  }

  static end(): void {
    if (open !== null) {
      open!.described = 1;
      Clock.container(open!);
    }
    open = null;
  }
}

let open: Container | null = null;
