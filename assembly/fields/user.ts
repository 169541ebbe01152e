/** The user that the event's thread acts as, looked up among the users of its container. */
import { Frame } from "../state/frame";
import { findUser, scopeOf } from "../state/lookup";
import { User } from "../state/user";
import { constant } from "./scratch";
import { Value } from "./value";

const NO_USER: u32 = 0xffff_ffff;

/** Of the container that the event's thread runs in. */
export function userOf(uid: u32): User | null {
  return findUser(uid, scopeOf(Frame.container));
}

export function userUid(): bool {
  const thread = Frame.thread;
  return thread !== null && Value.unsigned(thread.uid);
}

/** A user of whom no table tells: only the superuser has a name everywhere. */
function unknown(uid: u32, superuser: string): bool {
  return constant(uid == 0 ? superuser : "<NA>");
}

export function userName(): bool {
  const thread = Frame.thread;
  return thread !== null && nameOf(thread.uid);
}

export function userHomedir(): bool {
  const thread = Frame.thread;
  if (thread === null) return false;
  const user = userOf(thread.uid);
  return user === null ? unknown(thread.uid, "/root") : Value.block(user.home);
}

export function userShell(): bool {
  const thread = Frame.thread;
  if (thread === null) return false;
  const user = userOf(thread.uid);
  return user === null ? constant("<NA>") : Value.block(user.shell);
}

/** −1 when nobody logged in. */
export function userLoginuid(): bool {
  const thread = Frame.thread;
  if (thread === null) return false;
  return Value.integer(thread.loginuid == NO_USER ? -1 : <i64>thread.loginuid);
}

export function userLoginname(): bool {
  const thread = Frame.thread;
  return thread !== null && nameOf(thread.loginuid);
}

function nameOf(uid: u32): bool {
  const user = userOf(uid);
  return user === null ? unknown(uid, "root") : Value.block(user.name);
}
