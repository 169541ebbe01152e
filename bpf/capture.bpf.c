// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* The attached programs. Everything else is called from here; see README.md. */
#include "scope.h"
#include "dispatch.h"
#include "events/exit.h"
#include "canary.h"
#include "tasks.h"

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
	struct task_struct *task = current_task();
	__u32 tgid = current_tgid();

	if (is_foreign_number(number) || in_compat_syscall(task))
		return control.enabled && in_scope(task, tgid) ? lose(CLASS_OTHER, LOSS_COMPAT) : 0;
	if (!is_wanted(number, result) || !in_scope(task, tgid))
		return control.canary ? canary(&call, tgid) : 0;
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
	if (in_scope(task, tgid))
		thread_exits(task);
	leave_scope(tgid, BPF_CORE_READ(task, signal, live.counter) == 0);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	if (join_scope(parent, child))
		return 0;
	return lose(CLASS_CLONE_FORK, LOSS_BUG);
}

/* Before the system call returns, so the execve that succeeds is the command's first event. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
	if (control.held_tgid == current_tgid())
		control.held_tgid = 0;
	return 0;
}

SEC("iter/task")
int list_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	/* opaque: the compiler must not compute with it before it is known to be there */
	barrier_var(task);
	return task ? list_task(ctx->meta->seq, task) : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
