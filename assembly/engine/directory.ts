/** Paths as a thread means them: relative to its working directory or to an open one. */
import { Clock } from "../state/clock";
import { findDescriptor } from "../state/lookup";
import { TextAt } from "../state/text";
import { Thread } from "../state/thread";
import { Current } from "./current";
import { TextSlot } from "./identity";
import { Path } from "../record/path";
import { Writer } from "./writer";

export const AT_FDCWD: i64 = -100;
const SLASH: u8 = 47;

const UNKNOWN: usize = memory.data<u8>([60, 85, 78, 75, 78, 79, 87, 78, 62]);
const UNKNOWN_BYTES: u32 = 9;

/** Joins for the current thread, which must be known; the result is in `Path`. */
export function joinAt(dirfd: i64, name: usize, length: u32): void {
  if (length > 0 && load<u8>(name) == SLASH) return Path.join(0, 0, name, length);
  if (dirfd == AT_FDCWD) return joinCwd(name, length);
  const directory = findDescriptor(Current.owner, dirfd);
  if (directory === null) return joinUnknown(name, length);
  const base = directory.name;
  if (base == 0) return Path.join(0, 0, name, length);
  Path.join(TextAt.bytes(base), TextAt.length(base), name, length);
}

/** Right before the text of the path, without a slash. */
function joinUnknown(name: usize, length: u32): void {
  Path.append(UNKNOWN, UNKNOWN_BYTES, name, length);
}

function joinCwd(name: usize, length: u32): void {
  const cwd = changetype<Thread>(<usize>Current.owner).cwd;
  if (cwd == 0) return Path.join(0, 0, name, length);
  Path.join(TextAt.bytes(cwd), TextAt.length(cwd), name, length);
}

/** The working directory is now that path, which may be relative to the one before. */
export function changeCwd(name: usize, length: u32): void {
  joinCwd(name, length);
  const leader = changetype<Thread>(<usize>Current.owner);
  setCwd(leader, Path.address, Path.length);
  Clock.thread(leader);
}

/** Stores it with a final slash. */
export function setCwd(thread: Thread, path: usize, length: u32): void {
  Writer.start();
  Writer.bytes(path, length);
  if (length == 0 || load<u8>(path + length - 1) != SLASH) Writer.byte(SLASH);
  const slot = changetype<usize>(thread) + offsetof<Thread>("cwd");
  TextSlot.set(slot, Writer.address, Writer.length);
}
