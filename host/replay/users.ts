import { BLOCK } from "./block.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Cursor } from "./cursor.ts";
import type { Accounts, GroupEntry, UserEntry } from "./entries.ts";

const V1 = 0x206;
const V1_LEGACY = 0x8012_abcd;
const KIND_USER = 0;
const KIND_GROUP = 1;

export function isAccountList(blockType: number): boolean {
  return blockType === BLOCK.accounts || blockType === V1 || blockType === V1_LEGACY;
}

/** One of both; neither for a kind that nobody defined. */
interface AccountEntry {
  readonly user?: UserEntry;
  readonly group?: GroupEntry;
}

/** Users and groups of a block of any version. */
export function* readAccounts(blockType: number, body: Cursor): Generator<AccountEntry> {
  // What is left at the end, below 4 bytes, fills the block up.
  while (body.remaining >= 4) {
    const at = blockType === BLOCK.accounts ? sectionOf(body) : body;
    const kind = at.u8("kind of account");
    if (kind === KIND_USER) yield { user: readUser(at) };
    else if (kind === KIND_GROUP) yield { group: readGroup(at) };
    else if (at === body) at.fail("a user (0) or a group (1)");
    else yield {};
  }
}

function sectionOf(body: Cursor): Cursor {
  const length = body.u32("the length of an account entry");
  if (length < 5) body.fail("an account entry of at least 5 bytes");
  return body.section(length - 4, "an account entry");
}

function readUser(at: Cursor): UserEntry {
  return {
    uid: at.u32("uid"),
    gid: at.u32("gid"),
    name: at.text("user name"),
    home: at.text("home directory"),
    shell: at.text("shell"),
  };
}

function readGroup(at: Cursor): GroupEntry {
  return { gid: at.u32("gid"), name: at.text("group name") };
}

/** Body of an account list block, version 2. */
export function writeAccounts(accounts: Accounts): Buffer {
  const out = new ByteWriter();
  for (const user of accounts.users) {
    const start = out.length;
    out.u32(0).u8(KIND_USER).u32(user.uid).u32(user.gid);
    out.text(user.name).text(user.home).text(user.shell);
    out.patchU32(start, out.length - start);
  }
  for (const group of accounts.groups) {
    const start = out.length;
    out.u32(0).u8(KIND_GROUP).u32(group.gid).text(group.name);
    out.patchU32(start, out.length - start);
  }
  return out.take();
}
