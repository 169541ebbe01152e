/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Semaphores, io_uring, other processes' memory, kernel keys and file system contexts. */
#ifndef LANNER_EVENTS_IPC_H
#define LANNER_EVENTS_IPC_H

#include "events/io.h"
#include "translate/bits.h"

struct semaphore_step {
	__u16 number;
	__s16 operation;
	__u16 flags;
};

static __always_inline void push_step(struct record *record, const struct semaphore_step *step)
{
	push_u16(record, step->number);
	push_u16(record, step->operation);
	push_u16(record, MOVE(step->flags, 04000, 1) | MOVE(step->flags, 0x1000, 2));
}

HANDLER(semop)
{
	struct semaphore_step steps[2] = {};
	__u32 count = arg(call, 2);

	if (call->result == 0 && count == 1)
		bpf_probe_read_user(steps, sizeof(steps[0]), (void *)arg(call, 1));
	else if (call->result == 0 && count > 1)
		bpf_probe_read_user(steps, sizeof(steps), (void *)arg(call, 1));
	FIXED(record, SYSCALL_SEMOP_X, 28);
	push_s64(&record, call->result);
	push_u32(&record, count);
	push_step(&record, &steps[0]);
	push_step(&record, &steps[1]);
	push_s32(&record, arg(call, 0));
	return submit(&record);
}

HANDLER(semget)
{
	__u32 flags = arg(call, 2);

	FIXED(record, SYSCALL_SEMGET_X, 20);
	push_s64(&record, call->result);
	push_s32(&record, arg(call, 0));
	push_s32(&record, arg(call, 1));
	push_u32(&record, MOVE(flags, 01000, 1 << 13) | MOVE(flags, 02000, 1 << 14));
	return submit(&record);
}

#define SEMAPHORE_SETVAL 16

/* Each command is a bit of its own; an unknown one is 0. */
static __always_inline __u16 semaphore_command(__u32 command)
{
	switch (command) {
	case 0: return 1 << 2;   /* RMID */
	case 1: return 1 << 1;   /* SET */
	case 2: return 1 << 0;   /* STAT */
	case 3: return 1 << 3;   /* INFO */
	case 11: return 1 << 8;  /* GETPID */
	case 12: return 1 << 9;  /* GETVAL */
	case 13: return 1 << 6;  /* GETALL */
	case 14: return 1 << 7;  /* GETNCNT */
	case 15: return 1 << 10; /* GETZCNT */
	case 16: return 1 << 12; /* SETVAL */
	case 17: return 1 << 11; /* SETALL */
	case 18: return 1 << 5;  /* SEM_STAT */
	case 19: return 1 << 4;  /* SEM_INFO */
	default: return 0;
	}
}

HANDLER(semctl)
{
	__u32 command = arg(call, 2);

	FIXED(record, SYSCALL_SEMCTL_X, 22);
	push_s64(&record, call->result);
	push_s32(&record, arg(call, 0));
	push_s32(&record, arg(call, 1));
	push_u16(&record, semaphore_command(command));
	push_s32(&record, command == SEMAPHORE_SETVAL ? arg(call, 3) : 0);
	return submit(&record);
}

HANDLER(io_uring_enter)
{
	FIXED(record, SYSCALL_IO_URING_ENTER_X, 32);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 1));
	push_u32(&record, arg(call, 2));
	push_u32(&record, arg(call, 3) & 0xf);
	push_u32(&record, 0); /* the mask was never recorded */
	return submit(&record);
}

HANDLER(io_uring_register)
{
	FIXED(record, SYSCALL_IO_URING_REGISTER_X, 30);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u16(&record, arg(call, 1));
	push_u64(&record, arg(call, 2));
	push_u32(&record, arg(call, 3));
	return submit(&record);
}

/* Data is the caller's side of the copy. */
#define FOREIGN_MEMORY_HANDLER(name, event)                                              \
	HANDLER(name)                                                                    \
	{                                                                                \
		VARIABLE(record, event);                                                 \
		push_s64(&record, call->result);                                         \
		push_int(&record, arg(call, 0));                                         \
		push_vectors(&record, arg(call, 1), arg(call, 2), call->result);         \
		return send(&record);                                                    \
	}

FOREIGN_MEMORY_HANDLER(process_vm_readv, SYSCALL_PROCESS_VM_READV_X)
FOREIGN_MEMORY_HANDLER(process_vm_writev, SYSCALL_PROCESS_VM_WRITEV_X)

HANDLER(seccomp)
{
	FIXED(record, SYSCALL_SECCOMP_X, 24);
	push_s64(&record, call->result);
	push_u64(&record, arg(call, 0));
	push_u64(&record, arg(call, 1));
	return submit(&record);
}

static __always_inline void push_key_argument(struct record *record, __u64 value)
{
	put_u8(record, 0); /* kind: a plain number */
	put_u64(record, value);
	push_length(record, 9);
}

HANDLER(keyctl)
{
	FIXED(record, SYSCALL_KEYCTL_X, 48);
	push_s64(&record, call->result);
	push_u32(&record, arg(call, 0));
	push_key_argument(&record, arg(call, 1));
	push_key_argument(&record, arg(call, 2));
	push_key_argument(&record, arg(call, 3));
	push_key_argument(&record, arg(call, 4));
	return submit(&record);
}

enum {
	FSCONFIG_STRING = 1,
	FSCONFIG_BINARY,
	FSCONFIG_PATH,
	FSCONFIG_PATH_EMPTY,
	FSCONFIG_FD,
	FSCONFIG_CREATE,
};
#define FSCONFIG_BYTES_MAX 4096

HANDLER(fsconfig)
{
	__u32 command = arg(call, 1);
	bool done = call->result == 0;
	bool text = command == FSCONFIG_STRING || command == FSCONFIG_PATH ||
		    command == FSCONFIG_PATH_EMPTY;

	VARIABLE(record, SYSCALL_FSCONFIG_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, command);
	if (done && command < FSCONFIG_CREATE)
		push_user_text(&record, arg(call, 2));
	else
		push_empty(&record);
	if (done && command == FSCONFIG_BINARY)
		push_user_bytes(&record, arg(call, 3), arg(call, 4), FSCONFIG_BYTES_MAX);
	else
		push_empty(&record);
	if (done && text)
		push_user_text(&record, arg(call, 3));
	else
		push_empty(&record);
	push_s32(&record, arg(call, 4));
	return send(&record);
}

HANDLER(delete_module)
{
	__u32 flags = arg(call, 1);

	VARIABLE(record, SYSCALL_DELETE_MODULE_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_u32(&record, MOVE(flags, 01000, 1) | MOVE(flags, 04000, 2));
	return send(&record);
}

#endif
