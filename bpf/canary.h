/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The canary: a system call that only the agent makes, or its command before it begins, and that
 * must arrive at the engine. It shows that programs, rings and engine work and that process ids are
 * understood. Its record is shorter than any event:
 *
 *   0     4       6     8         16
 *   ├─ 0 ─┼ flags ┼ CPU ┼─ number ─┤
 */
#ifndef LANNER_CANARY_H
#define LANNER_CANARY_H

#include <asm/unistd.h>
#include "call.h"

struct canary_record {
	__u32 zero;
	__u16 flags;
	__u16 cpu;
	__u64 number;
};

/* Only a system call that no event comes of gets here. */
static __always_inline int canary(const struct call *call, __u32 tgid)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct canary_record record = {.flags = LANNER_CANARY_FLAG, .cpu = cpu};
	void *ring = ring_of(cpu);

	if (syscall_number(call->regs) != __NR_close || tgid != control.canary_tgid)
		return 0;
	if ((__u32)arg(call, 0) != control.canary || !control.enabled || !ring)
		return 0;
	/* a command that waits proves its scope too */
	if (control.held_tgid == tgid && !bpf_map_lookup_elem(&tree, &tgid))
		return 0;
	record.number = control.canary;
	if (bpf_ringbuf_output(ring, &record, sizeof(record), wakeup_flags()))
		return 0;
	__sync_fetch_and_add(&control.canaries_written, 1);
	wake_latecomer(ring);
	return 0;
}

#endif
