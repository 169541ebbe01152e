/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What a handler gets, and how one is declared:
 *
 *   HANDLER(fchdir)
 *   {
 *           FIXED(record, SYSCALL_FCHDIR_X, 16);
 *           push_s64(&record, call->result);
 *           push_int(&record, arg(call, 0));
 *           return submit(&record);
 *   }
 *
 * A handler is a program of its own that on_syscall tail-calls; dispatch.h says for which number.
 */
#ifndef LANNER_CALL_H
#define LANNER_CALL_H

#include "push.h"
#include "kernel/regs.h"
#include "kernel/task.h"

struct call {
	struct pt_regs *regs;
	long result;
};

#define arg(call, number) syscall_arg##number((call)->regs)

#define HANDLER(name)                                                                    \
	static __always_inline int name(const struct call *call);                        \
	SEC("tp_btf/sys_exit")                                                           \
	int BPF_PROG(sys_##name, struct pt_regs *regs, long result)                      \
	{                                                                                \
		const struct call call = {.regs = regs, .result = result};               \
		return name(&call);                                                      \
	}                                                                                \
	static __always_inline int name(const struct call *call)

#endif
