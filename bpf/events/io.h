/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * read, write and their positioned and scattered forms. Data is what was moved, or what a failed
 * write was given, cut to control.snaplen.
 */
#ifndef LANNER_EVENTS_IO_H
#define LANNER_EVENTS_IO_H

#include "call.h"

#define DATA_BYTES_MAX 16384
#define VECTORS_MAX 16

/* `bytes` counts from the caller's buffer; negative means none. */
static __always_inline void push_data(struct record *record, unsigned long from, long bytes)
{
	__u32 kept = control.snaplen;

	if (bytes < 0)
		bytes = 0;
	if (bytes > kept)
		bytes = kept;
	push_user_bytes(record, from, bytes, DATA_BYTES_MAX);
}

static __always_inline long moved(const struct call *call, unsigned long asked)
{
	return call->result >= 0 ? call->result : (long)(__u32)asked;
}

struct vector {
	unsigned long base, bytes;
};

/* Joins the caller's vectors up to `bytes` and the snap length. */
static __always_inline void push_vectors(struct record *record, unsigned long array, __u64 count,
					 long bytes)
{
	__u32 from = record->at, left = control.snaplen;
	struct vector vector;

	if (bytes < 0)
		bytes = 0;
	if (bytes < left)
		left = bytes;
	for (__u32 i = 0; i < VECTORS_MAX && i < count && left; i++) {
		__u64 take;

		if (bpf_probe_read_user(&vector, sizeof(vector), (void *)(array + i * sizeof(vector))))
			break;
		take = vector.bytes < left ? vector.bytes : left;
		if (take && !put_user_bytes(record, vector.base, take, DATA_BYTES_MAX))
			break;
		left = forget(record, left - take);
	}
	push_length(record, record->at - from);
}

/* Bytes that the vectors hold in all. */
static __always_inline __u64 vector_bytes(unsigned long array, __u64 count)
{
	struct vector vector;
	__u64 bytes = 0;

	for (__u32 i = 0; i < VECTORS_MAX && i < count; i++) {
		if (bpf_probe_read_user(&vector, sizeof(vector), (void *)(array + i * sizeof(vector))))
			break;
		bytes += vector.bytes;
	}
	return bytes;
}

HANDLER(read)
{
	VARIABLE(record, SYSCALL_READ_X);
	push_s64(&record, call->result);
	push_data(&record, arg(call, 1), call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 2));
	return send(&record);
}

HANDLER(write)
{
	VARIABLE(record, SYSCALL_WRITE_X);
	push_s64(&record, call->result);
	push_data(&record, arg(call, 1), moved(call, arg(call, 2)));
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 2));
	return send(&record);
}

HANDLER(pread)
{
	VARIABLE(record, SYSCALL_PREAD_X);
	push_s64(&record, call->result);
	push_data(&record, arg(call, 1), call->result);
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 2));
	push_u64(&record, arg(call, 3));
	return send(&record);
}

HANDLER(pwrite)
{
	VARIABLE(record, SYSCALL_PWRITE_X);
	push_s64(&record, call->result);
	push_data(&record, arg(call, 1), moved(call, arg(call, 2)));
	push_int(&record, arg(call, 0));
	push_u32(&record, arg(call, 2));
	push_u64(&record, arg(call, 3));
	return send(&record);
}

HANDLER(readv)
{
	VARIABLE(record, SYSCALL_READV_X);
	push_s64(&record, call->result);
	push_u32(&record, call->result > 0 ? call->result : 0);
	push_vectors(&record, arg(call, 1), arg(call, 2), call->result);
	push_int(&record, arg(call, 0));
	return send(&record);
}

HANDLER(preadv)
{
	VARIABLE(record, SYSCALL_PREADV_X);
	push_s64(&record, call->result);
	push_u32(&record, call->result > 0 ? call->result : 0);
	push_vectors(&record, arg(call, 1), arg(call, 2), call->result);
	push_int(&record, arg(call, 0));
	push_u64(&record, arg(call, 3));
	return send(&record);
}

HANDLER(writev)
{
	__u64 bytes = vector_bytes(arg(call, 1), arg(call, 2));

	VARIABLE(record, SYSCALL_WRITEV_X);
	push_s64(&record, call->result);
	push_vectors(&record, arg(call, 1), arg(call, 2), bytes);
	push_int(&record, arg(call, 0));
	push_u32(&record, bytes);
	return send(&record);
}

HANDLER(pwritev)
{
	__u64 bytes = vector_bytes(arg(call, 1), arg(call, 2));

	VARIABLE(record, SYSCALL_PWRITEV_X);
	push_s64(&record, call->result);
	push_vectors(&record, arg(call, 1), arg(call, 2), bytes);
	push_int(&record, arg(call, 0));
	push_u32(&record, bytes);
	push_u64(&record, arg(call, 3));
	return send(&record);
}

#endif
