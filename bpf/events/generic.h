/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Every wanted system call without a handler: its portable code and its number here. */
#ifndef LANNER_EVENTS_GENERIC_H
#define LANNER_EVENTS_GENERIC_H

#include "call.h"

static __always_inline int generic(__u32 number)
{
	__u16 *code = bpf_map_lookup_elem(&syscall_codes, &number);

	FIXED(record, GENERIC_X, 4);
	push_u16(&record, code ? *code : 0);
	push_u16(&record, number);
	return submit(&record);
}

#endif
