/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Tasks: ids in their pid namespaces, the thread group, the terminal, faults and limits. */
#ifndef LANNER_KERNEL_TASK_H
#define LANNER_KERNEL_TASK_H

#include "read.h"

#define COMM_BYTES 16
#define PF_EXITING 0x4
#define PF_KTHREAD 0x200000
#define RESOURCE_NOFILE 7
#define NO_LOGINUID 0xffffffff

enum { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID, PIDTYPE_MAX };

KERNEL_STRUCTS_BEGIN
typedef struct {
	int counter;
} atomic_t;

typedef struct {
	__u32 val;
} kuid_t;

typedef struct {
	__u32 val;
} kgid_t;

struct list_head {
	struct list_head *next;
};

struct pid_namespace {
	struct task_struct *child_reaper;
	unsigned int level;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[];
};

struct nsproxy {
	struct pid_namespace *pid_ns_for_children;
};

struct tty_driver {
	int major;
	int minor_start;
};

struct tty_struct {
	struct tty_driver *driver;
	int index;
};

struct rlimit {
	unsigned long rlim_cur;
	unsigned long rlim_max;
};

struct signal_struct {
	atomic_t live;
	struct list_head thread_head;
	struct pid *pids[PIDTYPE_MAX];
	struct tty_struct *tty;
	unsigned int is_child_subreaper : 1;
	unsigned int has_child_subreaper : 1;
	struct rlimit rlim[16];
};

struct thread_info {
	unsigned long flags;
	__u32 status;
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	int exit_code;
	int pid;
	int tgid;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct list_head children;
	struct list_head thread_node;
	struct pid *thread_pid;
	__u64 start_time;
	unsigned long min_flt;
	unsigned long maj_flt;
	struct cred *cred;
	char comm[COMM_BYTES];
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct mm_struct *mm;
	kuid_t loginuid;
	struct css_set *cgroups;
};
KERNEL_STRUCTS_END

static __always_inline struct task_struct *current_task(void)
{
	if (HAS_TYPED_TASK)
		return (struct task_struct *)bpf_get_current_task_btf();
	return (struct task_struct *)bpf_get_current_task();
}

/* When the process was started, ns of CLOCK_MONOTONIC: with its id it names it for ever. */
static __always_inline __u64 process_start(struct task_struct *task)
{
	return BPF_CORE_READ(task, group_leader, start_time);
}

/* A 32-bit system call of a 64-bit kernel: other numbers, other argument layouts. */
static __always_inline bool in_compat_syscall(struct task_struct *task)
{
#if defined(__TARGET_ARCH_x86)
	return (READ(task, thread_info.status) & 2) != 0; /* TS_COMPAT */
#else
	return (READ(task, thread_info.flags) & (1 << 22)) != 0; /* TIF_32BIT */
#endif
}

static __always_inline struct pid_namespace *pid_namespace(struct pid *pid)
{
	__u32 level = BPF_CORE_READ(pid, level);

	return BPF_CORE_READ(pid, numbers[level].ns);
}

/* The number in the innermost namespace that the id lives in. */
static __always_inline __s64 innermost_number(struct pid *pid)
{
	__u32 level = BPF_CORE_READ(pid, level);

	return BPF_CORE_READ(pid, numbers[level].nr);
}

static __always_inline __s64 virtual_tid(struct task_struct *task)
{
	return innermost_number(READ(task, thread_pid));
}

static __always_inline __s64 virtual_id(struct task_struct *task, const __u32 kind)
{
	struct signal_struct *signal = READ(task, signal);

	return innermost_number(READ(signal, pids[kind]));
}

static __always_inline __s64 process_group(struct task_struct *task)
{
	struct signal_struct *signal = READ(task, signal);
	struct pid *pid = READ(signal, pids[PIDTYPE_PGID]);

	return BPF_CORE_READ(pid, numbers[0].nr);
}

static __always_inline __s64 parent_tid(struct task_struct *task)
{
	struct task_struct *parent = READ(task, real_parent);

	return READ(parent, pid);
}

static __always_inline __u64 descriptor_limit(struct task_struct *task)
{
	struct signal_struct *signal = READ(task, signal);

	return READ(signal, rlim[RESOURCE_NOFILE].rlim_cur);
}

/* When the first process of the task's pid namespace was started, ns of CLOCK_MONOTONIC. */
static __always_inline __u64 pid_namespace_start(struct task_struct *task)
{
	struct pid_namespace *space = pid_namespace(READ(task, thread_pid));

	return BPF_CORE_READ(space, child_reaper, start_time);
}

/* The task is, or its children will be, in a pid namespace below the first one. */
static __always_inline bool children_in_pid_namespace(struct task_struct *task)
{
	struct pid_namespace *own = pid_namespace(READ(task, thread_pid));
	struct nsproxy *nsproxy = READ(task, nsproxy);

	if (BPF_CORE_READ(own, level) != 0)
		return true;
	return nsproxy && BPF_CORE_READ(nsproxy, pid_ns_for_children) != own;
}

static __always_inline __u32 login_uid(struct task_struct *task)
{
	/* only there with CONFIG_AUDIT */
	if (!bpf_core_field_exists(task->loginuid))
		return NO_LOGINUID;
	return READ(task, loginuid.val);
}

/* A device number as user space sees it (the kernel's new_encode_dev). */
static __always_inline __u32 encode_device(__u32 device)
{
	__u32 major = device >> 20, minor = device & 0xfffff;

	return (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
}

static __always_inline __u32 terminal_device(struct task_struct *task)
{
	struct signal_struct *signal = READ(task, signal);
	struct tty_struct *tty = READ(signal, tty);
	struct tty_driver *driver;

	if (!tty)
		return 0;
	driver = BPF_CORE_READ(tty, driver);
	if (!driver)
		return 0;
	return encode_device((BPF_CORE_READ(driver, major) << 20) + BPF_CORE_READ(driver, minor_start) +
			     BPF_CORE_READ(tty, index));
}

#endif
