// A list of what is refused. What Node and V8 need differs between their releases and is not
// written down anywhere, so a list of what is allowed would end engines on a Node that nobody
// tried; what an engine must never do is known. Calls that are newer than this list do not exist
// for the engine (ENOSYS), as on an older kernel.
//
// Refused calls fail with EPERM: libraries try some of them and do without. A call of another
// architecture (32-bit, x32) ends the process, for nothing in it makes one.
#include "seccomp_filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace lanner {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArch = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t kArch = 0;
#endif

// x32 calls have this bit set.
constexpr uint32_t kX32Bit = 0x40000000;
// From 424 on every architecture counts alike. mseal, Linux 6.10: the newest that was looked at.
constexpr uint32_t kNewestKnown = 462;

constexpr uint32_t kNrAt = offsetof(seccomp_data, nr);
constexpr uint32_t kArchAt = offsetof(seccomp_data, arch);

// The lower half of an argument; flags and pids have 32 bits.
constexpr uint32_t ArgumentAt(unsigned index) {
  return static_cast<uint32_t>(offsetof(seccomp_data, args)) + 8 * index;
}

constexpr uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;
constexpr uint32_t kMissing = SECCOMP_RET_ERRNO | ENOSYS;
constexpr uint32_t kEnd = SECCOMP_RET_KILL_PROCESS;

// Calls without a name in older headers have their number here.
constexpr uint32_t kRefused[] = {
    // Programs and processes.
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
    SYS_kcmp, SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo,
    SYS_migrate_pages, SYS_move_pages, SYS_personality,
    424 /* pidfd_send_signal */, 434 /* pidfd_open */, 438 /* pidfd_getfd */,
    440 /* process_madvise */, 448 /* process_mrelease */,
    // Talking to anything but the agent.
    SYS_socket, SYS_socketpair, SYS_bind, SYS_connect, SYS_listen, SYS_accept, SYS_accept4,
    SYS_sendto, SYS_sendmsg, SYS_sendmmsg, SYS_recvfrom, SYS_recvmsg, SYS_recvmmsg,
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl,
    SYS_semget, SYS_semop, SYS_semtimedop, SYS_semctl, SYS_mq_open, SYS_mq_unlink,
    // Changing files; opening is looked at below.
    437 /* openat2 */, SYS_truncate, SYS_mkdirat, SYS_unlinkat, SYS_renameat, SYS_linkat,
    SYS_symlinkat, SYS_mknodat, SYS_fchmodat, SYS_fchownat, SYS_utimensat, SYS_setxattr,
    SYS_lsetxattr, SYS_removexattr, SYS_lremovexattr,
    452 /* fchmodat2 */, SYS_acct, SYS_quotactl, 443 /* quotactl_fd */, SYS_swapon, SYS_swapoff,
    // Mounts and namespaces.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare,
    428 /* open_tree */, 429 /* move_mount */, 430 /* fsopen */, 431 /* fsconfig */,
    432 /* fsmount */, 433 /* fspick */, 442 /* mount_setattr */, 457 /* statmount */,
    458 /* listmount */, SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_fanotify_init,
    SYS_fanotify_mark,
    // The kernel itself.
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot,
    SYS_syslog, SYS_sethostname, SYS_setdomainname, SYS_settimeofday, SYS_clock_settime,
    SYS_adjtimex, SYS_clock_adjtime, SYS_vhangup, SYS_lookup_dcookie,
    425 /* io_uring_setup */, 426 /* io_uring_enter */, 427 /* io_uring_register */,
    447 /* memfd_secret */, 460 /* lsm_set_self_attr */,
#ifdef SYS_renameat2
    SYS_renameat2,
#endif
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef __x86_64__
    SYS_fork, SYS_vfork, SYS_creat, SYS_mkdir, SYS_rmdir, SYS_unlink, SYS_rename, SYS_link,
    SYS_symlink, SYS_mknod, SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes,
    SYS_futimesat, SYS_uselib, SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
};

constexpr uint32_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;

// ioctls that put characters into a terminal's input.
constexpr uint32_t kTiocsti = 0x5412;
constexpr uint32_t kTioclinux = 0x541C;

// prctl(2) that cannot free the process from its parent, its filter or its secrecy.
constexpr uint32_t kHarmlessPrctl[] = {PR_SET_NAME,         PR_GET_NAME,
                                       PR_GET_DUMPABLE,     PR_GET_SECCOMP,
                                       PR_GET_NO_NEW_PRIVS, PR_CAPBSET_READ,
                                       PR_GET_PDEATHSIG,    0x53564d41 /* PR_SET_VMA */};

// Called for every system call, so the kernel keeps the answer for those decided by number alone.
class Builder {
 public:
  void Load(uint32_t at) { Add(BPF_LD | BPF_W | BPF_ABS, at); }
  void Return(uint32_t action) { Add(BPF_RET | BPF_K, action); }

  void IfEqual(uint32_t value, uint32_t action) { Decide(BPF_JEQ, value, action); }
  void IfAtLeast(uint32_t value, uint32_t action) { Decide(BPF_JGE, value, action); }
  void IfAnyBit(uint32_t bits, uint32_t action) { Decide(BPF_JSET, bits, action); }

  void UnlessEqual(uint32_t value, uint32_t action) {
    Add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    Return(action);
  }

  // Rules that hold for one call only: `rules` must end with a return.
  template <typename Rules>
  void ForCall(uint32_t call, Rules rules) {
    const size_t jump = program_.size();
    Add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 0);
    rules();
    program_[jump].jf = static_cast<uint8_t>(program_.size() - jump - 1);
  }

  std::vector<sock_filter> Take() { return std::move(program_); }

 private:
  void Decide(uint16_t test, uint32_t value, uint32_t action) {
    Add(static_cast<uint16_t>(BPF_JMP | BPF_K | test), value, 0, 1);
    Return(action);
  }

  void Add(uint16_t code, uint32_t value, uint8_t jump_true = 0, uint8_t jump_false = 0) {
    program_.push_back({code, jump_true, jump_false, value});
  }

  std::vector<sock_filter> program_;
};

void RefuseWriting(Builder& builder, uint32_t call, unsigned flags_index) {
  builder.ForCall(call, [&] {
    builder.Load(ArgumentAt(flags_index));
    builder.IfAnyBit(kWriting, kRefuse);
    builder.Return(SECCOMP_RET_ALLOW);
  });
}

// Threads yes, processes no. The flags of clone3 lie in memory, where a filter cannot look; the C
// library falls back to clone.
void RefuseNewProcesses(Builder& builder) {
  builder.ForCall(SYS_clone, [&] {
    builder.Load(ArgumentAt(0));
    builder.IfAnyBit(CLONE_THREAD, SECCOMP_RET_ALLOW);
    builder.Return(kRefuse);
  });
  builder.IfEqual(435 /* clone3 */, kMissing);
}

void RefuseForeignSignals(Builder& builder, uint32_t pid) {
  for (const uint32_t call : {SYS_kill, SYS_tgkill}) {
    builder.ForCall(call, [&] {
      builder.Load(ArgumentAt(0));
      builder.UnlessEqual(pid, kRefuse);
      builder.Return(SECCOMP_RET_ALLOW);
    });
  }
}

// The C library asks for the size of the stack with it.
void RefuseForeignLimits(Builder& builder, uint32_t pid) {
  builder.ForCall(SYS_prlimit64, [&] {
    builder.Load(ArgumentAt(0));
    builder.IfEqual(0, SECCOMP_RET_ALLOW);
    builder.UnlessEqual(pid, kRefuse);
    builder.Return(SECCOMP_RET_ALLOW);
  });
}

void LimitPrctl(Builder& builder) {
  builder.ForCall(SYS_prctl, [&] {
    builder.Load(ArgumentAt(0));
    for (const uint32_t option : kHarmlessPrctl) builder.IfEqual(option, SECCOMP_RET_ALLOW);
    builder.Return(kRefuse);
  });
}

void LimitIoctl(Builder& builder) {
  builder.ForCall(SYS_ioctl, [&] {
    builder.Load(ArgumentAt(1));
    builder.IfEqual(kTiocsti, kRefuse);
    builder.IfEqual(kTioclinux, kRefuse);
    builder.Return(SECCOMP_RET_ALLOW);
  });
}

}  // namespace

std::vector<sock_filter> SeccompFilter(unsigned pid) {
  if (kArch == 0) return {};
  Builder builder;
  builder.Load(kArchAt);
  builder.UnlessEqual(kArch, kEnd);
  builder.Load(kNrAt);
#ifdef __x86_64__
  builder.IfAtLeast(kX32Bit, kEnd);
#endif
  builder.IfAtLeast(kNewestKnown + 1, kMissing);
  for (const uint32_t call : {SYS_read, SYS_write, SYS_futex, SYS_epoll_pwait, SYS_mprotect,
                              SYS_madvise, SYS_munmap}) {
    builder.IfEqual(call, SECCOMP_RET_ALLOW);
  }
  for (const uint32_t call : kRefused) builder.IfEqual(call, kRefuse);
#ifdef __x86_64__
  RefuseWriting(builder, SYS_open, 1);
#endif
  RefuseWriting(builder, SYS_openat, 2);
  RefuseNewProcesses(builder);
  RefuseForeignSignals(builder, pid);
  RefuseForeignLimits(builder, pid);
  LimitPrctl(builder);
  LimitIoctl(builder);
  builder.Return(SECCOMP_RET_ALLOW);
  return builder.Take();
}

}  // namespace lanner
