/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Whose events are captured, and how processes join and leave the scope. */
#ifndef LANNER_SCOPE_H
#define LANNER_SCOPE_H

#include "maps.h"
#include "kernel/task.h"

static __always_inline __u32 *excluded_slot(__u32 tgid)
{
	return &control.excluded_slots[tgid & (LANNER_EXCLUDED_SLOTS - 1)];
}

/* A process of ours; an entry that outlived its process does not count for the next of its id. */
static __always_inline bool is_excluded(struct task_struct *task, __u32 tgid)
{
	__u64 *start_time;

	if (!*excluded_slot(tgid))
		return false;
	start_time = bpf_map_lookup_elem(&excluded, &tgid);
	return start_time && *start_time == process_start(task);
}

/* `task` is of process `tgid` and runs now, so that its control group can be asked for. */
static __always_inline bool in_scope(struct task_struct *task, __u32 tgid)
{
	switch (control.scope_kind) {
	case SCOPE_HOST:
		return !is_excluded(task, tgid);
	case SCOPE_TGID:
		return tgid == control.scope_value;
	case SCOPE_TREE:
		return tgid != control.held_tgid && bpf_map_lookup_elem(&tree, &tgid);
	case SCOPE_CGROUP:
		return bpf_get_current_ancestor_cgroup_id(control.scope_level) == control.scope_value &&
		       !is_excluded(task, tgid);
	default:
		return false;
	}
}

static __always_inline __u32 current_tgid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

static __always_inline bool join_tree(__u32 parent, __u32 child)
{
	__s32 one = 1, *threads = bpf_map_lookup_elem(&tree, &parent);

	if (!threads)
		return true;
	if (parent != child)
		return bpf_map_update_elem(&tree, &child, &one, BPF_ANY) == 0;
	__sync_fetch_and_add(threads, 1);
	return true;
}

static __always_inline bool join_excluded(struct task_struct *child, __u32 tgid)
{
	__u64 start_time = process_start(child);
	bool is_new = !bpf_map_lookup_elem(&excluded, &tgid);

	if (bpf_map_update_elem(&excluded, &tgid, &start_time, BPF_ANY))
		return false;
	if (is_new)
		__sync_fetch_and_add(excluded_slot(tgid), 1);
	return true;
}

/* Before the child first runs, so none of its events is missed. False: no room to note it. */
static __always_inline bool join_scope(struct task_struct *parent, struct task_struct *child)
{
	__u32 parent_tgid = BPF_CORE_READ(parent, tgid), child_tgid = BPF_CORE_READ(child, tgid);

	if (control.scope_kind == SCOPE_TREE)
		return join_tree(parent_tgid, child_tgid);
	if (parent_tgid != child_tgid && is_excluded(parent, parent_tgid))
		return join_excluded(child, child_tgid);
	return true;
}

/*
 * After the thread's procexit was written. The last threads of a process may exit at once, all
 * seeing an empty group; the count tells who is really last. A root that had more threads than the
 * one it was entered with goes when its group is empty and the count is used up.
 */
static __always_inline void leave_scope(__u32 tgid, bool group_empty)
{
	__s32 *threads = bpf_map_lookup_elem(&tree, &tgid);

	if (threads) {
		__sync_fetch_and_add(threads, -1);
		if (group_empty && *threads <= 0)
			bpf_map_delete_elem(&tree, &tgid);
	}
	if (!group_empty)
		return;
	/* the id is free for another process from now on */
	if (control.scope_kind == SCOPE_TGID && control.scope_value == tgid)
		control.scope_value = 0;
	if (control.held_tgid == tgid)
		control.held_tgid = 0;
	if (*excluded_slot(tgid) && !bpf_map_delete_elem(&excluded, &tgid))
		__sync_fetch_and_add(excluded_slot(tgid), -1);
}

#endif
