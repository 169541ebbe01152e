/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* open, creat, openat, openat2, open_by_handle_at. */
#ifndef LANNER_EVENTS_OPEN_H
#define LANNER_EVENTS_OPEN_H

#include "call.h"
#include "values/path.h"
#include "translate/open_flags.h"

/* What the kernel says of a file just opened; zeros after a failed open. */
struct opened {
	__u32 device;
	__u64 inode;
	__u32 flags; /* FILE_CREATED, FILE_UPPER_LAYER, FILE_LOWER_LAYER */
};

static __always_inline struct opened opened_file(long descriptor)
{
	struct file *file = file_of(current_task(), descriptor);
	struct opened opened = {};
	struct super_block *system;
	struct inode *inode;
	enum overlay_layer layer;

	if (!file)
		return opened;
	inode = BPF_CORE_READ(file, f_inode);
	system = BPF_CORE_READ(inode, i_sb);
	layer = overlay_layer(inode, system);
	opened.device = encode_device(BPF_CORE_READ(system, s_dev));
	opened.inode = BPF_CORE_READ(inode, i_ino);
	opened.flags = MOVE(BPF_CORE_READ(file, f_mode), FMODE_CREATED, FILE_CREATED);
	if (layer != LAYER_NONE)
		opened.flags |= layer == LAYER_UPPER ? FILE_UPPER_LAYER : FILE_LOWER_LAYER;
	return opened;
}

/* AT_FDCWD and descriptors alike are ints that were passed in a wider register. */
#define push_directory push_int

HANDLER(open)
{
	struct opened opened = opened_file(call->result);
	__u32 flags = arg(call, 1);

	VARIABLE(record, SYSCALL_OPEN_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_u32(&record, open_flags(flags) | opened.flags);
	push_u32(&record, open_mode(flags, arg(call, 2)));
	push_u32(&record, opened.device);
	push_u64(&record, opened.inode);
	return send(&record);
}

HANDLER(openat)
{
	struct opened opened = opened_file(call->result);
	__u32 flags = arg(call, 2);

	VARIABLE(record, SYSCALL_OPENAT_2_X);
	push_s64(&record, call->result);
	push_directory(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_u32(&record, open_flags(flags) | opened.flags);
	push_u32(&record, open_mode(flags, arg(call, 3)));
	push_u32(&record, opened.device);
	push_u64(&record, opened.inode);
	return send(&record);
}

HANDLER(openat2)
{
	struct opened opened = opened_file(call->result);
	struct {
		__u64 flags, mode, resolve;
	} how = {};

	bpf_probe_read_user(&how, sizeof(how), (void *)arg(call, 2));
	VARIABLE(record, SYSCALL_OPENAT2_X);
	push_s64(&record, call->result);
	push_directory(&record, arg(call, 0));
	push_user_text(&record, arg(call, 1));
	push_u32(&record, open_flags(how.flags) | opened.flags);
	push_u32(&record, open_mode(how.flags, how.mode));
	push_u32(&record, resolve_flags(how.resolve));
	push_u32(&record, opened.device);
	push_u64(&record, opened.inode);
	return send(&record);
}

#define CREAT_UPPER_LAYER 1
#define CREAT_LOWER_LAYER 2

HANDLER(creat)
{
	struct opened opened = opened_file(call->result);

	VARIABLE(record, SYSCALL_CREAT_X);
	push_s64(&record, call->result);
	push_user_text(&record, arg(call, 0));
	push_u32(&record, arg(call, 1) & 07777);
	push_u32(&record, opened.device);
	push_u64(&record, opened.inode);
	push_u16(&record, MOVE(opened.flags, FILE_UPPER_LAYER, CREAT_UPPER_LAYER) |
				  MOVE(opened.flags, FILE_LOWER_LAYER, CREAT_LOWER_LAYER));
	return send(&record);
}

HANDLER(open_by_handle_at)
{
	struct opened opened = opened_file(call->result);
	struct file *file = file_of(current_task(), call->result);

	VARIABLE(record, SYSCALL_OPEN_BY_HANDLE_AT_X);
	push_s64(&record, call->result);
	push_directory(&record, arg(call, 0));
	push_u32(&record, open_flags(arg(call, 2)) | opened.flags);
	if (file)
		push_file_path(&record, file);
	else
		push_empty(&record);
	push_u32(&record, opened.device);
	push_u64(&record, opened.inode);
	return send(&record);
}

#endif
