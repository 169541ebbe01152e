/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Waiting for descriptors, time and memory words. */
#ifndef LANNER_EVENTS_WAITING_H
#define LANNER_EVENTS_WAITING_H

#include "call.h"
#include "translate/bits.h"

#define POLLED_MAX 16

struct poll_entry {
	__s32 descriptor;
	__u16 asked, seen;
};

static __always_inline __u16 poll_flags(__u32 flags)
{
	return (flags & 7) | MOVE(flags, 0x2000, 1 << 3) | MOVE(flags, 0x08, 1 << 4) |
	       MOVE(flags, 0x10, 1 << 5) | MOVE(flags, 0x20, 1 << 6) | MOVE(flags, 0x40, 1 << 7) |
	       MOVE(flags, 0x80, 1 << 8) | MOVE(flags, 0x100, 1 << 9) | MOVE(flags, 0x200, 1 << 10);
}

/* u16 count, then descriptor s64 and what was seen there u16, for the first sixteen. */
static __always_inline void push_polled(struct record *record, unsigned long array, __u32 count)
{
	__u32 from = record->at;
	__u16 listed = 0;

	put_u16(record, 0);
	for (__u32 i = 0; i < POLLED_MAX && i < count; i++) {
		struct poll_entry entry;

		if (bpf_probe_read_user(&entry, sizeof(entry), (void *)(array + i * sizeof(entry))))
			break;
		put_s64(record, entry.descriptor);
		put_u16(record, poll_flags(entry.seen));
		listed++;
	}
	*(__u16 *)&record->base[from & OFFSET_MASK] = listed;
	push_length(record, record->at - from);
}

static __always_inline __u64 user_time(unsigned long from)
{
	__s64 parts[2] = {};

	bpf_probe_read_user(parts, sizeof(parts), (void *)from);
	return parts[0] * 1000000000 + parts[1];
}

HANDLER(poll)
{
	VARIABLE(record, SYSCALL_POLL_X);
	push_s64(&record, call->result);
	push_polled(&record, arg(call, 0), arg(call, 1));
	push_int(&record, arg(call, 2));
	return send(&record);
}

HANDLER(ppoll)
{
	__u32 mask = 0;

	bpf_probe_read_user(&mask, sizeof(mask), (void *)arg(call, 3));
	VARIABLE(record, SYSCALL_PPOLL_X);
	push_s64(&record, call->result);
	push_polled(&record, arg(call, 0), arg(call, 1));
	push_u64(&record, arg(call, 2) ? user_time(arg(call, 2)) : (__u64)-1);
	push_u32(&record, mask);
	return send(&record);
}

HANDLER(select)
{
	FIXED(record, SYSCALL_SELECT_X, 8);
	push_s64(&record, call->result);
	return submit(&record);
}

HANDLER(epoll_wait)
{
	FIXED(record, SYSCALL_EPOLLWAIT_X, 16);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 2));
	return submit(&record);
}

HANDLER(futex)
{
	FIXED(record, SYSCALL_FUTEX_X, 26);
	push_s64(&record, call->result);
	push_u64(&record, arg(call, 0));
	push_u16(&record, arg(call, 1) & 0x18f); /* operations 0 to 12, private, real time */
	push_u64(&record, arg(call, 2));
	return submit(&record);
}

HANDLER(nanosleep)
{
	FIXED(record, SYSCALL_NANOSLEEP_X, 16);
	push_s64(&record, call->result);
	push_u64(&record, user_time(arg(call, 0)));
	return submit(&record);
}

#endif
