/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Everything that programs and user space share. Who sizes and fills what: README.md. */
#ifndef LANNER_MAPS_H
#define LANNER_MAPS_H

#include "kernel/read.h"
#include "control.h"

struct control control SEC(".bss.control");
volatile struct wakeup wakeup SEC(".bss.wakeup");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, LANNER_CPUS_MAX);
	__type(key, __u32);
	__array(values, struct ring);
} rings SEC(".maps");

struct scratch {
	__u8 bytes[LANNER_SCRATCH_BYTES];
};

/* A plain array, one entry per CPU: entries of a per-CPU array may not exceed 32 KiB. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LANNER_CPUS_MAX);
	__type(key, __u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_CLASSES);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LANNER_SYSCALLS_MAX);
	__type(key, __u32);
	__type(value, __u16);
} syscall_codes SEC(".maps");

/* Value: threads known to be alive; user space puts 1. The entry goes with the last thread. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LANNER_TREE_MAX);
	__type(key, __u32);
	__type(value, __s32);
} tree SEC(".maps");

/* Value: start_time of the process, since its id may go to another one day. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LANNER_TREE_MAX);
	__type(key, __u32);
	__type(value, __u64);
} excluded SEC(".maps");

#endif
