/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Credentials: user and group ids, capability sets, user namespaces. */
#ifndef LANNER_KERNEL_CREDENTIALS_H
#define LANNER_KERNEL_CREDENTIALS_H

#include "task.h"

#define CAP_DAC_OVERRIDE 1
#define CAP_FOWNER 3
/* Capabilities that scap's tables know: up to CAP_CHECKPOINT_RESTORE. */
#define KNOWN_CAPABILITIES ((1ULL << 41) - 1)

KERNEL_STRUCTS_BEGIN
struct uid_gid_extent {
	__u32 first;
	__u32 lower_first;
	__u32 count;
};

struct uid_gid_map {
	__u32 nr_extents;
	struct uid_gid_extent extent[5];
};

struct user_namespace {
	struct uid_gid_map uid_map;
	struct uid_gid_map gid_map;
};

/* v6.3 made it one u64; before, it was two u32, which lie in memory the same way. */
typedef struct {
	__u64 val;
} kernel_cap_t;

struct group_info {
	int ngroups;
	kgid_t gid[];
};

struct cred {
	kuid_t euid;
	kgid_t egid;
	kuid_t fsuid;
	kgid_t fsgid;
	kernel_cap_t cap_inheritable;
	kernel_cap_t cap_permitted;
	kernel_cap_t cap_effective;
	struct user_namespace *user_ns;
	struct group_info *group_info;
};
KERNEL_STRUCTS_END

/* A macro because the member is named: the address is relocated, the eight bytes are copied. */
#define capabilities(cred_, set)                                                         \
	({                                                                               \
		__u64 bits_ = 0;                                                         \
		bpf_core_read(&bits_, sizeof(bits_), &(cred_)->set);                     \
		bits_ & KNOWN_CAPABILITIES;                                              \
	})

#define EXTENTS_MAX 5
#define GROUP_SEARCH_STEPS_MAX 17

/* Whether a kernel id has a number in the namespace. More than five extents: taken as mapped. */
static __always_inline bool id_is_mapped(struct uid_gid_map *map, __u32 id)
{
	__u32 extents = BPF_CORE_READ(map, nr_extents);

	if (extents > EXTENTS_MAX)
		return true;
	for (__u32 i = 0; i < EXTENTS_MAX && i < extents; i++) {
		__u32 first = BPF_CORE_READ(map, extent[i].lower_first);

		if (id - first < BPF_CORE_READ(map, extent[i].count))
			return true;
	}
	return false;
}

/* Supplementary groups are sorted: binary search over at most 65,536 of them. */
static __always_inline bool in_groups(struct cred *cred, __u32 gid)
{
	struct group_info *groups = BPF_CORE_READ(cred, group_info);
	__u32 low = 0, high = BPF_CORE_READ(groups, ngroups);

	for (int step = 0; step < GROUP_SEARCH_STEPS_MAX && low < high; step++) {
		__u32 middle = (low + high) / 2;
		__u32 value = BPF_CORE_READ(groups, gid[middle].val);

		if (value == gid)
			return true;
		if (value < gid)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

#endif
