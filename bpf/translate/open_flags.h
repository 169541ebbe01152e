/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Flags of open and of the calls that borrow them. Two oddities are kept because rules see them in
 * every recording: a directory open also shows the temporary-file flag (the kernel's O_TMPFILE
 * contains O_DIRECTORY), and either half of O_SYNC shows it whole.
 */
#ifndef LANNER_TRANSLATE_OPEN_FLAGS_H
#define LANNER_TRANSLATE_OPEN_FLAGS_H

#include "bits.h"

/* Kernel numbers, asm-generic; arm64 swaps the directory group. */
#define OPEN_ACCESS 03
#define OPEN_WRITE 01
#define OPEN_READ_WRITE 02
#define OPEN_CREATE 0100
#define OPEN_EXCLUSIVE 0200
#define OPEN_TRUNCATE 01000
#define OPEN_APPEND 02000
#define OPEN_NONBLOCK 04000
#define OPEN_DSYNC 010000
#if defined(__TARGET_ARCH_arm64)
#define OPEN_DIRECTORY 040000
#define OPEN_DIRECT 0200000
#define OPEN_LARGEFILE 0400000
#else
#define OPEN_DIRECT 040000
#define OPEN_LARGEFILE 0100000
#define OPEN_DIRECTORY 0200000
#endif
#define OPEN_CLOEXEC 02000000
#define OPEN_SYNC (04000000 | OPEN_DSYNC)
#define OPEN_TMPFILE (020000000 | OPEN_DIRECTORY)

#define FILE_CREAT (1 << 2)
#define FILE_APPEND (1 << 3)
#define FILE_DSYNC (1 << 4)
#define FILE_EXCL (1 << 5)
#define FILE_NONBLOCK (1 << 6)
#define FILE_SYNC (1 << 7)
#define FILE_TRUNC (1 << 8)
#define FILE_DIRECT (1 << 9)
#define FILE_DIRECTORY (1 << 10)
#define FILE_LARGEFILE (1 << 11)
#define FILE_CLOEXEC (1 << 12)
#define FILE_TMPFILE (1 << 13)
#define FILE_CREATED (1 << 14)
#define FILE_UPPER_LAYER (1 << 15)
#define FILE_LOWER_LAYER (1 << 16)

static __always_inline __u32 open_flags(__u32 flags)
{
	__u32 access = flags & OPEN_ACCESS;
	__u32 portable = access == OPEN_WRITE ? 2 : access == OPEN_READ_WRITE ? 3 : 1;

	return portable | MOVE(flags, OPEN_CREATE, FILE_CREAT) |
	       MOVE(flags, OPEN_TMPFILE, FILE_TMPFILE) |
	       MOVE(flags, OPEN_APPEND, FILE_APPEND) | MOVE(flags, OPEN_DSYNC, FILE_DSYNC) |
	       MOVE(flags, OPEN_EXCLUSIVE, FILE_EXCL) | MOVE(flags, OPEN_NONBLOCK, FILE_NONBLOCK) |
	       MOVE(flags, OPEN_SYNC, FILE_SYNC) | MOVE(flags, OPEN_TRUNCATE, FILE_TRUNC) |
	       MOVE(flags, OPEN_DIRECT, FILE_DIRECT) | MOVE(flags, OPEN_DIRECTORY, FILE_DIRECTORY) |
	       MOVE(flags, OPEN_LARGEFILE, FILE_LARGEFILE) | MOVE(flags, OPEN_CLOEXEC, FILE_CLOEXEC);
}

/* A mode only means something when a file may be made. Mode bits have the same numbers. */
static __always_inline __u32 open_mode(__u32 flags, __u32 mode)
{
	return (flags & (OPEN_CREATE | OPEN_TMPFILE)) ? mode & 07777 : 0;
}

/* Of calls that make a descriptor: pipe2, eventfd2, socket … Nothing of a negative number. */
static __always_inline __u32 descriptor_flags(__s32 flags)
{
	if (flags < 0)
		return 0;
	return MOVE(flags, OPEN_CLOEXEC, FILE_CLOEXEC) | MOVE(flags, OPEN_NONBLOCK, FILE_NONBLOCK);
}

static __always_inline __u32 resolve_flags(__u64 flags)
{
	return MOVE(flags, 0x08, 1 << 0) | MOVE(flags, 0x10, 1 << 1) | MOVE(flags, 0x02, 1 << 2) |
	       MOVE(flags, 0x04, 1 << 3) | MOVE(flags, 0x01, 1 << 4) | MOVE(flags, 0x20, 1 << 5);
}

#endif
