/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Calls on processes: namespaces, ptrace, prctl, signals, kernel modules, bpf. */
#ifndef LANNER_EVENTS_PROCESS_H
#define LANNER_EVENTS_PROCESS_H

#include "events/io.h"
#include "translate/clone_flags.h"
#include "translate/numbers.h"

HANDLER(setns)
{
	FIXED(record, SYSCALL_SETNS_X, 20);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, clone_flags(arg(call, 1)));
	return submit(&record);
}

HANDLER(unshare)
{
	FIXED(record, SYSCALL_UNSHARE_X, 12);
	push_s64(&record, call->result);
	push_u32(&record, clone_flags(arg(call, 0)));
	return submit(&record);
}

/* Kinds of a ptrace value: its first byte. */
enum { PTRACE_VALUE_U64, PTRACE_VALUE_SIGNAL };

static __always_inline void push_ptrace_data(struct record *record, const struct call *call,
					     __u16 request)
{
	__u64 data = arg(call, 3);

	if (call->result >= 0 && (request == PTRACE_CONT || request == PTRACE_SINGLESTEP ||
				  request == PTRACE_DETACH || request == PTRACE_SYSCALL)) {
		put_u8(record, PTRACE_VALUE_SIGNAL);
		put_u8(record, data);
		push_length(record, 2);
		return;
	}
	if (call->result < 0) {
		data = 0;
	} else if (request >= PTRACE_PEEKTEXT && request <= PTRACE_PEEKUSR) {
		/* the word that was read went to this address */
		bpf_probe_read_user(&data, sizeof(data), (void *)arg(call, 3));
	}
	put_u8(record, PTRACE_VALUE_U64);
	put_u64(record, data);
	push_length(record, 9);
}

HANDLER(ptrace)
{
	__u16 request = ptrace_request(arg(call, 0));

	VARIABLE(record, SYSCALL_PTRACE_X);
	push_s64(&record, call->result);
	put_u8(&record, PTRACE_VALUE_U64);
	put_u64(&record, call->result < 0 ? 0 : arg(call, 2));
	push_length(&record, 9);
	push_ptrace_data(&record, call, request);
	push_u16(&record, request);
	push_int(&record, arg(call, 1));
	return send(&record);
}

#define PRCTL_SET_NAME 15
#define PRCTL_GET_NAME 16
#define PRCTL_GET_CHILD_SUBREAPER 37

HANDLER(prctl)
{
	__u32 option = arg(call, 0);
	bool named = option == PRCTL_SET_NAME || option == PRCTL_GET_NAME;
	__s64 value = arg(call, 1);

	if (option == PRCTL_GET_CHILD_SUBREAPER) {
		__s32 on = 0;

		bpf_probe_read_user(&on, sizeof(on), (void *)arg(call, 1));
		value = on;
	}
	VARIABLE(record, SYSCALL_PRCTL_X);
	push_s64(&record, call->result);
	push_u32(&record, option);
	if (named)
		push_user_text(&record, arg(call, 1));
	else
		push_empty(&record);
	push_s64(&record, named ? 0 : value);
	return send(&record);
}

HANDLER(kill)
{
	FIXED(record, SYSCALL_KILL_X, 17);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u8(&record, arg(call, 1));
	return submit(&record);
}

HANDLER(tkill)
{
	FIXED(record, SYSCALL_TKILL_X, 17);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u8(&record, arg(call, 1));
	return submit(&record);
}

HANDLER(tgkill)
{
	FIXED(record, SYSCALL_TGKILL_X, 25);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_int(&record, arg(call, 1));
	push_u8(&record, arg(call, 2));
	return submit(&record);
}

HANDLER(bpf)
{
	FIXED(record, SYSCALL_BPF_2_X, 12);
	push_s64(&record, call->result);
	push_u32(&record, arg(call, 0));
	return submit(&record);
}

/* Of the image, whatever the snap length. */
#define MODULE_BYTES_MAX 4096

HANDLER(init_module)
{
	VARIABLE(record, SYSCALL_INIT_MODULE_X);
	push_s64(&record, call->result);
	push_user_bytes(&record, arg(call, 0), arg(call, 1), MODULE_BYTES_MAX);
	push_u64(&record, arg(call, 1));
	push_user_text(&record, arg(call, 2));
	return send(&record);
}

HANDLER(finit_module)
{
	VARIABLE(record, SYSCALL_FINIT_MODULE_X);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_u32(&record, arg(call, 2) & 7);
	return send(&record);
}

#endif
