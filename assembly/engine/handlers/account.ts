/** USER_ADDED, USER_DELETED, GROUP_ADDED, GROUP_DELETED. */
import { Params } from "../../record/event";
import { Hash } from "../../state/hash";
import { Heap } from "../../state/heap";
import { findGroup, findUser } from "../../state/lookup";
import { HOST_SCOPE } from "../../state/user";
import { GroupTable, UserTable } from "../../state/user-table";

/** As `scopeOf` in state/lookup.ts, from the text of the container id. */
function scope(param: u32): u32 {
  const length = Params.textLength(param);
  return length == 0 ? HOST_SCOPE : Hash.ofBytes(Params.address(param), length) | 1;
}

function text(param: u32): u32 {
  return Heap.make(Params.address(param), Params.textLength(param));
}

/** uid, gid, name, home, shell, container_id */
export function onUserAdded(): void {
  const user = UserTable.open(Params.u32(0), scope(5));
  if (user === null) return;
  user.gid = Params.u32(1);
  UserTable.name(user, text(2), text(3), text(4));
}

export function onUserDeleted(): void {
  const user = findUser(Params.u32(0), scope(5));
  if (user !== null) UserTable.remove(user);
}

/** gid, name, container_id */
export function onGroupAdded(): void {
  const group = GroupTable.open(Params.u32(0), scope(2));
  if (group !== null) GroupTable.name(group, text(1));
}

/** gid, name, container_id */
export function onGroupDeleted(): void {
  const group = findGroup(Params.u32(0), scope(2));
  if (group !== null) GroupTable.remove(group);
}
