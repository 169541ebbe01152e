/** chdir, fchdir, getcwd, chroot. */
import { Params } from "../../record/event";
import { Clock } from "../../state/clock";
import { TextAt } from "../../state/text";
import { Thread } from "../../state/thread";
import { Current } from "../current";
import { AT_FDCWD, changeCwd, joinAt } from "../directory";
import { TextSlot } from "../identity";
import { Path } from "../../record/path";

/** chdir and getcwd: res, path. */
export function onChdir(): void {
  if (Current.thread == 0 || !Current.succeeded || !Params.has(1)) return;
  changeCwd(Params.address(1), Params.textLength(1));
}

export function onFchdir(): void {
  if (Current.thread == 0 || Current.descriptor == 0 || !Current.succeeded) return;
  const name = Current.descriptorEntry.name;
  if (name != 0) changeCwd(TextAt.bytes(name), TextAt.length(name));
}

export function onChroot(): void {
  if (Current.thread == 0 || !Current.succeeded || !Params.has(1)) return;
  joinAt(AT_FDCWD, Params.address(1), Params.textLength(1));
  const thread = Current.threadEntry;
  const slot = changetype<usize>(thread) + offsetof<Thread>("root");
  TextSlot.set(slot, Path.address, Path.length);
  Clock.thread(thread);
}
