/** Fields of users and groups. */
import type { FieldRow } from "../types.ts";

export const USER_FIELDS: readonly FieldRow[] = [
  {
    name: "user.uid",
    type: "UINT32",
    class: "user",
    lifetime: "process",
    help: "Effective user id.",
  },
  {
    name: "user.name",
    type: "CHARBUF",
    class: "user",
    lifetime: "process",
    help: "Name of the user.",
  },
  {
    name: "user.homedir",
    type: "CHARBUF",
    class: "user",
    lifetime: "process",
    help: "Home directory of the user.",
  },
  {
    name: "user.shell",
    type: "CHARBUF",
    class: "user",
    lifetime: "process",
    help: "Login shell of the user.",
  },
  {
    name: "user.loginuid",
    type: "INT64",
    class: "user",
    lifetime: "process",
    help: "User id at login, -1 if nobody logged in.",
  },
  {
    name: "user.loginname",
    type: "CHARBUF",
    class: "user",
    lifetime: "process",
    help: "Name of the user at login.",
  },
  {
    name: "group.gid",
    type: "UINT32",
    class: "group",
    lifetime: "process",
    help: "Effective group id.",
  },
  {
    name: "group.name",
    type: "CHARBUF",
    class: "group",
    lifetime: "process",
    help: "Name of the group.",
  },
];
