/**
 * Users and groups by number, one table each, open addressing. Containers have users of their own:
 * `scope` is 0 for the host, else the hash of the container id (see `scopeOf`).
 */
import { Text } from "./text";

@unmanaged
export class User {
  /** 0 free, 1 in use, 2 deleted (a search goes on behind it). */
  state: u32;
  scope: u32;
  uid: u32;
  gid: u32;
  name: Text;
  home: Text;
  shell: Text;
  reserved: u32;
}

@unmanaged
export class Group {
  /** As in User. */
  state: u32;
  scope: u32;
  gid: u32;
  name: Text;
}

export const ENTRY_FREE: u32 = 0;
export const ENTRY_USED: u32 = 1;
export const ENTRY_DELETED: u32 = 2;

export const HOST_SCOPE: u32 = 0;
