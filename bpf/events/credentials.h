/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Calls that change user and group ids, capabilities and limits. */
#ifndef LANNER_EVENTS_CREDENTIALS_H
#define LANNER_EVENTS_CREDENTIALS_H

#include "call.h"
#include "kernel/credentials.h"
#include "translate/numbers.h"

#define ID_HANDLER(name, event)                                                          \
	HANDLER(name)                                                                    \
	{                                                                                \
		FIXED(record, event, 12);                                                \
		push_s64(&record, call->result);                                         \
		push_u32(&record, arg(call, 0));                                         \
		return submit(&record);                                                  \
	}

#define TWO_IDS_HANDLER(name, event)                                                     \
	HANDLER(name)                                                                    \
	{                                                                                \
		FIXED(record, event, 16);                                                \
		push_s64(&record, call->result);                                         \
		push_u32(&record, arg(call, 0));                                         \
		push_u32(&record, arg(call, 1));                                         \
		return submit(&record);                                                  \
	}

#define THREE_IDS_HANDLER(name, event)                                                   \
	HANDLER(name)                                                                    \
	{                                                                                \
		FIXED(record, event, 20);                                                \
		push_s64(&record, call->result);                                         \
		push_u32(&record, arg(call, 0));                                         \
		push_u32(&record, arg(call, 1));                                         \
		push_u32(&record, arg(call, 2));                                         \
		return submit(&record);                                                  \
	}

ID_HANDLER(setuid, SYSCALL_SETUID_X)
ID_HANDLER(setgid, SYSCALL_SETGID_X)
TWO_IDS_HANDLER(setreuid, SYSCALL_SETREUID_X)
TWO_IDS_HANDLER(setregid, SYSCALL_SETREGID_X)
THREE_IDS_HANDLER(setresuid, SYSCALL_SETRESUID_X)
THREE_IDS_HANDLER(setresgid, SYSCALL_SETRESGID_X)

HANDLER(setsid)
{
	FIXED(record, SYSCALL_SETSID_X, 8);
	push_s64(&record, call->result);
	return submit(&record);
}

HANDLER(setpgid)
{
	FIXED(record, SYSCALL_SETPGID_X, 24);
	push_s64(&record, call->result);
	push_int(&record, arg(call, 0));
	push_int(&record, arg(call, 1));
	return submit(&record);
}

/* The sets in force after the call, not those that were asked for. */
HANDLER(capset)
{
	struct cred *cred = READ(current_task(), cred);

	FIXED(record, SYSCALL_CAPSET_X, 32);
	push_s64(&record, call->result);
	push_u64(&record, capabilities(cred, cap_inheritable));
	push_u64(&record, capabilities(cred, cap_permitted));
	push_u64(&record, capabilities(cred, cap_effective));
	return submit(&record);
}

#define OWN_ID_HANDLER(name, event)                                                      \
	HANDLER(name)                                                                    \
	{                                                                                \
		FIXED(record, event, 4);                                                 \
		push_u32(&record, call->result);                                         \
		return submit(&record);                                                  \
	}

OWN_ID_HANDLER(getuid, SYSCALL_GETUID_X)
OWN_ID_HANDLER(geteuid, SYSCALL_GETEUID_X)
OWN_ID_HANDLER(getgid, SYSCALL_GETGID_X)
OWN_ID_HANDLER(getegid, SYSCALL_GETEGID_X)

static __always_inline __u32 user_u32(unsigned long from)
{
	__u32 value = 0;

	bpf_probe_read_user(&value, sizeof(value), (void *)from);
	return value;
}

#define OWN_IDS_HANDLER(name, event)                                                     \
	HANDLER(name)                                                                    \
	{                                                                                \
		FIXED(record, event, 20);                                                \
		push_s64(&record, call->result);                                         \
		push_u32(&record, user_u32(arg(call, 0)));                               \
		push_u32(&record, user_u32(arg(call, 1)));                               \
		push_u32(&record, user_u32(arg(call, 2)));                               \
		return submit(&record);                                                  \
	}

OWN_IDS_HANDLER(getresuid, SYSCALL_GETRESUID_X)
OWN_IDS_HANDLER(getresgid, SYSCALL_GETRESGID_X)

struct limits {
	__s64 current, maximum;
};

HANDLER(setrlimit)
{
	struct limits limits = {};

	bpf_probe_read_user(&limits, sizeof(limits), (void *)arg(call, 1));
	FIXED(record, SYSCALL_SETRLIMIT_X, 25);
	push_s64(&record, call->result);
	push_s64(&record, limits.current);
	push_s64(&record, limits.maximum);
	push_u8(&record, resource(arg(call, 0)));
	return submit(&record);
}

HANDLER(getrlimit)
{
	struct limits limits = {-1, -1};

	if (call->result == 0)
		bpf_probe_read_user(&limits, sizeof(limits), (void *)arg(call, 1));
	FIXED(record, SYSCALL_GETRLIMIT_X, 25);
	push_s64(&record, call->result);
	push_s64(&record, limits.current);
	push_s64(&record, limits.maximum);
	push_u8(&record, resource(arg(call, 0)));
	return submit(&record);
}

HANDLER(prlimit64)
{
	struct limits new = {}, old = {-1, -1};

	bpf_probe_read_user(&new, sizeof(new), (void *)arg(call, 2));
	if (call->result == 0 && bpf_probe_read_user(&old, sizeof(old), (void *)arg(call, 3)))
		old.current = old.maximum = 0;
	FIXED(record, SYSCALL_PRLIMIT_X, 49);
	push_s64(&record, call->result);
	push_s64(&record, new.current);
	push_s64(&record, new.maximum);
	push_s64(&record, old.current);
	push_s64(&record, old.maximum);
	push_int(&record, arg(call, 0));
	push_u8(&record, resource(arg(call, 1)));
	return submit(&record);
}

#endif
