/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Whose events are captured, and how processes join and leave the scope. */
#ifndef LANNER_SCOPE_H
#define LANNER_SCOPE_H

#include "maps.h"
#include "kernel/task.h"

static __always_inline bool is_excluded(__u32 tgid)
{
	__u32 count = control.excluded_count;

	for (__u32 i = 0; i < LANNER_EXCLUDED_MAX && i < count; i++)
		if (control.excluded[i] == tgid)
			return true;
	return excluded_processes > 0 && bpf_map_lookup_elem(&excluded, &tgid);
}

static __always_inline bool in_scope(__u32 tgid)
{
	switch (control.scope_kind) {
	case SCOPE_HOST:
		return !is_excluded(tgid);
	case SCOPE_TGID:
		return tgid == control.scope_value;
	case SCOPE_TREE:
		return bpf_map_lookup_elem(&tree, &tgid) != NULL;
	case SCOPE_CGROUP:
		return bpf_get_current_ancestor_cgroup_id(control.scope_level) == control.scope_value &&
		       !is_excluded(tgid);
	default:
		return false;
	}
}

static __always_inline __u32 current_tgid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

/* Before the child first runs, so none of its events is missed. False: no room to note it. */
static __always_inline bool join_scope(__u32 parent, __u32 child)
{
	__s32 one = 1, *threads;
	__u8 present = 1;

	if (control.scope_kind == SCOPE_TREE) {
		threads = bpf_map_lookup_elem(&tree, &parent);
		if (!threads)
			return true;
		if (parent != child)
			return bpf_map_update_elem(&tree, &child, &one, BPF_ANY) == 0;
		__sync_fetch_and_add(threads, 1);
	} else if (parent != child && is_excluded(parent)) {
		if (bpf_map_update_elem(&excluded, &child, &present, BPF_NOEXIST))
			return false;
		__sync_fetch_and_add(&excluded_processes, 1);
	}
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
	if (group_empty && excluded_processes > 0 && !bpf_map_delete_elem(&excluded, &tgid))
		__sync_fetch_and_add(&excluded_processes, -1);
}

#endif
