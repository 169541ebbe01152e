/** Changes of the user and group tables. */
import { Clock } from "./clock";
import { Count, Counter } from "./counters";
import { Hash } from "./hash";
import { HeaderAt } from "./header";
import { Heap } from "./heap";
import { findGroup, findUser } from "./lookup";
import { NO_TEXT, Text } from "./text";
import { ENTRY_DELETED, ENTRY_USED, Group, User } from "./user";

export class UserTable {
  static clear(): void {
    const header = HeaderAt.header;
    memory.fill(<usize>header.userBase, 0, <usize>header.userCapacity * offsetof<User>());
    memory.fill(<usize>header.groupBase, 0, <usize>header.groupCapacity * offsetof<Group>());
    header.userCount = 0;
    header.groupCount = 0;
  }

  /** The user's entry, blank but for its keys when it is new; null when there is no room. */
  static open(uid: u32, scope: u32): User | null {
    const known = findUser(uid, scope);
    if (known !== null) return known;
    const header = HeaderAt.header;
    const mask = header.userCapacity - 1;
    // A quarter stays free, so that searches for unknown users end soon.
    if (header.userCount >= header.userCapacity - (header.userCapacity >> 2)) {
      Count.one(Counter.UsersFull);
      return null;
    }
    let slot = Hash.of((<u64>scope << 32) | uid) & mask;
    let user = userAt(slot);
    while (user.state == ENTRY_USED) {
      slot = (slot + 1) & mask;
      user = userAt(slot);
    }
    user.state = ENTRY_USED;
    user.scope = scope;
    user.uid = uid;
    header.userCount++;
    return user;
  }

  static remove(user: User): void {
    UserTable.name(user, NO_TEXT, NO_TEXT, NO_TEXT);
    user.state = ENTRY_DELETED;
    HeaderAt.header.userCount--;
  }

  static name(user: User, name: Text, home: Text, shell: Text): void {
    Heap.release(user.name);
    Heap.release(user.home);
    Heap.release(user.shell);
    user.name = name;
    user.home = home;
    user.shell = shell;
    Clock.users();
  }
}

export class GroupTable {
  static open(gid: u32, scope: u32): Group | null {
    const known = findGroup(gid, scope);
    if (known !== null) return known;
    const header = HeaderAt.header;
    const mask = header.groupCapacity - 1;
    if (header.groupCount >= header.groupCapacity - (header.groupCapacity >> 2)) {
      Count.one(Counter.GroupsFull);
      return null;
    }
    let slot = Hash.of((<u64>scope << 32) | gid) & mask;
    let group = groupAt(slot);
    while (group.state == ENTRY_USED) {
      slot = (slot + 1) & mask;
      group = groupAt(slot);
    }
    group.state = ENTRY_USED;
    group.scope = scope;
    group.gid = gid;
    header.groupCount++;
    return group;
  }

  static remove(group: Group): void {
    GroupTable.name(group, NO_TEXT);
    group.state = ENTRY_DELETED;
    HeaderAt.header.groupCount--;
  }

  static name(group: Group, name: Text): void {
    Heap.release(group.name);
    group.name = name;
    Clock.users();
  }
}

function userAt(slot: u32): User {
  return changetype<User>(<usize>HeaderAt.header.userBase + <usize>slot * offsetof<User>());
}

function groupAt(slot: u32): Group {
  return changetype<Group>(<usize>HeaderAt.header.groupBase + <usize>slot * offsetof<Group>());
}
