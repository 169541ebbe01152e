/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Two ways to read kernel memory. READ follows a pointer that the verifier knows the type of (the
 * current task and what hangs off it): a plain load, no call. BPF_CORE_READ copies from any address
 * and is for pointers that lost their type, such as those that came out of an array.
 */
#ifndef LANNER_KERNEL_READ_H
#define LANNER_KERNEL_READ_H

#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#define NULL ((void *)0)

/* v5.11 gave programs the current task as a typed pointer. The verifier drops the dead branch. */
#define HAS_TYPED_TASK bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)

#define READ(from, field)                                                                \
	({                                                                               \
		typeof((from)->field) value_;                                            \
		if (HAS_TYPED_TASK)                                                      \
			value_ = (from)->field;                                          \
		else                                                                     \
			bpf_core_read(&value_, sizeof(value_), &(from)->field);          \
		value_;                                                                  \
	})

#define KERNEL_STRUCTS_BEGIN \
	_Pragma("clang attribute push(__attribute__((preserve_access_index)), apply_to = record)")
#define KERNEL_STRUCTS_END _Pragma("clang attribute pop")

#endif
