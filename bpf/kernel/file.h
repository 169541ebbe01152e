/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Open files, inodes, directory entries and mounts. */
#ifndef LANNER_KERNEL_FILE_H
#define LANNER_KERNEL_FILE_H

#include "task.h"

#define FMODE_CREATED 0x100000
#define OVERLAYFS_MAGIC 0x794c7630
#define SUPERBLOCK_READ_ONLY 1
#define INODE_IMMUTABLE 8
#define MODE_TYPE 0170000
#define MODE_REGULAR 0100000
/* v6.13 keeps a mark in the top bit of a change time's nanoseconds. */
#define TIME_QUERIED (1u << 31)

KERNEL_STRUCTS_BEGIN
struct super_block {
	__u32 s_dev;
	unsigned long s_flags;
	unsigned long s_magic;
};

struct timespec64 {
	__s64 tv_sec;
	long tv_nsec;
};

struct inode {
	__u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	unsigned int i_flags;
	struct super_block *i_sb;
	unsigned long i_ino;
	__s64 i_mtime_sec, i_ctime_sec;
	__u32 i_mtime_nsec, i_ctime_nsec;
};

/* v6.11 split the times into seconds and nanoseconds. */
struct inode___pre611 {
	struct timespec64 __i_mtime, __i_ctime;
};

/* v6.7 renamed i_mtime, v6.6 i_ctime. */
struct inode___pre67 {
	struct timespec64 i_mtime;
};

struct inode___pre66 {
	struct timespec64 i_ctime;
};

struct qstr {
	__u32 len;
	const unsigned char *name;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
	unsigned int f_mode;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};
KERNEL_STRUCTS_END

/* The open file behind a descriptor of the current task; null when there is none. */
static __always_inline struct file *file_of(struct task_struct *task, __s64 descriptor)
{
	struct files_struct *files = READ(task, files);
	struct fdtable *table;
	struct file *file = NULL;

	if (!files || descriptor < 0)
		return NULL;
	table = READ(files, fdt);
	if (descriptor >= READ(table, max_fds))
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), READ(table, fd) + descriptor);
	return file;
}

static __always_inline __u64 nanoseconds(__s64 seconds, __u32 rest)
{
	return seconds < 0 ? 0 : seconds * 1000000000ULL + (rest & ~TIME_QUERIED);
}

static __always_inline __u64 change_time(struct inode *inode)
{
	struct inode___pre611 *whole = (void *)inode;
	struct inode___pre66 *old = (void *)inode;

	if (bpf_core_field_exists(inode->i_ctime_sec))
		return nanoseconds(BPF_CORE_READ(inode, i_ctime_sec), BPF_CORE_READ(inode, i_ctime_nsec));
	if (bpf_core_field_exists(whole->__i_ctime))
		return nanoseconds(BPF_CORE_READ(whole, __i_ctime.tv_sec),
				   BPF_CORE_READ(whole, __i_ctime.tv_nsec));
	return nanoseconds(BPF_CORE_READ(old, i_ctime.tv_sec), BPF_CORE_READ(old, i_ctime.tv_nsec));
}

static __always_inline __u64 modification_time(struct inode *inode)
{
	struct inode___pre611 *whole = (void *)inode;
	struct inode___pre67 *old = (void *)inode;

	if (bpf_core_field_exists(inode->i_mtime_sec))
		return nanoseconds(BPF_CORE_READ(inode, i_mtime_sec), BPF_CORE_READ(inode, i_mtime_nsec));
	if (bpf_core_field_exists(whole->__i_mtime))
		return nanoseconds(BPF_CORE_READ(whole, __i_mtime.tv_sec),
				   BPF_CORE_READ(whole, __i_mtime.tv_nsec));
	return nanoseconds(BPF_CORE_READ(old, i_mtime.tv_sec), BPF_CORE_READ(old, i_mtime.tv_nsec));
}

enum overlay_layer { LAYER_NONE, LAYER_UPPER, LAYER_LOWER };

/*
 * Which overlayfs layer an inode comes from. Overlayfs may be a module without types of its own
 * here: its inode begins, as of v4.8, right before a pointer to the upper directory entry, which is
 * null or without an inode as long as the file was not copied up.
 */
static __always_inline enum overlay_layer overlay_layer(struct inode *inode,
							struct super_block *system)
{
	struct dentry *upper = NULL;

	if (BPF_CORE_READ(system, s_magic) != OVERLAYFS_MAGIC)
		return LAYER_NONE;
	bpf_probe_read_kernel(&upper, sizeof(upper), (void *)inode + bpf_core_type_size(struct inode));
	return upper && BPF_CORE_READ(upper, d_inode, i_ino) != 0 ? LAYER_UPPER : LAYER_LOWER;
}

#endif
