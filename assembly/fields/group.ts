/** The group that the event's thread acts as, looked up among the groups of its container. */
import { Frame } from "../state/frame";
import { findGroup, scopeOf } from "../state/lookup";
import { Group } from "../state/user";
import { constant } from "./scratch";
import { Value } from "./value";

/** Of the container that the event's thread runs in. */
export function groupOf(gid: u32): Group | null {
  return findGroup(gid, scopeOf(Frame.container));
}

export function groupGid(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(thread.gid);
}

export function groupName(): bool {
  const thread = Frame.thread;
  if (thread === null) return false;
  const group = groupOf(thread.gid);
  if (group !== null) return Value.block(group.name);
  // No table tells of it: only the superuser's has a name everywhere.
  return constant(thread.gid == 0 ? "root" : "<NA>");
}
