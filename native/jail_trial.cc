#include "jail_trial.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace lanner {
namespace {

struct Attempt {
  const char* name;
  long call;
  long arguments[4];
};

// No process has this id: pid_max is at most 2^22.
constexpr long kNobody = 0x3fffffff;

long Pointer(const char* text) { return static_cast<long>(reinterpret_cast<intptr_t>(text)); }

int Try(const Attempt& attempt) {
  const long* a = attempt.arguments;
  errno = 0;
  const long result = syscall(attempt.call, a[0], a[1], a[2], a[3], 0L, 0L);
  const int error = result < 0 ? errno : 0;
  // A socket, where sockets are allowed.
  if (result > 2) close(static_cast<int>(result));
  return error;
}

}  // namespace

Napi::Value TryForbidden(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const long nowhere = Pointer("/nowhere/at/all");
  const Attempt attempts[] = {
      {"open for writing", SYS_openat, {AT_FDCWD, nowhere, O_WRONLY, 0}},
      {"open for reading and writing", SYS_openat, {AT_FDCWD, nowhere, O_RDWR, 0}},
      {"create a file", SYS_openat, {AT_FDCWD, nowhere, O_CREAT | O_EXCL, 0600}},
      {"openat2", 437, {AT_FDCWD, 0, 0, 0}},
      {"unlink", SYS_unlinkat, {AT_FDCWD, nowhere, 0, 0}},
      {"rename", SYS_renameat, {AT_FDCWD, nowhere, AT_FDCWD, nowhere}},
      {"socket", SYS_socket, {AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0}},
      {"socketpair", SYS_socketpair, {AF_UNIX, SOCK_STREAM, 0, 0}},
      {"connect", SYS_connect, {-1, 0, 0, 0}},
      {"bind", SYS_bind, {-1, 0, 0, 0}},
      {"sendmsg", SYS_sendmsg, {-1, 0, 0, 0}},
      {"execve", SYS_execve, {0, 0, 0, 0}},
      {"execveat", SYS_execveat, {-1, 0, 0, 0}},
      // Flags that contradict each other.
      {"clone", SYS_clone, {CLONE_SIGHAND, 0, 0, 0}},
      {"clone3", 435, {0, 0, 0, 0}},
      {"ptrace", SYS_ptrace, {PTRACE_ATTACH, kNobody, 0, 0}},
      {"process_vm_readv", SYS_process_vm_readv, {kNobody, 0, 0, 0}},
      {"process_vm_writev", SYS_process_vm_writev, {kNobody, 0, 0, 0}},
      {"pidfd_open", 434, {kNobody, 0, 0, 0}},
      // Signal 0 is none.
      {"kill", SYS_kill, {getppid(), 0, 0, 0}},
      {"tgkill", SYS_tgkill, {getppid(), getppid(), 0, 0}},
      {"prlimit64", SYS_prlimit64, {getppid(), 0, 0, 0}},
      {"prctl of the parent's death", SYS_prctl, {PR_SET_PDEATHSIG, 1'000, 0, 0}},
      {"bpf", SYS_bpf, {-1, 0, 0, 0}},
      {"perf_event_open", SYS_perf_event_open, {0, 0, 0, 0}},
      {"userfaultfd", SYS_userfaultfd, {-1, 0, 0, 0}},
      {"keyctl", SYS_keyctl, {-1, 0, 0, 0}},
      {"io_uring_setup", 425, {0, 0, 0, 0}},
      {"finit_module", SYS_finit_module, {-1, 0, 0, 0}},
      {"kexec_load", SYS_kexec_load, {0, 0, 0, -1}},
      {"mount", SYS_mount, {0, 0, 0, 0}},
      {"umount2", SYS_umount2, {0, -1, 0, 0}},
      {"open_tree", 428, {-1, 0, 0, 0}},
      {"move_mount", 429, {-1, 0, -1, 0}},
      {"fsopen", 430, {0, 0, 0, 0}},
      {"unshare", SYS_unshare, {0, 0, 0, 0}},
      {"setns", SYS_setns, {-1, 0, 0, 0}},
  };
  Napi::Array rows = Napi::Array::New(env);
  for (const Attempt& attempt : attempts) {
    Napi::Object row = Napi::Object::New(env);
    row.Set("name", attempt.name);
    row.Set("errno", Try(attempt));
    rows.Set(rows.Length(), row);
  }
  return rows;
}

}  // namespace lanner
