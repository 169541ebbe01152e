// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* The attached programs. Everything else is called from here; see README.md. */
#include "scope.h"
#include "dispatch.h"
#include "events/exit.h"

/* The kernel returns errors as -1 to -4095. */
#define ERRORS_FROM ((unsigned long)-4095)

static __always_inline bool is_wanted(__u32 number, long result)
{
	if (!control.enabled || number >= LANNER_SYSCALLS_MAX)
		return false;
	if (!((control.interest[number >> 6] >> (number & 63)) & 1))
		return false;
	return !control.drop_failed || (unsigned long)result < ERRORS_FROM;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_syscall, struct pt_regs *regs, long result)
{
	const struct call call = {.regs = regs, .result = result};
	__u32 number = syscall_number(regs);
	bool foreign = is_foreign_number(number) || in_compat_syscall(current_task());

	if (foreign)
		return control.enabled && in_scope(current_tgid()) ? lose(CLASS_OTHER, LOSS_COMPAT) : 0;
	if (!is_wanted(number, result) || !in_scope(current_tgid()))
		return 0;
	/* by far the most frequent: spared the jump, a twentieth of its cost */
	if (number == __NR_close)
		return close(&call);
	if (number == __NR_execveat && result == 0)
		number = __NR_execve;
	bpf_tail_call(ctx, &handlers, number);
	return generic(number);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	__u32 tgid = BPF_CORE_READ(task, tgid);

	if (!control.enabled || (BPF_CORE_READ(task, flags) & PF_KTHREAD))
		return 0;
	if (in_scope(tgid))
		thread_exits(task);
	leave_scope(tgid, BPF_CORE_READ(task, signal, live.counter) == 0);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	if (join_scope(BPF_CORE_READ(parent, tgid), BPF_CORE_READ(child, tgid)))
		return 0;
	return lose(CLASS_CLONE_FORK, LOSS_BUG);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
