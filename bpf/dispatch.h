/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Which handler takes which system call. Calls that an architecture lacks have no number there. */
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

#define ENTRY_BY(name, handler) [__NR_##name] = (void *)&sys_##handler
#define ENTRY(name) ENTRY_BY(name, name)

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, LANNER_SYSCALLS_MAX);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} handlers SEC(".maps") = {
	.values = {
		ENTRY(openat),
		ENTRY(openat2),
		ENTRY(open_by_handle_at),
		ENTRY(chdir),
		ENTRY(chroot),
		ENTRY(mkdirat),
		ENTRY(unlinkat),
		ENTRY(renameat),
		ENTRY(renameat2),
		ENTRY(linkat),
		ENTRY(symlinkat),
		ENTRY(fchmod),
		ENTRY(fchmodat),
		ENTRY(fchown),
		ENTRY(fchownat),
		ENTRY(mknodat),
		ENTRY(getcwd),
		ENTRY(fchdir),
		ENTRY(mount),
		ENTRY(umount2),
		ENTRY(close),
		ENTRY(close_range),
		ENTRY(dup),
		ENTRY(dup3),
		ENTRY(fcntl),
		ENTRY(pipe2),
		ENTRY(eventfd2),
		ENTRY(signalfd4),
		ENTRY(timerfd_create),
		ENTRY(inotify_init1),
		ENTRY(epoll_create1),
		ENTRY(memfd_create),
		ENTRY(userfaultfd),
		ENTRY(pidfd_open),
		ENTRY(pidfd_getfd),
		ENTRY(io_uring_setup),
		ENTRY(read),
		ENTRY(write),
		[__NR_pread64] = (void *)&sys_pread,
		[__NR_pwrite64] = (void *)&sys_pwrite,
		ENTRY(readv),
		ENTRY(preadv),
		ENTRY(writev),
		ENTRY(pwritev),
		ENTRY(socket),
		ENTRY(socketpair),
		ENTRY(bind),
		ENTRY(connect),
		ENTRY(listen),
		ENTRY(accept),
		ENTRY(accept4),
		ENTRY(shutdown),
		ENTRY(getsockname),
		ENTRY(getpeername),
		ENTRY(setsockopt),
		ENTRY(getsockopt),
		ENTRY(sendto),
		ENTRY(recvfrom),
		ENTRY(sendmsg),
		ENTRY(recvmsg),
		ENTRY(setuid),
		ENTRY(setgid),
		ENTRY(setreuid),
		ENTRY(setregid),
		ENTRY(setresuid),
		ENTRY(setresgid),
		ENTRY(setsid),
		ENTRY(setpgid),
		ENTRY(capset),
		ENTRY(prlimit64),
		ENTRY(setns),
		ENTRY(unshare),
		ENTRY(ptrace),
		ENTRY(prctl),
		ENTRY(kill),
		ENTRY(tkill),
		ENTRY(tgkill),
		ENTRY(bpf),
		ENTRY(init_module),
		ENTRY(finit_module),
		ENTRY(clone),
		ENTRY_BY(clone3, clone),
		ENTRY(execve),
		ENTRY(execveat),
		ENTRY(brk),
		ENTRY(mmap),
		ENTRY(munmap),
		ENTRY(mprotect),
		ENTRY(mlock),
		ENTRY(munlock),
		ENTRY(mlock2),
		ENTRY(mlockall),
		ENTRY(munlockall),
		ENTRY(fstat),
		ENTRY(getdents64),
		ENTRY(newfstatat),
		ENTRY(lseek),
		ENTRY(flock),
		ENTRY(ioctl),
		ENTRY(sendfile),
		ENTRY(splice),
		ENTRY(copy_file_range),
		ENTRY(ppoll),
		ENTRY(futex),
		ENTRY(nanosleep),
		ENTRY(semop),
		ENTRY(semget),
		ENTRY(semctl),
		ENTRY(io_uring_enter),
		ENTRY(io_uring_register),
		ENTRY(process_vm_readv),
		ENTRY(process_vm_writev),
		ENTRY(seccomp),
		ENTRY(keyctl),
		ENTRY(fsconfig),
		ENTRY(delete_module),
		ENTRY(getuid),
		ENTRY(geteuid),
		ENTRY(getgid),
		ENTRY(getegid),
		ENTRY(getresuid),
		ENTRY(getresgid),
		ENTRY(sendmmsg),
		ENTRY(recvmmsg),
#ifdef __NR_open /* absent where a call with a directory descriptor came first */
		ENTRY(open),
		ENTRY(creat),
		ENTRY(rmdir),
		ENTRY(unlink),
		ENTRY(rename),
		ENTRY(link),
		ENTRY(symlink),
		ENTRY(mkdir),
		ENTRY(chmod),
		ENTRY(chown),
		ENTRY(lchown),
		ENTRY(mknod),
		ENTRY(dup2),
		ENTRY(pipe),
		ENTRY(eventfd),
		ENTRY(signalfd),
		ENTRY(inotify_init),
		ENTRY(epoll_create),
		ENTRY_BY(fork, clone),
		ENTRY_BY(vfork, clone),
		ENTRY(stat),
		ENTRY(lstat),
		ENTRY(access),
		ENTRY(getdents),
		ENTRY(poll),
		ENTRY(select),
		ENTRY(epoll_wait),
#endif
#ifdef __NR_setrlimit
		ENTRY(setrlimit),
		ENTRY(getrlimit),
#endif
	},
};

#endif
