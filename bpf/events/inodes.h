/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Looking at files, moving data between descriptors: stat, access, getdents, sendfile, ioctl … */
#ifndef LANNER_EVENTS_INODES_H
#define LANNER_EVENTS_INODES_H

#include "events/paths.h"

PATH_HANDLER(stat, SYSCALL_STAT_X)
PATH_HANDLER(lstat, SYSCALL_LSTAT_X)

#define DESCRIPTOR_HANDLER(name, event)                                                  \
	HANDLER(name)                                                                    \
	{                                                                                \
		FIXED(record, event, 16);                                                \
		push_s64(&record, call->result);                                         \
		push_int(&record, arg(call, 0));                                         \
		return submit(&record);                                                  \
	}

DESCRIPTOR_HANDLER(fstat, SYSCALL_FSTAT_X)
DESCRIPTOR_HANDLER(getdents, SYSCALL_GETDENTS_X)
DESCRIPTOR_HANDLER(getdents64, SYSCALL_GETDENTS64_X)

HANDLER(newfstatat)
{
	VARIABLE(record, SYSCALL_NEWFSTATAT_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_u32(&record, arg(call, 3) & 0x1900); /* no-follow, no-automount, empty path */
	return send(&record);
}

HANDLER(access)
{
	VARIABLE(record, SYSCALL_ACCESS_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_u32(&record, arg(call, 1) & 7);
	return send(&record);
}

HANDLER(lseek)
{
	__u32 whence = arg(call, 2);

	FIXED(record, SYSCALL_LSEEK_X, 25);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u64(&record, arg(call, 1));
	push_u8(&record, whence <= 2 ? whence : 0);
	return submit(&record);
}

HANDLER(flock)
{
	FIXED(record, SYSCALL_FLOCK_X, 20);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 1) & 0xf);
	return submit(&record);
}

HANDLER(ioctl)
{
	FIXED(record, SYSCALL_IOCTL_3_X, 32);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u64(&record, arg(call, 1));
	push_u64(&record, arg(call, 2));
	return submit(&record);
}

HANDLER(sendfile)
{
	__u64 offset = 0;

	if (arg(call, 2))
		bpf_probe_read_user(&offset, sizeof(offset), (void *)arg(call, 2));
	FIXED(record, SYSCALL_SENDFILE_X, 40);
	push_s64(&record, call->result);
	push_u64(&record, offset);
	push_int(&record, arg(call, 0));
	push_int(&record, arg(call, 1));
	push_u64(&record, arg(call, 3));
	return submit(&record);
}

HANDLER(splice)
{
	FIXED(record, SYSCALL_SPLICE_X, 36);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_int(&record, arg(call, 2));
	push_u64(&record, arg(call, 4));
	push_u32(&record, arg(call, 5) & 0xf);
	return submit(&record);
}

/* The offsets are the addresses that were given, not what is there. */
HANDLER(copy_file_range)
{
	FIXED(record, SYSCALL_COPY_FILE_RANGE_X, 48);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 2));
	push_u64(&record, arg(call, 3));
	push_int(&record, arg(call, 0));
	push_u64(&record, arg(call, 1));
	push_u64(&record, arg(call, 4));
	return submit(&record);
}

#endif
