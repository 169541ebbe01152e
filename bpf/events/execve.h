/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * execve and execveat. After a success arguments, environment and file name are what the kernel put
 * on the new stack: the name that was executed follows the environment there. After a failure they
 * are read where the call pointed. A successful execveat is recorded as execve: that event has the
 * file name.
 */
#ifndef LANNER_EVENTS_EXECVE_H
#define LANNER_EVENTS_EXECVE_H

#include "call.h"
#include "values/process.h"

#define EXE_WRITABLE 1
#define EXE_UPPER_LAYER 2
#define EXE_FROM_MEMFD 4
#define EXE_LOWER_LAYER 8
#define MODE_WRITE 2

/* Whether the caller may write the file: by owner, mode and capabilities, not by access lists. */
static __always_inline bool is_writable(struct inode *inode, struct cred *cred)
{
	__u16 mode = BPF_CORE_READ(inode, i_mode);
	__u32 uid = BPF_CORE_READ(inode, i_uid.val), gid = BPF_CORE_READ(inode, i_gid.val);
	struct user_namespace *space = BPF_CORE_READ(cred, user_ns);
	__u64 effective = capabilities(cred, cap_effective);

	if ((BPF_CORE_READ(inode, i_sb, s_flags) & SUPERBLOCK_READ_ONLY) ||
	    (BPF_CORE_READ(inode, i_flags) & INODE_IMMUTABLE) || uid == (__u32)-1 || gid == (__u32)-1)
		return false;
	if (BPF_CORE_READ(cred, fsuid.val) == uid)
		return true;
	if (BPF_CORE_READ(cred, fsgid.val) == gid || in_groups(cred, gid))
		mode >>= 3;
	if (mode & MODE_WRITE)
		return true;
	if (!id_is_mapped(&space->uid_map, uid))
		return false;
	return (effective & (1 << CAP_FOWNER)) ||
	       ((effective & (1 << CAP_DAC_OVERRIDE)) && id_is_mapped(&space->gid_map, gid));
}

/* A memory file has an entry outside any tree, named memfd: and what its maker chose. */
static __always_inline bool is_memfd(struct file *file)
{
	struct dentry *entry = BPF_CORE_READ(file, f_path.dentry);
	char name[8] = {};

	if (BPF_CORE_READ(entry, d_parent) != entry)
		return false;
	bpf_probe_read_kernel(name, 6, BPF_CORE_READ(entry, d_name.name));
	return *(__u64 *)name == 0x3a64666d656dULL; /* "memfd:" */
}

static __always_inline __u32 exe_flags(struct file *file, struct cred *cred)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	enum overlay_layer layer = overlay_layer(inode, BPF_CORE_READ(inode, i_sb));

	return (is_writable(inode, cred) ? EXE_WRITABLE : 0) |
	       (layer == LAYER_UPPER ? EXE_UPPER_LAYER : 0) |
	       (is_memfd(file) ? EXE_FROM_MEMFD : 0) |
	       (layer == LAYER_LOWER ? EXE_LOWER_LAYER : 0);
}

/* From tty to gid: what both events share after the environment. */
static __always_inline void push_image(struct record *record, struct task_struct *task)
{
	struct mm_struct *mm = READ(task, mm);
	struct file *file = READ(mm, exe_file);
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct cred *cred = READ(task, cred);

	push_u32(record, terminal_device(task));
	push_s64(record, virtual_id(task, PIDTYPE_PGID));
	push_u32(record, login_uid(task));
	push_u32(record, exe_flags(file, cred));
	push_u64(record, capabilities(cred, cap_inheritable));
	push_u64(record, capabilities(cred, cap_permitted));
	push_u64(record, capabilities(cred, cap_effective));
	push_u64(record, BPF_CORE_READ(inode, i_ino));
	push_u64(record, change_time(inode));
	push_u64(record, modification_time(inode));
	push_u32(record, READ(cred, euid.val));
	push_file_path(record, file);
	push_s64(record, process_group(task));
	push_u32(record, READ(cred, egid.val));
}

/* Where the new or the tried program's strings are. */
struct strings {
	unsigned long arguments, environment, file_name;
	bool succeeded;
};

/* After a success everything is on the new stack, the file name behind the environment. */
static __always_inline void push_strings_and_image(struct record *record,
						   const struct strings *strings)
{
	struct task_struct *task = current_task();
	struct mm_struct *mm = READ(task, mm);
	unsigned long exe = 0;

	if (strings->succeeded) {
		push_command(record, mm);
	} else {
		bpf_probe_read_user(&exe, sizeof(exe), (void *)strings->arguments);
		push_user_text(record, exe);
		push_text_array(record, strings->arguments, 1);
	}
	push_identity(record, task);
	if (strings->succeeded)
		push_environment(record, mm);
	else
		push_text_array(record, strings->environment, 0);
	push_image(record, task);
}

HANDLER(execve)
{
	struct mm_struct *mm = READ(current_task(), mm);
	bool succeeded = call->result == 0;
	struct strings strings = {
		.succeeded = succeeded,
		.arguments = arg(call, 1),
		.environment = arg(call, 2),
		.file_name = succeeded ? READ(mm, env_end) : arg(call, 0),
	};

	VARIABLE(record, SYSCALL_EXECVE_19_X);
	push_s64(&record, call->result);
	push_strings_and_image(&record, &strings);
	push_user_text(&record, strings.file_name);
	return send(&record);
}

/* Only failures: on_syscall hands a success to execve, whose event has the file name. */
HANDLER(execveat)
{
	struct strings strings = {.arguments = arg(call, 2), .environment = arg(call, 3)};

	VARIABLE(record, SYSCALL_EXECVEAT_X);
	push_s64(&record, call->result);
	push_strings_and_image(&record, &strings);
	return send(&record);
}

#endif
