/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Threads with their ids in every pid namespace, for an agent that lives in one of its own: events
 * have the ids of the first. The kernel shows a reader the threads of his namespace and below.
 */
#ifndef LANNER_TASKS_H
#define LANNER_TASKS_H

#include "maps.h"
#include "kernel/task.h"

KERNEL_STRUCTS_BEGIN
struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};
KERNEL_STRUCTS_END

static __always_inline int list_task(struct seq_file *seq, struct task_struct *task)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct task_row row = {
		.start_time = process_start(task),
		.tid = BPF_CORE_READ(task, pid),
		.tgid = BPF_CORE_READ(task, tgid),
		.parent = BPF_CORE_READ(task, real_parent, tgid),
		.pgid = BPF_CORE_READ(signal, pids[PIDTYPE_PGID], numbers[0].nr),
		.sid = BPF_CORE_READ(signal, pids[PIDTYPE_SID], numbers[0].nr),
		.level = BPF_CORE_READ(pid, level),
	};

	row.is_reader = row.tgid == bpf_get_current_pid_tgid() >> 32;
	for (__u32 level = 0; level < LANNER_PID_LEVELS && level <= row.level; level++)
		row.numbers[level] = BPF_CORE_READ(pid, numbers[level].nr);
	bpf_seq_write(seq, &row, sizeof(row));
	return 0;
}

#endif
