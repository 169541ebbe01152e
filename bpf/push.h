/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * push_*: one whole parameter. put_*: part of one, to be closed with push_length. A value that
 * cannot be read is an empty parameter, length 0, which means unknown.
 */
#ifndef LANNER_PUSH_H
#define LANNER_PUSH_H

#include "record.h"

static __always_inline __u8 *here(struct record *record)
{
	return &record->base[record->at & OFFSET_MASK];
}

static __always_inline void push_length(struct record *record, __u32 bytes)
{
	*(__u16 *)&record->base[LENGTHS_AT + 2 * record->param] = bytes;
	record->param++;
}

static __always_inline void push_empty(struct record *record)
{
	push_length(record, 0);
}

#define DEFINE_PUT(name, type)                                                           \
	static __always_inline void put_##name(struct record *record, type value)        \
	{                                                                                \
		*(type *)here(record) = value;                                           \
		record->at += sizeof(value);                                             \
	}                                                                                \
	static __always_inline void push_##name(struct record *record, type value)       \
	{                                                                                \
		put_##name(record, value);                                               \
		push_length(record, sizeof(value));                                      \
	}

DEFINE_PUT(u8, __u8)
DEFINE_PUT(u16, __u16)
DEFINE_PUT(u32, __u32)
DEFINE_PUT(s32, __s32)
DEFINE_PUT(u64, __u64)
DEFINE_PUT(s64, __s64)

/* Descriptors and ids are int in the system call and 64 bits wide in the record. */
static __always_inline void push_int(struct record *record, unsigned long value)
{
	push_s64(record, (__s32)value);
}

/*
 * The same number, of which the verifier knows nothing: it came back from map memory. Without this
 * every way through a loop would be a state of its own, and their number the product of all. Only
 * for records in the scratch buffer.
 */
static __always_inline __u32 forget(struct record *record, __u32 number)
{
	volatile __u32 *slot = (volatile __u32 *)&record->base[LANNER_SCRATCH_BYTES - 8];

	*slot = number;
	return *slot;
}

static __always_inline __u32 put_bytes(struct record *record, long bytes)
{
	if (bytes <= 0)
		return 0;
	record->at = forget(record, record->at + bytes);
	return bytes;
}

/* Copies a string with its final NUL, cut to `max` bytes; returns what it took, 0 if unreadable. */
static __always_inline __u32 put_user_text(struct record *record, unsigned long from,
					   const __u32 max)
{
	return put_bytes(record, bpf_probe_read_user_str(here(record), max, (void *)from));
}

static __always_inline __u32 put_kernel_text(struct record *record, const void *from,
					     const __u32 max)
{
	return put_bytes(record, bpf_probe_read_kernel_str(here(record), max, from));
}

static __always_inline void push_user_text(struct record *record, unsigned long from)
{
	push_length(record, put_user_text(record, from, TEXT_BYTES_MAX));
}

static __always_inline void push_kernel_text(struct record *record, const void *from,
					     const __u32 max)
{
	push_length(record, put_kernel_text(record, from, max));
}

/* `bytes`, at most `max` of them; nothing when a page of them is not there. */
static __always_inline __u32 put_user_bytes(struct record *record, unsigned long from, __u64 bytes,
					    const __u32 max)
{
	if (bytes == 0)
		return 0;
	if (bytes > max)
		bytes = max;
	/* keeps the bound a comparison of its own, on the register that is handed on */
	asm volatile("" : "+r"(bytes));
	if (bytes > max)
		return 0;
	if (bpf_probe_read_user(here(record), bytes, (void *)from))
		return 0;
	return put_bytes(record, bytes);
}

static __always_inline void push_user_bytes(struct record *record, unsigned long from, __u64 bytes,
					    const __u32 max)
{
	push_length(record, put_user_bytes(record, from, bytes, max));
}

static __always_inline void push_zero_text(struct record *record)
{
	push_u8(record, 0);
}

#endif
