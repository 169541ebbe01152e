/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* clone, clone3, fork, vfork: seen twice, returning in the parent and, with 0, in the child. */
#ifndef LANNER_EVENTS_CLONE_H
#define LANNER_EVENTS_CLONE_H

#include <asm/unistd.h>
#include "call.h"
#include "values/process.h"
#include "translate/clone_flags.h"

static __always_inline void push_clone(struct record *record, const struct call *call, __u64 flags)
{
	struct task_struct *task = current_task();
	struct cred *cred = READ(task, cred);

	push_s64(record, call->result);
	if (call->result >= 0) {
		push_command(record, READ(task, mm));
	} else {
		push_empty(record);
		push_empty(record);
	}
	push_identity(record, task);
	push_u32(record, clone_flags(flags) |
				 (children_in_pid_namespace(task) ? CLONE_CHILD_IN_PIDNS : 0));
	push_u32(record, READ(cred, euid.val));
	push_u32(record, READ(cred, egid.val));
	push_s64(record, virtual_tid(task));
	push_s64(record, virtual_id(task, PIDTYPE_TGID));
	push_u64(record, call->result == 0 ? pid_namespace_start(task) : 0);
}

/* They differ in where the flags are; one program for all is verified once. */
static __always_inline __u16 clone_event(const struct call *call, __u64 *flags)
{
	switch (syscall_number(call->regs)) {
	case __NR_clone:
		*flags = arg(call, 0);
		return EVENT_SYSCALL_CLONE_20_X;
	case __NR_clone3:
		bpf_probe_read_user(flags, sizeof(*flags), (void *)arg(call, 0));
		return EVENT_SYSCALL_CLONE3_X;
#ifdef __NR_vfork
	case __NR_vfork:
		return EVENT_SYSCALL_VFORK_20_X;
#endif
	default:
		return EVENT_SYSCALL_FORK_20_X;
	}
}

_Static_assert((int)PARAMS_SYSCALL_CLONE_20_X == (int)PARAMS_SYSCALL_CLONE3_X &&
		       (int)PARAMS_SYSCALL_CLONE_20_X == (int)PARAMS_SYSCALL_FORK_20_X &&
		       (int)PARAMS_SYSCALL_CLONE_20_X == (int)PARAMS_SYSCALL_VFORK_20_X,
	       "the clone events have the same parameters");

HANDLER(clone)
{
	__u64 flags = 0;
	__u16 event = clone_event(call, &flags);

	VARIABLE(record, SYSCALL_CLONE_20_X);
	set_event(&record, event);
	push_clone(&record, call, flags);
	return send(&record);
}

#endif
