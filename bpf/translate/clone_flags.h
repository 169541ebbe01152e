/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Flags of clone, unshare and setns. */
#ifndef LANNER_TRANSLATE_CLONE_FLAGS_H
#define LANNER_TRANSLATE_CLONE_FLAGS_H

#include "bits.h"

#define CLONE_CHILD_IN_PIDNS (1 << 29)

static __always_inline __u32 clone_flags(__u64 flags)
{
	return MOVE(flags, 0x00000400, 1 << 0) |  /* FILES */
	       MOVE(flags, 0x00000200, 1 << 1) |  /* FS */
	       MOVE(flags, 0x80000000, 1 << 2) |  /* IO */
	       MOVE(flags, 0x08000000, 1 << 3) |  /* NEWIPC */
	       MOVE(flags, 0x40000000, 1 << 4) |  /* NEWNET */
	       MOVE(flags, 0x00020000, 1 << 5) |  /* NEWNS */
	       MOVE(flags, 0x20000000, 1 << 6) |  /* NEWPID */
	       MOVE(flags, 0x04000000, 1 << 7) |  /* NEWUTS */
	       MOVE(flags, 0x00008000, 1 << 8) |  /* PARENT */
	       MOVE(flags, 0x00100000, 1 << 9) |  /* PARENT_SETTID */
	       MOVE(flags, 0x00002000, 1 << 10) | /* PTRACE */
	       MOVE(flags, 0x00000800, 1 << 11) | /* SIGHAND */
	       MOVE(flags, 0x00040000, 1 << 12) | /* SYSVSEM */
	       MOVE(flags, 0x00010000, 1 << 13) | /* THREAD */
	       MOVE(flags, 0x00800000, 1 << 14) | /* UNTRACED */
	       MOVE(flags, 0x00000100, 1 << 15) | /* VM */
	       MOVE(flags, 0x10000000, 1 << 20) | /* NEWUSER */
	       MOVE(flags, 0x00200000, 1 << 23) | /* CHILD_CLEARTID */
	       MOVE(flags, 0x01000000, 1 << 24) | /* CHILD_SETTID */
	       MOVE(flags, 0x00080000, 1 << 25) | /* SETTLS */
	       MOVE(flags, 0x00004000, 1 << 27) | /* VFORK */
	       MOVE(flags, 0x02000000, 1 << 28);  /* NEWCGROUP */
}

#endif
