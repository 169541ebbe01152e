/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Calls that make, copy and close descriptors of no file: pipes, events, signals, timers … */
#ifndef LANNER_EVENTS_DESCRIPTORS_H
#define LANNER_EVENTS_DESCRIPTORS_H

#include "call.h"
#include "kernel/file.h"
#include "translate/numbers.h"
#include "translate/open_flags.h"

HANDLER(close)
{
	FIXED(record, SYSCALL_CLOSE_X, 16);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	return submit(&record);
}

HANDLER(close_range)
{
	__u32 flags = arg(call, 2);

	FIXED(record, SYSCALL_CLOSE_RANGE_X, 20);
	push_s64(&record, call->result);
	push_u32(&record, arg(call, 0));
	push_u32(&record, arg(call, 1));
	push_u32(&record, flags & 6);
	return submit(&record);
}

HANDLER(dup)
{
	FIXED(record, SYSCALL_DUP_1_X, 16);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	return submit(&record);
}

HANDLER(dup2)
{
	FIXED(record, SYSCALL_DUP2_X, 24);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_int(&record, arg(call, 1));
	return submit(&record);
}

HANDLER(dup3)
{
	FIXED(record, SYSCALL_DUP3_X, 28);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_int(&record, arg(call, 1));
	push_u32(&record, MOVE(arg(call, 2), OPEN_CLOEXEC, FILE_CLOEXEC));
	return submit(&record);
}

HANDLER(fcntl)
{
	FIXED(record, SYSCALL_FCNTL_X, 25);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u8(&record, fcntl_command(arg(call, 1)));
	push_u64(&record, arg(call, 2));
	return submit(&record);
}

struct pipe_ends {
	__s32 ends[2];
	__u64 inode;
};

/* The kernel leaves the array alone when it fails, so then it shows what the caller had in it. */
static __always_inline struct pipe_ends pipe_ends(const struct call *call)
{
	struct pipe_ends pipe = {.ends = {-1, -1}};
	struct file *file;

	if (bpf_probe_read_user(pipe.ends, sizeof(pipe.ends), (void *)arg(call, 0)))
		pipe.ends[0] = pipe.ends[1] = -1;
	file = call->result == 0 ? file_of(current_task(), pipe.ends[0]) : NULL;
	if (file)
		pipe.inode = BPF_CORE_READ(file, f_inode, i_ino);
	return pipe;
}

HANDLER(pipe)
{
	struct pipe_ends pipe = pipe_ends(call);

	FIXED(record, SYSCALL_PIPE_X, 32);
	push_s64(&record, call->result);
	push_s64(&record, pipe.ends[0]);
	push_s64(&record, pipe.ends[1]);
	push_u64(&record, pipe.inode);
	return submit(&record);
}

HANDLER(pipe2)
{
	struct pipe_ends pipe = pipe_ends(call);
	__s32 flags = arg(call, 1);

	FIXED(record, SYSCALL_PIPE2_X, 36);
	push_s64(&record, call->result);
	push_s64(&record, pipe.ends[0]);
	push_s64(&record, pipe.ends[1]);
	push_u64(&record, pipe.inode);
	push_u32(&record, descriptor_flags(flags) |
				  (flags < 0 ? 0 : MOVE(flags, OPEN_DIRECT, FILE_DIRECT)));
	return submit(&record);
}

HANDLER(eventfd)
{
	FIXED(record, SYSCALL_EVENTFD_X, 20);
	push_s64(&record, call->result);
	push_u64(&record, (__u32)arg(call, 0));
	push_u32(&record, 0); /* this form takes no flags */
	return submit(&record);
}

HANDLER(eventfd2)
{
	FIXED(record, SYSCALL_EVENTFD2_X, 18);
	push_s64(&record, call->result);
	push_u16(&record, descriptor_flags(arg(call, 1)));
	push_u64(&record, (__u32)arg(call, 0));
	return submit(&record);
}

HANDLER(signalfd)
{
	FIXED(record, SYSCALL_SIGNALFD_X, 21);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, 0); /* the mask was never recorded */
	push_u8(&record, 0);
	return submit(&record);
}

HANDLER(signalfd4)
{
	FIXED(record, SYSCALL_SIGNALFD4_X, 22);
	push_s64(&record, call->result);
	push_u16(&record, descriptor_flags(arg(call, 3)));
	push_int(&record, arg(call, 0));
	push_u32(&record, 0);
	return submit(&record);
}

HANDLER(timerfd_create)
{
	FIXED(record, SYSCALL_TIMERFD_CREATE_X, 10);
	push_s64(&record, call->result);
	push_u8(&record, arg(call, 0));
	push_u8(&record, 0); /* flags were never recorded */
	return submit(&record);
}

HANDLER(inotify_init)
{
	FIXED(record, SYSCALL_INOTIFY_INIT_X, 9);
	push_s64(&record, call->result);
	push_u8(&record, 0);
	return submit(&record);
}

HANDLER(inotify_init1)
{
	FIXED(record, SYSCALL_INOTIFY_INIT1_X, 10);
	push_s64(&record, call->result);
	push_u16(&record, descriptor_flags(arg(call, 0)));
	return submit(&record);
}

HANDLER(epoll_create)
{
	FIXED(record, SYSCALL_EPOLL_CREATE_X, 12);
	push_s64(&record, call->result);
	push_s32(&record, arg(call, 0));
	return submit(&record);
}

HANDLER(epoll_create1)
{
	FIXED(record, SYSCALL_EPOLL_CREATE1_X, 12);
	push_s64(&record, call->result);
	push_u32(&record, MOVE(arg(call, 0), OPEN_CLOEXEC, 1));
	return submit(&record);
}

HANDLER(memfd_create)
{
	VARIABLE(record, SYSCALL_MEMFD_CREATE_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_u32(&record, arg(call, 1) & 7);
	return send(&record);
}

HANDLER(userfaultfd)
{
	FIXED(record, SYSCALL_USERFAULTFD_X, 12);
	push_s64(&record, call->result);
	push_u32(&record, arg(call, 0));
	return submit(&record);
}

HANDLER(pidfd_open)
{
	FIXED(record, SYSCALL_PIDFD_OPEN_X, 20);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, MOVE(arg(call, 1), OPEN_NONBLOCK, 1));
	return submit(&record);
}

HANDLER(pidfd_getfd)
{
	FIXED(record, SYSCALL_PIDFD_GETFD_X, 28);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_int(&record, arg(call, 1));
	push_u32(&record, arg(call, 2));
	return submit(&record);
}

struct io_uring_setup {
	__u32 sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features;
};

/* The features that recordings know keep their numbers; bit 8, extended arguments, never shows. */
#define IO_URING_FEATURES 0x6ff

/* Bits 0 and 1 stay; the recording's table has another flag at 2. */
static __always_inline __u32 io_uring_flags(__u32 flags)
{
	return (flags & 3) | MOVE(flags, 1, 1 << 2) | (flags & 0x7c) << 1;
}

HANDLER(io_uring_setup)
{
	struct io_uring_setup setup = {};

	bpf_probe_read_user(&setup, sizeof(setup), (void *)arg(call, 1));
	FIXED(record, SYSCALL_IO_URING_SETUP_X, 36);
	push_s64(&record, call->result);
	push_u32(&record, arg(call, 0));
	push_u32(&record, setup.sq_entries);
	push_u32(&record, setup.cq_entries);
	push_u32(&record, io_uring_flags(setup.flags));
	push_u32(&record, setup.sq_thread_cpu);
	push_u32(&record, setup.sq_thread_idle);
	push_u32(&record, setup.features & IO_URING_FEATURES);
	return submit(&record);
}

#endif
