/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Paths that the kernel knows: of an open file, by its directory entries and mounts up to the root
 * of the mount tree; of a control group, by its nodes. Entries are met last component first, so a
 * file's path grows backwards in the working half of the scratch buffer and is copied once.
 */
#ifndef LANNER_VALUES_PATH_H
#define LANNER_VALUES_PATH_H

#include "push.h"
#include "kernel/file.h"
#include "kernel/cgroup.h"

#define PATH_WORK_BYTES 8192
#define PATH_STEPS_MAX 64
#define NAME_BYTES_MAX 255
#define CGROUP_DEPTH_MAX 12

/*
 * Lies in the scratch buffer, behind the path: what is loaded from there the verifier knows nothing
 * of, so all ways through a step look alike to it and the steps do not multiply.
 */
struct path_walk {
	struct dentry *entry;
	struct mount *mount;
	__u32 at; /* first byte written so far, in the working half */
	bool whole;
};

/* One component, or one step from a mounted root to the directory below it; false at the top. */
static __always_inline bool path_step(struct path_walk *walk, __u8 *work)
{
	struct dentry *entry = walk->entry;
	struct mount *mount = walk->mount;
	struct dentry *parent = BPF_CORE_READ(entry, d_parent);
	__u32 length;

	if (entry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		walk->entry = BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mount = BPF_CORE_READ(mount, mnt_parent);
		walk->whole = walk->mount == mount;
		return !walk->whole;
	}
	length = BPF_CORE_READ(entry, d_name.len) & NAME_BYTES_MAX;
	if (walk->at < length + 2)
		return false;
	walk->at -= length;
	bpf_probe_read_kernel(&work[walk->at & (PATH_WORK_BYTES - 1)], length,
			      BPF_CORE_READ(entry, d_name.name));
	/* an entry outside any tree, such as a memory file's: its name is all there is */
	walk->whole = parent == entry;
	if (walk->whole)
		return false;
	walk->at--;
	work[walk->at & (PATH_WORK_BYTES - 1)] = '/';
	walk->entry = parent;
	return true;
}

static const char DELETED[] = " (deleted)";

/* Pushes the path of an open file; empty when it is unknown or longer than a path may be. */
static __always_inline void push_file_path(struct record *record, struct file *file)
{
	__u8 *work = record->base + WORK_AT;
	struct path_walk *walk = (struct path_walk *)(work + PATH_WORK_BYTES + NAME_BYTES_MAX + 1);
	struct vfsmount *mount = BPF_CORE_READ(file, f_path.mnt);
	struct dentry *entry = BPF_CORE_READ(file, f_path.dentry);
	__u32 end = PATH_WORK_BYTES - sizeof(DELETED) + 1, bytes;
	int step = 0;

	walk->entry = entry;
	walk->mount = (void *)mount - bpf_core_field_offset(struct mount, mnt);
	walk->at = end - 1;
	walk->whole = false;
	work[end - 1] = 0;
	if (!BPF_CORE_READ(entry, d_hash.pprev) && BPF_CORE_READ(entry, d_parent) != entry) {
		__builtin_memcpy(&work[end - 1], DELETED, sizeof(DELETED));
		end = PATH_WORK_BYTES;
	}
	/* this shape, because a fall-through into a loop's head is refused before v6.4 */
	while (path_step(walk, work) && ++step < PATH_STEPS_MAX)
		;
	if (walk->whole && work[walk->at & (PATH_WORK_BYTES - 1)] == 0)
		work[--walk->at & (PATH_WORK_BYTES - 1)] = '/';
	bytes = end - walk->at;
	if (!walk->whole || bytes > TEXT_BYTES_MAX)
		bytes = 0;
	/* the compiler knows the bound and would drop the mask; an older verifier needs to see it */
	asm volatile("" : "+r"(bytes));
	bytes &= 2 * TEXT_BYTES_MAX - 1;
	if (bpf_probe_read_kernel(here(record), bytes, &work[walk->at & (PATH_WORK_BYTES - 1)]))
		bytes = 0;
	record->at += bytes;
	push_length(record, bytes);
}

/* Writes `/a/b` without a final NUL at `to`; returns its length, below 4096. */
static __noinline __u32 cgroup_path(__u8 *to, struct kernfs_node *node)
{
	const char *names[CGROUP_DEPTH_MAX] = {};
	volatile __u32 *slot = (volatile __u32 *)(to + 8192); /* as in forget */
	__u32 at = 0;
	int depth;

	for (depth = 0; depth < CGROUP_DEPTH_MAX; depth++) {
		struct kernfs_node *parent = node_parent(node);

		if (!parent)
			break;
		names[depth] = BPF_CORE_READ(node, name);
		node = parent;
	}
	for (depth = CGROUP_DEPTH_MAX - 1; depth >= 0; depth--) {
		long bytes;

		if (!names[depth])
			continue;
		to[at & 4095] = '/';
		bytes = bpf_probe_read_kernel_str(&to[(at & 4095) + 1], NAME_BYTES_MAX + 1, names[depth]);
		*slot = at + (bytes > 0 ? bytes : 0);
		at = *slot;
	}
	if (at == 0)
		to[at++] = '/';
	return at & 4095;
}

#define put_cgroup(record, task, subsystem)                                              \
	({                                                                               \
		static const char name_[] = #subsystem "=";                              \
		if (bpf_core_enum_value_exists(enum cgroup_subsys_id, subsystem##_cgrp_id)) { \
			__u8 *to_ = here(record);                                        \
			__builtin_memcpy(to_, name_, sizeof(name_) - 1);                 \
			(record)->at += sizeof(name_) - 1;                               \
			(record)->at += cgroup_path(here(record), cgroup_node(task,      \
				bpf_core_enum_value(enum cgroup_subsys_id, subsystem##_cgrp_id))); \
			put_u8(record, 0);                                               \
		}                                                                        \
	})

/* `cpuset=/a`, NUL, `cpu=/a`, NUL … in this order, as far as the kernel has the controller. */
static __always_inline void push_cgroups(struct record *record, struct task_struct *task)
{
	__u32 from = record->at;

	put_cgroup(record, task, cpuset);
	put_cgroup(record, task, cpu);
	put_cgroup(record, task, cpuacct);
	put_cgroup(record, task, io);
	put_cgroup(record, task, memory);
	push_length(record, record->at - from);
}

#endif
