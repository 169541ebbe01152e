/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The handlers, and the array through which on_syscall reaches them. */
#ifndef LANNER_DISPATCH_H
#define LANNER_DISPATCH_H

#include <asm/unistd.h>
#include "events/open.h"
#include "events/paths.h"
#include "events/descriptors.h"
#include "events/io.h"
#include "events/sockets.h"
#include "events/messages.h"
#include "events/credentials.h"
#include "events/process.h"
#include "events/clone.h"
#include "events/execve.h"
#include "events/memory.h"
#include "events/inodes.h"
#include "events/waiting.h"
#include "events/ipc.h"
#include "events/generic.h"

/*
 * By native number; user space puts the program `sys_NAME` of each system call in that it wants
 * (README.md, "Contract with user space"). What is not there arrives as a generic event.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, LANNER_SYSCALLS_MAX);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} handlers SEC(".maps");

#endif
