/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Address spaces: where arguments and environment lie, and how large they are. */
#ifndef LANNER_KERNEL_MM_H
#define LANNER_KERNEL_MM_H

#include "read.h"

enum { MM_FILEPAGES, MM_ANONPAGES, MM_SWAPENTS, MM_SHMEMPAGES, NR_MM_COUNTERS };

KERNEL_STRUCTS_BEGIN
typedef struct {
	__s64 counter;
} atomic64_t;

struct percpu_counter {
	__s64 count;
};

struct mm_struct {
	unsigned long total_vm;
	unsigned long arg_start, arg_end, env_start, env_end;
	struct file *exe_file;
	struct percpu_counter rss_stat[NR_MM_COUNTERS];
};

/* v6.2 made each counter a per-CPU one. */
struct mm_rss_stat___pre62 {
	atomic64_t count[NR_MM_COUNTERS];
};

struct mm_struct___pre62 {
	struct mm_rss_stat___pre62 rss_stat;
};
KERNEL_STRUCTS_END

#define PAGE_KILOBYTES 4

/* A macro because the element's size is relocated too, which needs a literal index. */
#define mm_counter(mm, kind)                                                             \
	(bpf_core_type_exists(struct mm_rss_stat___pre62) ?                              \
		 BPF_CORE_READ((struct mm_struct___pre62 *)(mm), rss_stat.count[kind].counter) : \
		 BPF_CORE_READ(mm, rss_stat[kind].count))

/* All three in kilobytes. Batched per-CPU parts are not added up, so small values read as zero. */
static __always_inline __u32 mm_size(struct mm_struct *mm)
{
	return mm ? BPF_CORE_READ(mm, total_vm) * PAGE_KILOBYTES : 0;
}

static __always_inline __u32 mm_resident(struct mm_struct *mm)
{
	if (!mm)
		return 0;
	return (mm_counter(mm, MM_FILEPAGES) + mm_counter(mm, MM_ANONPAGES) +
		mm_counter(mm, MM_SHMEMPAGES)) * PAGE_KILOBYTES;
}

static __always_inline __u32 mm_swapped(struct mm_struct *mm)
{
	return mm ? mm_counter(mm, MM_SWAPENTS) * PAGE_KILOBYTES : 0;
}

#endif
