/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Sockets: addresses of both ends, listen queue, Unix paths. */
#ifndef LANNER_KERNEL_SOCKET_H
#define LANNER_KERNEL_SOCKET_H

#include "file.h"

#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define MODE_SOCKET 0140000
#define UNIX_PATH_BYTES 108

KERNEL_STRUCTS_BEGIN
struct in6_addr {
	__u8 in6_u[16];
};

struct sock_common {
	__u32 skc_daddr;
	__u32 skc_rcv_saddr;
	__u16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct sock {
	struct sock_common __sk_common;
	__u32 sk_ack_backlog;
	__u32 sk_max_ack_backlog;
};

struct ipv6_pinfo {
	struct in6_addr saddr;
};

struct inet_sock {
	struct ipv6_pinfo *pinet6;
	__u32 inet_saddr;
	__u16 inet_sport;
};

struct sockaddr_un {
	char sun_path[UNIX_PATH_BYTES];
};

struct unix_address {
	int len;
	struct sockaddr_un name[0];
};

struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};

struct socket {
	struct sock *sk;
};
KERNEL_STRUCTS_END

/* The socket behind a descriptor; null when the descriptor is none. */
static __always_inline struct sock *sock_of(struct task_struct *task, __s64 descriptor)
{
	struct file *file = file_of(task, descriptor);
	struct socket *socket;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & MODE_TYPE) != MODE_SOCKET)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, sk);
}

#endif
