/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Parameters that describe the calling process, shared by the clone and execve families. */
#ifndef LANNER_VALUES_PROCESS_H
#define LANNER_VALUES_PROCESS_H

#include "path.h"
#include "kernel/credentials.h"
#include "kernel/mm.h"

#define ARGUMENT_BYTES_MAX 4096
/* Arguments read one by one from a failed execve's array. */
#define ARGUMENTS_MAX 32

/* Cuts what a range of user memory holds to the limit and ends it with a NUL, as it would have. */
static __always_inline void push_text_range(struct record *record, unsigned long from, __u64 bytes)
{
	__u32 put = put_user_bytes(record, from, bytes, ARGUMENT_BYTES_MAX);

	if (put)
		record->base[(record->at - 1) & OFFSET_MASK] = 0;
	push_length(record, put);
}

/* exe, args: argv[0], and the rest of the 4096 bytes that both may have. */
static __always_inline void push_command(struct record *record, struct mm_struct *mm)
{
	unsigned long from = READ(mm, arg_start);
	__u64 bytes = READ(mm, arg_end) - from;
	__u32 exe = put_user_text(record, from, ARGUMENT_BYTES_MAX);

	push_length(record, exe);
	if (bytes > ARGUMENT_BYTES_MAX)
		bytes = ARGUMENT_BYTES_MAX;
	push_text_range(record, from + exe, bytes > exe ? bytes - exe : 0);
}

static __always_inline void push_environment(struct record *record, struct mm_struct *mm)
{
	unsigned long from = READ(mm, env_start);

	push_text_range(record, from, READ(mm, env_end) - from);
}

/* Strings of a null-terminated array of pointers, from its element `first` on. */
static __always_inline void push_text_array(struct record *record, unsigned long array,
					    const __u32 first)
{
	__u32 from = record->at;

	for (__u32 i = first; i < ARGUMENTS_MAX; i++) {
		unsigned long text = 0;

		if (bpf_probe_read_user(&text, sizeof(text), (void *)(array + 8 * i)) || !text)
			break;
		put_user_text(record, text, ARGUMENT_BYTES_MAX);
		if (record->at - from >= ARGUMENT_BYTES_MAX) {
			record->at = from + ARGUMENT_BYTES_MAX;
			record->base[(record->at - 1) & OFFSET_MASK] = 0;
			break;
		}
	}
	push_length(record, record->at - from);
}

/* tid, pid, ptid, cwd (never sent), fdlimit, faults, memory, comm, cgroups. */
static __always_inline void push_identity(struct record *record, struct task_struct *task)
{
	struct mm_struct *mm = READ(task, mm);

	push_s64(record, READ(task, pid));
	push_s64(record, READ(task, tgid));
	push_s64(record, parent_tid(task));
	push_empty(record);
	push_u64(record, descriptor_limit(task));
	push_u64(record, READ(task, maj_flt));
	push_u64(record, READ(task, min_flt));
	push_u32(record, mm_size(mm));
	push_u32(record, mm_resident(mm));
	push_u32(record, mm_swapped(mm));
	push_kernel_text(record, &task->comm, COMM_BYTES);
	push_cgroups(record, task);
}

#endif
