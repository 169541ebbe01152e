/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Kernel constants that recordings number differently. Switches stay sparse: no jump tables. */
#ifndef LANNER_TRANSLATE_NUMBERS_H
#define LANNER_TRANSLATE_NUMBERS_H

#include <linux/types.h>

static __always_inline __u8 fcntl_command(__u32 command)
{
	if (command <= 5) /* DUPFD, GETFD, SETFD, GETFL, SETFL, GETLK */
		return command + 1;
	switch (command) {
	case 6: return 8;      /* SETLK */
	case 7: return 9;      /* SETLKW */
	case 8: return 10;     /* SETOWN */
	case 9: return 12;     /* GETOWN */
	case 10: return 13;    /* SETSIG */
	case 11: return 15;    /* GETSIG */
	case 15: return 21;    /* SETOWN_EX */
	case 16: return 22;    /* GETOWN_EX */
	case 36: return 30;    /* OFD_GETLK */
	case 37: return 31;    /* OFD_SETLK */
	case 38: return 32;    /* OFD_SETLKW */
	case 1024: return 23;  /* SETLEASE */
	case 1025: return 24;  /* GETLEASE */
	case 1026: return 27;  /* NOTIFY */
	case 1029: return 25;  /* CANCELLK */
	case 1030: return 26;  /* DUPFD_CLOEXEC */
	case 1031: return 28;  /* SETPIPE_SZ */
	case 1032: return 29;  /* GETPIPE_SZ */
	default: return 0;
	}
}

enum {
	PTRACE_UNKNOWN = 0,
	PTRACE_PEEKTEXT = 2,
	PTRACE_PEEKUSR = 4,
	PTRACE_CONT = 8,
	PTRACE_SINGLESTEP = 10,
	PTRACE_DETACH = 12,
	PTRACE_SYSCALL = 13,
};

static __always_inline __u16 ptrace_request(__u64 request)
{
	if (request <= 9) /* TRACEME … SINGLESTEP keep their order */
		return request + 1;
	switch (request) {
	case 12: return 26;     /* GETREGS */
	case 13: return 27;     /* SETREGS */
	case 14: return 28;     /* GETFPREGS */
	case 15: return 29;     /* SETFPREGS */
	case 16: return 11;     /* ATTACH */
	case 17: return 12;     /* DETACH */
	case 18: return 30;     /* GETFPXREGS */
	case 19: return 31;     /* SETFPXREGS */
	case 21: return 32;     /* OLDSETOPTIONS */
	case 24: return 13;     /* SYSCALL */
	case 25: return 33;     /* GET_THREAD_AREA */
	case 26: return 34;     /* SET_THREAD_AREA */
	case 30: return 35;     /* ARCH_PRCTL */
	case 31: return 36;     /* SYSEMU */
	case 32: return 37;     /* SYSEMU_SINGLESTEP */
	case 33: return 38;     /* SINGLEBLOCK */
	case 0x4200: return 14; /* SETOPTIONS */
	case 0x4201: return 15; /* GETEVENTMSG */
	case 0x4202: return 16; /* GETSIGINFO */
	case 0x4203: return 17; /* SETSIGINFO */
	case 0x4204: return 18; /* GETREGSET */
	case 0x4205: return 19; /* SETREGSET */
	case 0x4206: return 20; /* SEIZE */
	case 0x4207: return 21; /* INTERRUPT */
	case 0x4208: return 22; /* LISTEN */
	case 0x4209: return 23; /* PEEKSIGINFO */
	case 0x420a: return 24; /* GETSIGMASK */
	case 0x420b: return 25; /* SETSIGMASK */
	default: return PTRACE_UNKNOWN;
	}
}

/* Limits 0 to 15 keep their numbers. */
static __always_inline __u8 resource(__u32 number)
{
	return number <= 15 ? number : 255;
}

/* Levels: 1 SOL_SOCKET, 2 TCP, 0 any other. */
static __always_inline __u8 option_level(__u32 level)
{
	return level == 1 ? 1 : level == 6 ? 2 : 0;
}

/* Options of SOL_SOCKET keep their numbers up to 50. */
#define OPTION_ERROR 4
#define OPTION_LINGER 13
#define OPTION_PEERCRED 17
#define OPTION_RCVTIMEO 20
#define OPTION_SNDTIMEO 21
#define OPTION_ATTACH_FILTER 26
#define OPTION_PEERNAME 28
#define OPTION_ATTACH_BPF 50
#define OPTION_COOKIE 53
#define OPTION_UNKNOWN 0

static __always_inline __u8 socket_option(__u32 level, __u32 option)
{
	if (level != 1)
		return OPTION_UNKNOWN;
	switch (option) {
	case 57: return OPTION_COOKIE;
	case 55: return 52; /* MEMINFO */
	case 59: return 51; /* PEERGROUPS */
	case 66: return OPTION_RCVTIMEO; /* the 64-bit time forms */
	case 67: return OPTION_SNDTIMEO;
	case 63: return 29; /* TIMESTAMP, 64-bit form */
	case 64: return 35; /* TIMESTAMPNS */
	case 65: return 37; /* TIMESTAMPING */
	default: return option <= 50 ? option : OPTION_UNKNOWN;
	}
}

#endif
