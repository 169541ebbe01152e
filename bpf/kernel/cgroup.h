/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Control groups of a task and the nodes that name them. */
#ifndef LANNER_KERNEL_CGROUP_H
#define LANNER_KERNEL_CGROUP_H

#include "task.h"

enum cgroup_subsys_id {
	cpuset_cgrp_id,
	cpu_cgrp_id,
	cpuacct_cgrp_id,
	io_cgrp_id,
	memory_cgrp_id,
	CGROUP_SUBSYS_COUNT = 32,
};

KERNEL_STRUCTS_BEGIN
struct kernfs_node {
	struct kernfs_node *__parent;
	const char *name;
};

/* v6.15 renamed it. */
struct kernfs_node___pre615 {
	struct kernfs_node *parent;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[CGROUP_SUBSYS_COUNT];
};
KERNEL_STRUCTS_END

static __always_inline struct kernfs_node *node_parent(struct kernfs_node *node)
{
	struct kernfs_node___pre615 *old = (void *)node;

	if (bpf_core_field_exists(old->parent))
		return BPF_CORE_READ(old, parent);
	return BPF_CORE_READ(node, __parent);
}

/* Node of the task's group in one hierarchy; `number` is a relocated cgroup_subsys_id. */
static __always_inline struct kernfs_node *cgroup_node(struct task_struct *task, __u32 number)
{
	struct css_set *set = READ(task, cgroups);
	struct cgroup_subsys_state *state = NULL;

	bpf_core_read(&state, sizeof(state), &set->subsys[number & (CGROUP_SUBSYS_COUNT - 1)]);
	return BPF_CORE_READ(state, cgroup, kn);
}

#endif
