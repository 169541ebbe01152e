/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What user space tells the capture programs and what they tell it. Shared by bpf/ (C) and native/
 * (C++): plain fixed-width members only.
 */
#ifndef LANNER_CONTROL_H
#define LANNER_CONTROL_H

#define LANNER_SYSCALLS_MAX 512
/* A power of two: counts of excluded processes by the low bits of their tgids. */
#define LANNER_EXCLUDED_SLOTS 256
#define LANNER_RING_PRELUDE_BYTES 8
#define LANNER_CPUS_MAX 1024
#define LANNER_TREE_MAX 65536
/* An entry of map `scratch`: 64 KiB of event, and as much again that the verifier wants to see. */
#define LANNER_SCRATCH_BYTES 131072
/* MAX_PID_NS_LEVEL of the kernel, and the first namespace. */
#define LANNER_PID_LEVELS 33
/* In the prelude of a record: it is no event, but a canary, and what follows is its number. */
#define LANNER_CANARY_FLAG 1

enum scope_kind {
	SCOPE_HOST = 0,
	SCOPE_TGID = 1,   /* scope_value: one tgid */
	SCOPE_TREE = 2,   /* members of map `tree`; children join at fork, leave at exit */
	SCOPE_CGROUP = 3, /* scope_value: cgroup id, scope_level: its depth; descendants included */
};

/*
 * Global `control` in section .bss.control, read by every program. The agent writes it, but for
 * what is marked: that the programs write too. All process ids are those of the first namespace.
 */
struct control {
	__u64 interest[LANNER_SYSCALLS_MAX / 64]; /* bit = native syscall number */
	__u64 scope_value; /* of SCOPE_TGID: 0 once the process has ended (programs) */
	__u32 scope_kind;
	__u32 scope_level;
	__u32 enabled;    /* 0: programs return at once */
	__u32 snaplen;    /* bytes of I/O data kept per event */
	__u32 drop_failed;
	/* Member of the tree that waits to become the watched command; 0 from then on (programs). */
	__u32 held_tgid;
	/* A close() of this descriptor, which is none, by this process is written as a canary. */
	__u32 canary;
	__u32 canary_tgid;
	__u32 canaries_written; /* (programs) */
	/* How many entries of map `excluded` have these low bits (programs): spares most look-ups. */
	__u32 excluded_slots[LANNER_EXCLUDED_SLOTS];
	/* Wall clock minus CLOCK_BOOTTIME, ns. Set before `enabled`; refreshed, as clocks step. */
	__u64 boot_time_ns;
};

/* Global `wakeup` in section .bss.wakeup: its page is mapped into the engine's memory. */
struct wakeup {
	/* The engine sets 1 before it sleeps; the program that writes a record then clears it. */
	__u32 wanted;
};

/* A thread as program `list_tasks` tells it, one row after the other. */
struct task_row {
	__u64 start_time; /* of the process, ns of CLOCK_MONOTONIC */
	__u32 tid;
	__u32 tgid;
	__u32 parent; /* a tgid */
	__u32 pgid;
	__u32 sid;
	__u32 is_reader; /* of the process that reads the rows */
	__u32 level;     /* of its pid namespace; the first is 0 */
	__s32 numbers[LANNER_PID_LEVELS]; /* its tid in each namespace from the first to its own */
};

/* Row of the per-CPU array `counters`: what happened to events of one class. */
enum event_class {
	CLASS_OPEN = 0,
	CLASS_CLOSE = 1,
	CLASS_EXECVE = 2,
	CLASS_CLONE_FORK = 3,
	CLASS_PROC_EXIT = 4,
	CLASS_CONNECT = 5,
	CLASS_DIR_FILE = 6,
	CLASS_OTHER = 7,
	EVENT_CLASSES = 8,
};

struct counter {
	__u64 written;
	__u64 dropped_ring_full;
	__u64 dropped_too_large;   /* would not fit the scratch buffer */
	__u64 dropped_unreadable;  /* user memory fault that lost the whole event */
	__u64 dropped_bug;         /* an inner bound that should never be hit */
	__u64 dropped_compat;      /* 32-bit system call on a 64-bit kernel: not decoded */
};

#endif
