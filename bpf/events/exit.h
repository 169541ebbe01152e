/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The end of a thread, and who inherits its children. */
#ifndef LANNER_EVENTS_EXIT_H
#define LANNER_EVENTS_EXIT_H

#include "push.h"
#include "kernel/task.h"

#define THREADS_SEARCHED_MAX 32
#define ANCESTORS_SEARCHED_MAX 16

/* A thread of the group that is not about to exit itself; 0 when none is found. */
static __always_inline __s32 living_thread(struct task_struct *task)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct list_head *head =
		(void *)signal + bpf_core_field_offset(struct signal_struct, thread_head);
	struct list_head *node = BPF_CORE_READ(head, next);

	for (int i = 0; i < THREADS_SEARCHED_MAX && node && node != head; i++) {
		struct task_struct *thread =
			(void *)node - bpf_core_field_offset(struct task_struct, thread_node);

		if (!(BPF_CORE_READ(thread, flags) & PF_EXITING))
			return BPF_CORE_READ(thread, pid);
		node = BPF_CORE_READ(node, next);
	}
	return 0;
}

/*
 * The kernel's own choice, made later in the exit: another thread, else the nearest ancestor of the
 * same pid namespace that asked for orphans, else the namespace's first process. 0 when there is
 * nobody to inherit.
 */
static __always_inline __s32 reaper_of(struct task_struct *task)
{
	struct pid_namespace *space = pid_namespace(BPF_CORE_READ(task, thread_pid));
	struct task_struct *init = BPF_CORE_READ(space, child_reaper);
	struct list_head *children = (void *)task + bpf_core_field_offset(struct task_struct, children);
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct task_struct *ancestor = task;
	__s32 thread;

	if (BPF_CORE_READ(task, children.next) == children)
		return 0;
	thread = living_thread(task);
	if (thread || init == task)
		return thread;
	if (!BPF_CORE_READ_BITFIELD_PROBED(signal, has_child_subreaper))
		return BPF_CORE_READ(init, pid);
	for (int i = 0; i < ANCESTORS_SEARCHED_MAX; i++) {
		ancestor = BPF_CORE_READ(ancestor, real_parent);
		if (!ancestor || ancestor == init ||
		    pid_namespace(BPF_CORE_READ(ancestor, thread_pid)) != space)
			break;
		signal = BPF_CORE_READ(ancestor, signal);
		if (!BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper))
			continue;
		thread = living_thread(ancestor);
		if (thread)
			return thread;
	}
	return BPF_CORE_READ(init, pid);
}

static __always_inline int thread_exits(struct task_struct *task)
{
	__s32 status = BPF_CORE_READ(task, exit_code);
	__u8 signal = status & 0x7f;

	FIXED(record, PROCEXIT_1_E, 26);
	push_s64(&record, status);
	push_s64(&record, (status >> 8) & 0xff);
	push_u8(&record, signal == 0x7f ? 0 : signal);
	push_u8(&record, (status & 0x80) != 0);
	push_s64(&record, reaper_of(task));
	return submit(&record);
}

#endif
