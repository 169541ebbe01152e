/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Calls that make, remove, rename or change names: mkdir, unlink, rename, chmod, chown, mount … */
#ifndef LANNER_EVENTS_PATHS_H
#define LANNER_EVENTS_PATHS_H

#include "call.h"
#include "kernel/task.h"

#define MODE_BITS 07777
/* Flags of the *at calls have the same numbers in recordings; others are cut off. */
#define AT_REMOVEDIR 0x200
#define AT_SYMLINK_FOLLOW 0x400
#define AT_EMPTY_PATH 0x1000

/* One path and nothing else. */
#define PATH_HANDLER(name, event)                                                        \
	HANDLER(name)                                                                    \
	{                                                                                \
		VARIABLE(record, event);                                                 \
		push_s64(&record, call->result);                                         \
		push_user_text(&record, arg(call, 0));                                   \
		return send(&record);                                                    \
	}

/* Two paths. */
#define PATHS_HANDLER(name, event)                                                       \
	HANDLER(name)                                                                    \
	{                                                                                \
		VARIABLE(record, event);                                                 \
		push_s64(&record, call->result);                                         \
		push_user_text(&record, arg(call, 0));                                   \
		push_user_text(&record, arg(call, 1));                                   \
		return send(&record);                                                    \
	}

PATH_HANDLER(rmdir, SYSCALL_RMDIR_2_X)
PATH_HANDLER(unlink, SYSCALL_UNLINK_2_X)
PATH_HANDLER(chdir, SYSCALL_CHDIR_X)
PATH_HANDLER(chroot, SYSCALL_CHROOT_X)
PATHS_HANDLER(rename, SYSCALL_RENAME_X)
PATHS_HANDLER(link, SYSCALL_LINK_2_X)
PATHS_HANDLER(symlink, SYSCALL_SYMLINK_X)

HANDLER(mkdir)
{
	VARIABLE(record, SYSCALL_MKDIR_2_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_u32(&record, arg(call, 1));
	return send(&record);
}

HANDLER(mkdirat)
{
	VARIABLE(record, SYSCALL_MKDIRAT_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_u32(&record, arg(call, 2));
	return send(&record);
}

HANDLER(unlinkat)
{
	VARIABLE(record, SYSCALL_UNLINKAT_2_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_u32(&record, arg(call, 2) & AT_REMOVEDIR);
	return send(&record);
}

HANDLER(renameat)
{
	VARIABLE(record, SYSCALL_RENAMEAT_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_int(&record, arg(call, 2));
	push_user_text(&record, arg(call, 3));
	return send(&record);
}

HANDLER(renameat2)
{
	VARIABLE(record, SYSCALL_RENAMEAT2_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_int(&record, arg(call, 2));
	push_user_text(&record, arg(call, 3));
	push_u32(&record, arg(call, 4));
	return send(&record);
}

HANDLER(linkat)
{
	VARIABLE(record, SYSCALL_LINKAT_2_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_int(&record, arg(call, 2));
	push_user_text(&record, arg(call, 3));
	push_u32(&record, arg(call, 4) & (AT_SYMLINK_FOLLOW | AT_EMPTY_PATH));
	return send(&record);
}

HANDLER(symlinkat)
{
	VARIABLE(record, SYSCALL_SYMLINKAT_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_int(&record, arg(call, 1));
	push_user_text(&record, arg(call, 2));
	return send(&record);
}

HANDLER(chmod)
{
	VARIABLE(record, SYSCALL_CHMOD_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_u32(&record, arg(call, 1) & MODE_BITS);
	return send(&record);
}

HANDLER(fchmod)
{
	FIXED(record, SYSCALL_FCHMOD_X, 20);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 1) & MODE_BITS);
	return submit(&record);
}

HANDLER(fchmodat)
{
	VARIABLE(record, SYSCALL_FCHMODAT_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_u32(&record, arg(call, 2) & MODE_BITS);
	return send(&record);
}

#define CHOWN_HANDLER(name, event)                                                       \
	HANDLER(name)                                                                    \
	{                                                                                \
		VARIABLE(record, event);                                                 \
		push_s64(&record, call->result);                                         \
		push_user_text(&record, arg(call, 0));                                   \
		push_u32(&record, arg(call, 1));                                         \
		push_u32(&record, arg(call, 2));                                         \
		return send(&record);                                                    \
	}

CHOWN_HANDLER(chown, SYSCALL_CHOWN_X)
CHOWN_HANDLER(lchown, SYSCALL_LCHOWN_X)

HANDLER(fchown)
{
	FIXED(record, SYSCALL_FCHOWN_X, 24);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 1));
	push_u32(&record, arg(call, 2));
	return submit(&record);
}

HANDLER(fchownat)
{
	VARIABLE(record, SYSCALL_FCHOWNAT_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_u32(&record, arg(call, 2));
	push_u32(&record, arg(call, 3));
	push_u32(&record, arg(call, 4) & (AT_SYMLINK_FOLLOW | AT_EMPTY_PATH));
	return send(&record);
}

/* The number that makedev made, as the kernel's own: major in the upper twelve bits. */
static __always_inline __u32 kernel_device(__u32 device)
{
	return ((device & 0xfff00) << 12) | (device & 0xff) | ((device >> 12) & 0xfff00);
}

HANDLER(mknod)
{
	VARIABLE(record, SYSCALL_MKNOD_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_u32(&record, arg(call, 1));
	push_u32(&record, kernel_device(arg(call, 2)));
	return send(&record);
}

HANDLER(mknodat)
{
	VARIABLE(record, SYSCALL_MKNODAT_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_u32(&record, arg(call, 2));
	push_u32(&record, kernel_device(arg(call, 3)));
	return send(&record);
}

HANDLER(getcwd)
{
	VARIABLE(record, SYSCALL_GETCWD_X);
	push_s64(&record, call->result);
	if (call->result >= 0)
		push_user_text(&record, arg(call, 0));
	else
		push_empty(&record);
	return send(&record);
}

HANDLER(fchdir)
{
	FIXED(record, SYSCALL_FCHDIR_X, 16);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	return submit(&record);
}

#define MOUNT_MAGIC_MASK 0xffff0000
#define MOUNT_MAGIC 0xc0ed0000

HANDLER(mount)
{
	__u32 flags = arg(call, 3);

	if ((flags & MOUNT_MAGIC_MASK) == MOUNT_MAGIC)
		flags &= ~MOUNT_MAGIC_MASK;
	VARIABLE(record, SYSCALL_MOUNT_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_user_text(&record, arg(call, 2));
	push_u32(&record, flags);
	return send(&record);
}

HANDLER(umount2)
{
	VARIABLE(record, SYSCALL_UMOUNT2_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_u32(&record, arg(call, 1) & 0xf);
	return send(&record);
}

#endif
