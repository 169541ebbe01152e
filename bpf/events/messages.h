/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Data through sockets: sendto, recvfrom, sendmsg, recvmsg, and the last two's forms for many. */
#ifndef LANNER_EVENTS_MESSAGES_H
#define LANNER_EVENTS_MESSAGES_H

#include "events/io.h"
#include "values/socket.h"

struct message {
	unsigned long name;
	__u32 name_bytes, padding;
	unsigned long vectors, count, control, control_bytes;
};

#define CONTROL_BYTES_MAX 4096

HANDLER(sendto)
{
	struct sock *sk = call->result >= 0 ? sock_of(current_task(), (__s32)arg(call, 0)) : NULL;
	union user_address to;

	read_address(&to, arg(call, 4), arg(call, 5));
	VARIABLE(record, SOCKET_SENDTO_X);
	push_s64(&record, call->result);
	push_data(&record, arg(call, 1), moved(call, arg(call, 2)));
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 2));
	push_tuple(&record, sk, &to, OUTBOUND);
	return send(&record);
}

HANDLER(recvfrom)
{
	struct sock *sk = call->result >= 0 ? sock_of(current_task(), (__s32)arg(call, 0)) : NULL;
	union user_address from;
	__u32 bytes = 0;

	if (arg(call, 5))
		bpf_probe_read_user(&bytes, sizeof(bytes), (void *)arg(call, 5));
	read_address(&from, arg(call, 4), bytes);
	VARIABLE(record, SOCKET_RECVFROM_X);
	push_s64(&record, call->result);
	push_data(&record, arg(call, 1), call->result);
	push_tuple(&record, sk, &from, INBOUND);
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 2));
	return send(&record);
}

HANDLER(sendmsg)
{
	struct sock *sk = call->result >= 0 ? sock_of(current_task(), (__s32)arg(call, 0)) : NULL;
	struct message message = {};
	union user_address to;
	__u64 bytes;

	bpf_probe_read_user(&message, sizeof(message), (void *)arg(call, 1));
	read_address(&to, message.name, message.name_bytes);
	bytes = vector_bytes(message.vectors, message.count);
	VARIABLE(record, SOCKET_SENDMSG_X);
	push_s64(&record, call->result);
	push_vectors(&record, message.vectors, message.count, bytes);
	push_int(&record, arg(call, 0));
	push_u32(&record, bytes);
	push_tuple(&record, sk, &to, OUTBOUND);
	return send(&record);
}

HANDLER(recvmsg)
{
	struct sock *sk = call->result >= 0 ? sock_of(current_task(), (__s32)arg(call, 0)) : NULL;
	struct message message = {};
	union user_address from;

	bpf_probe_read_user(&message, sizeof(message), (void *)arg(call, 1));
	read_address(&from, message.name, message.name_bytes);
	VARIABLE(record, SOCKET_RECVMSG_X);
	push_s64(&record, call->result);
	push_u32(&record, call->result > 0 ? call->result : 0);
	push_vectors(&record, message.vectors, message.count, call->result);
	push_tuple(&record, sk, &from, INBOUND);
	if (call->result >= 0)
		push_user_bytes(&record, message.control, message.control_bytes, CONTROL_BYTES_MAX);
	else
		push_empty(&record);
	push_int(&record, arg(call, 0));
	return send(&record);
}

/* One record for each message of sendmmsg and recvmmsg; their result is the message's length. */
#define MESSAGES_MAX 16

struct counted_message {
	struct message message;
	unsigned long flags;
	__u32 bytes, padding;
};

static __always_inline int sent_message(const struct call *call, struct sock *sk,
					const struct counted_message *one, long result)
{
	union user_address to;

	read_address(&to, one->message.name, one->message.name_bytes);
	VARIABLE(record, SOCKET_SENDMMSG_X);
	push_s64(&record, result);
	push_int(&record, arg(call, 0));
	push_u32(&record, one->bytes);
	push_vectors(&record, one->message.vectors, one->message.count, one->bytes);
	push_tuple(&record, sk, &to, OUTBOUND);
	return send(&record);
}

static __always_inline int received_message(const struct call *call, struct sock *sk,
					    const struct counted_message *one, long result)
{
	union user_address from;

	read_address(&from, one->message.name, one->message.name_bytes);
	VARIABLE(record, SOCKET_RECVMMSG_X);
	push_s64(&record, result);
	push_int(&record, arg(call, 0));
	push_u32(&record, one->bytes);
	push_vectors(&record, one->message.vectors, one->message.count, one->bytes);
	push_tuple(&record, sk, &from, INBOUND);
	push_user_bytes(&record, one->message.control, one->message.control_bytes, CONTROL_BYTES_MAX);
	return send(&record);
}

#define MESSAGES_HANDLER(name, one_message)                                              \
	HANDLER(name)                                                                    \
	{                                                                                \
		struct sock *sk = sock_of(current_task(), (__s32)arg(call, 0));          \
		struct counted_message one = {};                                         \
                                                                                         \
		if (call->result < 0)                                                    \
			return one_message(call, NULL, &one, call->result);              \
		for (long i = 0; i < MESSAGES_MAX && i < call->result; i++) {            \
			if (bpf_probe_read_user(&one, sizeof(one),                       \
						(void *)(arg(call, 1) + i * sizeof(one)))) \
				return lose(CLASS_OTHER, LOSS_UNREADABLE);               \
			one_message(call, sk, &one, one.bytes);                          \
		}                                                                        \
		return call->result > MESSAGES_MAX ? lose(CLASS_OTHER, LOSS_TOO_LARGE) : 0; \
	}

MESSAGES_HANDLER(sendmmsg, sent_message)
MESSAGES_HANDLER(recvmmsg, received_message)

#endif
