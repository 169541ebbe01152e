/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Mappings and locked memory. */
#ifndef LANNER_EVENTS_MEMORY_H
#define LANNER_EVENTS_MEMORY_H

#include "call.h"
#include "kernel/mm.h"
#include "translate/bits.h"

/* Kilobytes mapped, resident and swapped, after the call. */
static __always_inline void push_memory(struct record *record)
{
	struct mm_struct *mm = READ(current_task(), mm);

	push_u32(record, mm_size(mm));
	push_u32(record, mm_resident(mm));
	push_u32(record, mm_swapped(mm));
}

/* The lowest four keep their numbers. */
static __always_inline __u32 protection(__u32 flags)
{
	return (flags & 0xf) | MOVE(flags, 0x01000000, 1 << 4) | MOVE(flags, 0x02000000, 1 << 5);
}

static __always_inline __u32 mapping_flags(__u32 flags)
{
	return (flags & 3) | MOVE(flags, 0x10, 1 << 2) | MOVE(flags, 0x20, 1 << 3) |
	       MOVE(flags, 0x40, 1 << 4) | MOVE(flags, 0x4000, 1 << 6) | MOVE(flags, 0x8000, 1 << 7) |
	       MOVE(flags, 0x10000, 1 << 8) | MOVE(flags, 0x100, 1 << 9) | MOVE(flags, 0x800, 1 << 10) |
	       MOVE(flags, 0x1000, 1 << 11) | MOVE(flags, 0x2000, 1 << 14);
}

HANDLER(brk)
{
	FIXED(record, SYSCALL_BRK_4_X, 28);
	push_u64(&record, call->result);
	push_memory(&record);
	push_u64(&record, arg(call, 0));
	return submit(&record);
}

HANDLER(mmap)
{
	FIXED(record, SYSCALL_MMAP_X, 60);
	push_s64(&record, call->result);
	push_memory(&record);
	push_u64(&record, arg(call, 0));
	push_u64(&record, arg(call, 1));
	push_u32(&record, protection(arg(call, 2)));
	push_u32(&record, mapping_flags(arg(call, 3)));
	push_int(&record, arg(call, 4));
	push_u64(&record, arg(call, 5));
	return submit(&record);
}

HANDLER(munmap)
{
	FIXED(record, SYSCALL_MUNMAP_X, 36);
	push_s64(&record, call->result);
	push_memory(&record);
	push_u64(&record, arg(call, 0));
	push_u64(&record, arg(call, 1));
	return submit(&record);
}

HANDLER(mprotect)
{
	FIXED(record, SYSCALL_MPROTECT_X, 28);
	push_s64(&record, call->result);
	push_u64(&record, arg(call, 0));
	push_u64(&record, arg(call, 1));
	push_u32(&record, protection(arg(call, 2)));
	return submit(&record);
}

#define RANGE_HANDLER(name, event)                                                       \
	HANDLER(name)                                                                    \
	{                                                                                \
		FIXED(record, event, 24);                                                \
		push_s64(&record, call->result);                                         \
		push_u64(&record, arg(call, 0));                                         \
		push_u64(&record, arg(call, 1));                                         \
		return submit(&record);                                                  \
	}

RANGE_HANDLER(mlock, SYSCALL_MLOCK_X)
RANGE_HANDLER(munlock, SYSCALL_MUNLOCK_X)

HANDLER(mlock2)
{
	FIXED(record, SYSCALL_MLOCK2_X, 28);
	push_s64(&record, call->result);
	push_u64(&record, arg(call, 0));
	push_u64(&record, arg(call, 1));
	push_u32(&record, arg(call, 2) & 1);
	return submit(&record);
}

HANDLER(mlockall)
{
	FIXED(record, SYSCALL_MLOCKALL_X, 12);
	push_s64(&record, call->result);
	push_u32(&record, arg(call, 0) & 7);
	return submit(&record);
}

HANDLER(munlockall)
{
	FIXED(record, SYSCALL_MUNLOCKALL_X, 8);
	push_s64(&record, call->result);
	return submit(&record);
}

#endif
