/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Socket addresses and tuples.
 *
 *   tuple:   family u8 │ IPv4: address 4, port 2, address 4, port 2 │ IPv6: 16, 2, 16, 2
 *                      │ Unix: sock u64, sock u64, path
 *   address: family u8 │ 4, 2 │ 16, 2 │ path
 *
 * Addresses in network order, ports in host order, the initiating end first. Tuples come from the
 * kernel's socket; only the address that a datagram names in its call is the caller's word.
 */
#ifndef LANNER_VALUES_SOCKET_H
#define LANNER_VALUES_SOCKET_H

#include "push.h"
#include "kernel/socket.h"
#include <bpf/bpf_endian.h>

#define ADDRESS_BYTES_MAX 128

enum direction { OUTBOUND, INBOUND };

/* Both ends of an inet socket; IPv4 uses the first four bytes of each address. */
struct ends {
	__u8 local[16], remote[16];
	__u16 local_port, remote_port; /* host order */
};

/* A caller's sockaddr, read whole; zeros beyond its end. */
union user_address {
	__u16 family;
	struct {
		__u16 family, port;
		__u8 address[4];
	} inet;
	struct {
		__u16 family, port;
		__u32 flow;
		__u8 address[16];
	} inet6;
	__u64 words[4];
};

static __always_inline bool read_address(union user_address *to, unsigned long from, __u32 bytes)
{
	__builtin_memset(to, 0, sizeof(*to));
	if (!from || bytes < 2)
		return false;
	if (bytes > sizeof(*to))
		bytes = sizeof(*to);
	/* keeps the bound a comparison of its own, on the register that is handed on */
	asm volatile("" : "+r"(bytes));
	if (bytes > sizeof(*to))
		return false;
	return bpf_probe_read_user(to, bytes, (void *)from) == 0;
}

static __always_inline void put_block(struct record *record, const __u8 *from, const __u32 bytes)
{
	__builtin_memcpy(here(record), from, bytes);
	record->at += bytes;
}

/* A Unix path; an abstract name goes without its leading NUL. */
static __always_inline void put_unix_path(struct record *record, unsigned long from, __u32 bytes)
{
	char first = 0;

	bpf_probe_read_user(&first, 1, (void *)from);
	if (bytes == 0 || (bytes == 1 && !first)) {
		put_u8(record, 0);
		return;
	}
	put_user_text(record, first ? from : from + 1, UNIX_PATH_BYTES + 1);
}

/* The address that a system call was given; empty for other families and unreadable memory. */
static __always_inline void push_address(struct record *record, unsigned long from, __u32 bytes)
{
	union user_address address;
	__u32 start = record->at;

	if (read_address(&address, from, bytes)) {
		if (address.family == AF_INET && bytes >= 8) {
			put_u8(record, AF_INET);
			put_block(record, address.inet.address, 4);
			put_u16(record, bpf_ntohs(address.inet.port));
		} else if (address.family == AF_INET6 && bytes >= 24) {
			put_u8(record, AF_INET6);
			put_block(record, address.inet6.address, 16);
			put_u16(record, bpf_ntohs(address.inet6.port));
		} else if (address.family == AF_UNIX) {
			put_u8(record, AF_UNIX);
			put_unix_path(record, from + 2, bytes - 2);
		}
	}
	push_length(record, record->at - start);
}

static __always_inline void put_ends(struct record *record, const struct ends *ends,
				     const __u32 bytes, const enum direction direction)
{
	const __u8 *first = direction == OUTBOUND ? ends->local : ends->remote;
	const __u8 *second = direction == OUTBOUND ? ends->remote : ends->local;

	put_block(record, first, bytes);
	put_u16(record, direction == OUTBOUND ? ends->local_port : ends->remote_port);
	put_block(record, second, bytes);
	put_u16(record, direction == OUTBOUND ? ends->remote_port : ends->local_port);
}

static __always_inline void put_unix_tuple(struct record *record, struct sock *sk,
					   const enum direction direction)
{
	struct sock *peer = BPF_CORE_READ((struct unix_sock *)sk, peer);
	struct sock *named = direction == OUTBOUND ? peer : sk;
	struct unix_address *address = BPF_CORE_READ((struct unix_sock *)named, addr);
	const char *path = (const char *)address + bpf_core_field_offset(struct unix_address, name) + 2;
	char first = 0;

	put_u64(record, (__u64)named);
	put_u64(record, (__u64)(direction == OUTBOUND ? sk : peer));
	if (!address || bpf_probe_read_kernel(&first, 1, path)) {
		put_u8(record, 0);
		return;
	}
	put_kernel_text(record, first ? path : path + 1, UNIX_PATH_BYTES + 1);
}

static __always_inline void put_inet_tuple(struct record *record, struct sock *sk,
					   const union user_address *named, const enum direction direction)
{
	struct inet_sock *inet = (struct inet_sock *)sk;
	struct ends ends = {
		.local_port = bpf_ntohs(BPF_CORE_READ(inet, inet_sport)),
		.remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)),
	};

	bpf_core_read(ends.local, 4, &inet->inet_saddr);
	bpf_core_read(ends.remote, 4, &sk->__sk_common.skc_daddr);
	if (!ends.remote_port && named && named->family == AF_INET) {
		__builtin_memcpy(ends.remote, named->inet.address, 4);
		ends.remote_port = bpf_ntohs(named->inet.port);
	}
	put_ends(record, &ends, 4, direction);
}

static __always_inline void put_inet6_tuple(struct record *record, struct sock *sk,
					    const union user_address *named, const enum direction direction)
{
	struct inet_sock *inet = (struct inet_sock *)sk;
	struct ipv6_pinfo *info = BPF_CORE_READ(inet, pinet6);
	struct ends ends = {
		.local_port = bpf_ntohs(BPF_CORE_READ(inet, inet_sport)),
		.remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)),
	};

	bpf_core_read(ends.local, 16, &info->saddr);
	bpf_core_read(ends.remote, 16, &sk->__sk_common.skc_v6_daddr);
	if (!ends.remote_port && named && named->family == AF_INET6) {
		__builtin_memcpy(ends.remote, named->inet6.address, 16);
		ends.remote_port = bpf_ntohs(named->inet6.port);
	}
	put_ends(record, &ends, 16, direction);
}

/* `named` is the address of the call, or null; it counts where the socket has no remote end. */
static __always_inline void push_tuple(struct record *record, struct sock *sk,
				       const union user_address *named, const enum direction direction)
{
	__u16 family = sk ? BPF_CORE_READ(sk, __sk_common.skc_family) : 0;
	__u32 start = record->at;

	if (family == AF_INET) {
		put_u8(record, AF_INET);
		put_inet_tuple(record, sk, named, direction);
	} else if (family == AF_INET6) {
		put_u8(record, AF_INET6);
		put_inet6_tuple(record, sk, named, direction);
	} else if (family == AF_UNIX) {
		put_u8(record, AF_UNIX);
		put_unix_tuple(record, sk, direction);
	}
	push_length(record, record->at - start);
}

#endif
