/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Writes one record: prelude, scap event header, lengths, values.
 *
 *   0        8        16       24     28     30        34           34+2n
 *   ├─ prel.─┼─ time ─┼─ tid ──┼─ len ┼ type ┼─ params ┼ lengths u16 ┼─ values, back to back …
 *
 * A record of constant size is written straight into the ring (FIXED … submit). Any other is built
 * in this CPU's scratch buffer and copied (VARIABLE … send). Both take the same push functions, in
 * the order of the event's parameters; a wrong number of them does not compile.
 *
 * Scratch offsets are masked to the first half of the buffer, so no single value can leave it. An
 * event that reached the end wraps, and is then too large by its own offset: counted, not sent.
 */
#ifndef LANNER_RECORD_H
#define LANNER_RECORD_H

#include "maps.h"
#include "generated/schema.h"

#define EVENT_AT LANNER_RING_PRELUDE_BYTES
#define LENGTHS_AT (EVENT_AT + 26)
#define EVENT_BYTES_MAX 65535
#define OFFSET_MASK 65535
/* Second half of the scratch buffer: working space, never sent. */
#define WORK_AT 65536
#define TEXT_BYTES_MAX 4096

enum loss {
	LOSS_RING_FULL,
	LOSS_TOO_LARGE,
	LOSS_UNREADABLE,
	LOSS_BUG,
	LOSS_COMPAT,
};

struct record {
	__u8 *base;
	__u32 at;      /* offset of the next value */
	__u32 param;   /* number of the next parameter */
	__u32 type;
	__u32 params;
	__u32 end;     /* size of a fixed record */
};

extern void wrong_number_of_parameters(void)
	__attribute__((error("parameters do not match the schema")));
extern void wrong_size(void) __attribute__((error("FIXED was given the wrong number of bytes")));

static __always_inline __u32 class_of(const __u32 type)
{
	switch (type) {
	case EVENT_SYSCALL_OPEN_X:
	case EVENT_SYSCALL_CREAT_X:
	case EVENT_SYSCALL_OPENAT_2_X:
	case EVENT_SYSCALL_OPENAT2_X:
	case EVENT_SYSCALL_OPEN_BY_HANDLE_AT_X:
		return CLASS_OPEN;
	case EVENT_SYSCALL_CLOSE_X:
		return CLASS_CLOSE;
	case EVENT_SYSCALL_EXECVE_19_X:
	case EVENT_SYSCALL_EXECVEAT_X:
		return CLASS_EXECVE;
	case EVENT_SYSCALL_CLONE_20_X:
	case EVENT_SYSCALL_CLONE3_X:
	case EVENT_SYSCALL_FORK_20_X:
	case EVENT_SYSCALL_VFORK_20_X:
		return CLASS_CLONE_FORK;
	case EVENT_PROCEXIT_1_E:
		return CLASS_PROC_EXIT;
	case EVENT_SOCKET_CONNECT_X:
		return CLASS_CONNECT;
	case EVENT_SYSCALL_CHMOD_X:
	case EVENT_SYSCALL_FCHMOD_X:
	case EVENT_SYSCALL_FCHMODAT_X:
	case EVENT_SYSCALL_CHOWN_X:
	case EVENT_SYSCALL_FCHOWN_X:
	case EVENT_SYSCALL_LCHOWN_X:
	case EVENT_SYSCALL_FCHOWNAT_X:
	case EVENT_SYSCALL_LINK_2_X:
	case EVENT_SYSCALL_LINKAT_2_X:
	case EVENT_SYSCALL_MKDIR_2_X:
	case EVENT_SYSCALL_MKDIRAT_X:
	case EVENT_SYSCALL_RENAME_X:
	case EVENT_SYSCALL_RENAMEAT_X:
	case EVENT_SYSCALL_RENAMEAT2_X:
	case EVENT_SYSCALL_RMDIR_2_X:
	case EVENT_SYSCALL_SYMLINK_X:
	case EVENT_SYSCALL_SYMLINKAT_X:
	case EVENT_SYSCALL_UNLINK_2_X:
	case EVENT_SYSCALL_UNLINKAT_2_X:
		return CLASS_DIR_FILE;
	default:
		return CLASS_OTHER;
	}
}

/* Every early return that loses an event goes through here: losses are counted, never silent. */
static __always_inline int lose(__u32 class, const enum loss reason)
{
	struct counter *counter = bpf_map_lookup_elem(&counters, &class);

	if (!counter)
		return 0;
	switch (reason) {
	case LOSS_RING_FULL:
		counter->dropped_ring_full++;
		break;
	case LOSS_TOO_LARGE:
		counter->dropped_too_large++;
		break;
	case LOSS_UNREADABLE:
		counter->dropped_unreadable++;
		break;
	case LOSS_BUG:
		counter->dropped_bug++;
		break;
	case LOSS_COMPAT:
		counter->dropped_compat++;
		break;
	}
	return 0;
}

static __always_inline void count_written(__u32 class)
{
	struct counter *counter = bpf_map_lookup_elem(&counters, &class);

	if (counter)
		counter->written++;
}

static __always_inline void *ring_of(__u32 cpu)
{
	return bpf_map_lookup_elem(&rings, &cpu);
}

static __always_inline __u64 wakeup_flags(void)
{
	if (!wakeup.wanted)
		return BPF_RB_NO_WAKEUP;
	wakeup.wanted = 0;
	return BPF_RB_FORCE_WAKEUP;
}

/*
 * The reader may have gone to sleep between the look at `wanted` and the record's commit. A
 * discarded record wakes it then; readers skip it by its discard bit.
 */
static __always_inline void wake_latecomer(void *ring)
{
	void *nothing;

	if (!wakeup.wanted)
		return;
	wakeup.wanted = 0;
	nothing = bpf_ringbuf_reserve(ring, 8, 0);
	if (nothing)
		bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
}

static __always_inline void start(struct record *record, __u32 cpu)
{
	__u8 *base = record->base;

	*(__u64 *)&base[0] = (__u64)cpu << 48;
	*(__u64 *)&base[EVENT_AT] = bpf_ktime_get_boot_ns() + control.boot_time_ns;
	*(__u64 *)&base[EVENT_AT + 8] = (__u32)bpf_get_current_pid_tgid();
	*(__u32 *)&base[EVENT_AT + 16] = record->end - EVENT_AT;
	*(__u16 *)&base[EVENT_AT + 20] = record->type;
	*(__u32 *)&base[EVENT_AT + 22] = record->params;
	record->at = LENGTHS_AT + 2 * record->params;
	record->param = 0;
}

static __always_inline bool start_fixed(struct record *record)
{
	__u32 cpu = bpf_get_smp_processor_id();
	void *ring = ring_of(cpu);

	if (!ring) {
		lose(class_of(record->type), LOSS_BUG);
		return false;
	}
	record->base = bpf_ringbuf_reserve(ring, record->end, 0);
	if (!record->base) {
		lose(class_of(record->type), LOSS_RING_FULL);
		return false;
	}
	start(record, cpu);
	return true;
}

static __always_inline bool start_variable(struct record *record)
{
	__u32 cpu = bpf_get_smp_processor_id();

	record->base = bpf_map_lookup_elem(&scratch, &cpu);
	if (!record->base) {
		lose(class_of(record->type), LOSS_BUG);
		return false;
	}
	start(record, cpu);
	return true;
}

/* Declares `name`, to be filled by pushes of `bytes` in all; returns 0 if there is no room. */
#define FIXED(name, event, bytes)                                                        \
	struct record name = {                                                           \
		.type = EVENT_##event,                                                   \
		.params = PARAMS_##event,                                                \
		.end = LENGTHS_AT + 2 * PARAMS_##event + (bytes),                        \
	};                                                                               \
	if (!start_fixed(&name))                                                         \
		return 0

#define VARIABLE(name, event)                                                            \
	struct record name = {.type = EVENT_##event, .params = PARAMS_##event};          \
	if (!start_variable(&name))                                                      \
		return 0

/* For a handler that writes several events of the same parameters and the same class. */
static __always_inline void set_event(struct record *record, __u16 event)
{
	*(__u16 *)&record->base[EVENT_AT + 20] = event;
}

static __always_inline int submit(struct record *record)
{
	__u32 cpu = bpf_get_smp_processor_id();

	if (record->param != record->params)
		wrong_number_of_parameters();
	if (record->at != record->end)
		wrong_size();
	count_written(class_of(record->type));
	bpf_ringbuf_submit(record->base, wakeup_flags());
	if (wakeup.wanted) {
		void *ring = ring_of(cpu);

		if (ring)
			wake_latecomer(ring);
	}
	return 0;
}

static __always_inline int send(struct record *record)
{
	void *ring = ring_of(bpf_get_smp_processor_id());
	__u32 class = class_of(record->type);
	__u32 bytes = record->at;

	if (record->param != record->params)
		wrong_number_of_parameters();
	if (!ring)
		return lose(class, LOSS_BUG);
	if (bytes > EVENT_BYTES_MAX)
		return lose(class, LOSS_TOO_LARGE);
	*(__u32 *)&record->base[EVENT_AT + 16] = bytes - EVENT_AT;
	if (bpf_ringbuf_output(ring, record->base, bytes, wakeup_flags()))
		return lose(class, LOSS_RING_FULL);
	count_written(class);
	wake_latecomer(ring);
	return 0;
}

#endif
