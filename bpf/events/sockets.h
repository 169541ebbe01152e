/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Sockets: making them, their options, connections. Data that goes through them: messages.h. */
#ifndef LANNER_EVENTS_SOCKETS_H
#define LANNER_EVENTS_SOCKETS_H

#include "call.h"
#include "values/socket.h"
#include "translate/numbers.h"
#include "translate/open_flags.h"

#define EINPROGRESS 115

HANDLER(socket)
{
	__u32 type = arg(call, 1);

	FIXED(record, SOCKET_SOCKET_X, 24);
	push_s64(&record, call->result);
	push_u32(&record, arg(call, 0));
	push_u32(&record, type);
	push_u32(&record, arg(call, 2));
	push_u32(&record, descriptor_flags(type));
	return submit(&record);
}

HANDLER(socketpair)
{
	struct task_struct *task = current_task();
	__s32 ends[2] = {-1, -1};
	struct sock *source = NULL, *peer = NULL;

	if (call->result == 0 && !bpf_probe_read_user(ends, sizeof(ends), (void *)arg(call, 3))) {
		source = sock_of(task, ends[0]);
		peer = BPF_CORE_READ((struct unix_sock *)source, peer);
	}
	FIXED(record, SOCKET_SOCKETPAIR_X, 52);
	push_s64(&record, call->result);
	push_s64(&record, ends[0]);
	push_s64(&record, ends[1]);
	push_u64(&record, (__u64)source);
	push_u64(&record, (__u64)peer);
	push_u32(&record, arg(call, 0));
	push_u32(&record, arg(call, 1));
	push_u32(&record, arg(call, 2));
	return submit(&record);
}

HANDLER(bind)
{
	VARIABLE(record, SOCKET_BIND_X);
	push_s64(&record, call->result);
	push_address(&record, arg(call, 1), arg(call, 2));
	push_int(&record, arg(call, 0));
	return send(&record);
}

HANDLER(connect)
{
	bool connected = call->result == 0 || call->result == -EINPROGRESS;
	struct sock *sk = connected ? sock_of(current_task(), (__s32)arg(call, 0)) : NULL;

	VARIABLE(record, SOCKET_CONNECT_X);
	push_s64(&record, call->result);
	push_tuple(&record, sk, NULL, OUTBOUND);
	push_int(&record, arg(call, 0));
	push_address(&record, arg(call, 1), arg(call, 2));
	return send(&record);
}

HANDLER(listen)
{
	FIXED(record, SOCKET_LISTEN_X, 20);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_s32(&record, arg(call, 1));
	return submit(&record);
}

/* The accepted connection's tuple, then the listener's queue: percent full, length, limit. */
static __always_inline void push_accepted(struct record *record, const struct call *call)
{
	struct task_struct *task = current_task();
	bool accepted = call->result >= 0;
	struct sock *listener = accepted ? sock_of(task, (__s32)arg(call, 0)) : NULL;
	__u32 waiting = listener ? BPF_CORE_READ(listener, sk_ack_backlog) : 0;
	__u32 limit = listener ? BPF_CORE_READ(listener, sk_max_ack_backlog) : 0;

	push_tuple(record, accepted ? sock_of(task, call->result) : NULL, NULL, INBOUND);
	push_u8(record, limit ? (__u8)((__u64)waiting * 100 / limit) : 0);
	push_u32(record, waiting);
	push_u32(record, limit);
}

HANDLER(accept)
{
	VARIABLE(record, SOCKET_ACCEPT_5_X);
	push_s64(&record, call->result);
	push_accepted(&record, call);
	return send(&record);
}

HANDLER(accept4)
{
	VARIABLE(record, SOCKET_ACCEPT4_6_X);
	push_s64(&record, call->result);
	push_accepted(&record, call);
	push_u32(&record, descriptor_flags(arg(call, 3)));
	return send(&record);
}

HANDLER(shutdown)
{
	FIXED(record, SOCKET_SHUTDOWN_X, 17);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_u8(&record, arg(call, 1));
	return submit(&record);
}

/* getsockname and getpeername are recorded without parameters. */
HANDLER(getsockname)
{
	FIXED(record, SOCKET_GETSOCKNAME_X, 0);
	return submit(&record);
}

HANDLER(getpeername)
{
	FIXED(record, SOCKET_GETPEERNAME_X, 0);
	return submit(&record);
}

#define OPTION_BYTES_MAX 4096

/* Kinds of an option's value: the first byte of the parameter. */
enum { VALUE_BYTES, VALUE_ERROR, VALUE_U32, VALUE_U64, VALUE_TIME };

static __always_inline void push_option_value(struct record *record, __u8 option,
					      unsigned long from, __u32 bytes)
{
	__u32 start = record->at;
	__s64 words[2] = {};

	bpf_probe_read_user(words, sizeof(words), (void *)from);
	if (option == OPTION_ERROR) {
		put_u8(record, VALUE_ERROR);
		put_s64(record, -(__s64)(__s32)words[0]);
	} else if (option == OPTION_RCVTIMEO || option == OPTION_SNDTIMEO) {
		put_u8(record, VALUE_TIME);
		put_s64(record, words[0] * 1000000000 + words[1] * 1000);
	} else if (option == OPTION_COOKIE) {
		put_u8(record, VALUE_U64);
		put_s64(record, words[0]);
	} else if (option == OPTION_UNKNOWN || option == OPTION_LINGER || option == OPTION_PEERCRED ||
		   option == OPTION_ATTACH_FILTER || option == OPTION_PEERNAME ||
		   option >= OPTION_ATTACH_BPF) {
		put_u8(record, VALUE_BYTES);
		put_user_bytes(record, from, bytes, OPTION_BYTES_MAX);
	} else {
		put_u8(record, VALUE_U32);
		put_u32(record, words[0]);
	}
	push_length(record, record->at - start);
}

static __always_inline void push_option(struct record *record, const struct call *call, __u32 bytes)
{
	__u32 level = arg(call, 1);
	__u8 option = socket_option(level, arg(call, 2));

	push_s64(record, call->result);
	push_int(record, arg(call, 0));
	push_u8(record, option_level(level));
	push_u8(record, option);
	push_option_value(record, option, arg(call, 3), bytes);
	push_u32(record, bytes);
}

HANDLER(setsockopt)
{
	VARIABLE(record, SOCKET_SETSOCKOPT_X);
	push_option(&record, call, arg(call, 4));
	return send(&record);
}

HANDLER(getsockopt)
{
	__u32 bytes = 0;

	bpf_probe_read_user(&bytes, sizeof(bytes), (void *)arg(call, 4));
	VARIABLE(record, SOCKET_GETSOCKOPT_X);
	push_option(&record, call, bytes);
	return send(&record);
}

#endif
