/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Registers of the system call that is returning: its number and its arguments. */
#ifndef LANNER_KERNEL_REGS_H
#define LANNER_KERNEL_REGS_H

#include "read.h"

#if defined(__TARGET_ARCH_x86)

KERNEL_STRUCTS_BEGIN
struct pt_regs {
	unsigned long r10, r9, r8, dx, si, di, orig_ax;
};
KERNEL_STRUCTS_END

#define syscall_number(regs) ((__u32)(regs)->orig_ax)
#define syscall_arg0(regs) ((regs)->di)
#define syscall_arg1(regs) ((regs)->si)
#define syscall_arg2(regs) ((regs)->dx)
#define syscall_arg3(regs) ((regs)->r10)
#define syscall_arg4(regs) ((regs)->r8)
#define syscall_arg5(regs) ((regs)->r9)
/* x32 calls carry bit 30 in their number; -1 is what a return from a signal handler leaves. */
#define is_foreign_number(number) (((number) & 0xc0000000) == 0x40000000)

#elif defined(__TARGET_ARCH_arm64)

KERNEL_STRUCTS_BEGIN
struct pt_regs {
	__u64 regs[31];
	__u64 orig_x0;
	__s32 syscallno;
};
KERNEL_STRUCTS_END

#define syscall_number(regs) ((__u32)(regs)->syscallno)
#define syscall_arg0(regs) ((regs)->orig_x0)
#define syscall_arg1(regs) ((regs)->regs[1])
#define syscall_arg2(regs) ((regs)->regs[2])
#define syscall_arg3(regs) ((regs)->regs[3])
#define syscall_arg4(regs) ((regs)->regs[4])
#define syscall_arg5(regs) ((regs)->regs[5])
#define is_foreign_number(number) 0

#else
#error "no register layout for this architecture"
#endif

#endif
