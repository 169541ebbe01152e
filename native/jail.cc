#include "jail.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>

#include "errors.h"
#include "every_thread.h"
#include "seccomp_filter.h"

#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif

namespace lanner {
namespace {

// First a user of our own, from a range that no distribution assigns (65536 to 524287): processes
// of one user may signal each other, and many services run as nobody. In a user namespace only
// nobody may be there.
constexpr std::array<uid_t, 2> kUsers = {471'100, 65'534};
constexpr int kCapabilityMax = 63;

bool HasCapability(unsigned bit) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  if (syscall(SYS_capget, &header, sets.data()) != 0) return false;
  return (sets[bit / 32].effective >> (bit % 32) & 1U) != 0;
}

// Without CAP_SETPCAP it stays; it gives nothing to a process that cannot execute a program.
void DropBoundingSet() {
  for (int bit = 0; bit <= kCapabilityMax; bit++) {
    if (syscall(SYS_prctl, PR_CAPBSET_DROP, bit, 0, 0, 0) != 0) return;
  }
}

void DropCapabilities() {
  syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  syscall(SYS_capset, &header, none);
}

// Why the user stays; empty when it has changed.
std::string ChangeUser() {
  if (geteuid() != 0) return "the agent is not root";
  // The parent has what we have: without CAP_KILL it could not end a process of another user.
  if (!HasCapability(CAP_SETUID) || !HasCapability(CAP_SETGID) || !HasCapability(CAP_KILL)) {
    return "the agent lacks CAP_SETUID, CAP_SETGID or CAP_KILL";
  }
  if (setgroups(0, nullptr) != 0) return "setgroups: " + ErrnoText(errno);
  for (const uid_t user : kUsers) {
    // These two reach all threads through the C library.
    const bool changed = setresgid(user, user, user) == 0 && setresuid(user, user, user) == 0;
    if (changed) return "";
  }
  return "setresuid: " + ErrnoText(errno);
}

// The filter goes onto all threads or none. The flag leaves speculation as it is: whoever could
// read this process's memory that way may read it anyway.
std::string InstallFilter() {
  auto filter = SeccompFilter(static_cast<unsigned>(getpid()));
  if (filter.empty()) return "no filter for this architecture";
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  constexpr unsigned long kFlags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
  const auto install = [&](unsigned long flags) {
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  };
  long result = install(kFlags);
  // The second flag came with Linux 4.17.
  if (result < 0 && errno == EINVAL) result = install(SECCOMP_FILTER_FLAG_TSYNC);
  if (result < 0) return "seccomp: " + ErrnoText(errno);
  return result == 0 ? "" : "seccomp: thread " + std::to_string(result) + " has filters of its own";
}

}  // namespace

Napi::Value EnterJail(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (const std::string failure = OnEveryThread(DropBoundingSet); !failure.empty()) {
    return Fail(env, Code::kNoPermission, "cannot limit the engine process: " + failure);
  }
  const std::string user = ChangeUser();
  if (const std::string failure = OnEveryThread(DropCapabilities); !failure.empty()) {
    return Fail(env, Code::kNoPermission, "cannot drop capabilities: " + failure);
  }
  // A change of user resets both, so they come behind it.
  if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return Fail(env, Code::kNoPermission, "cannot limit the engine process: " + ErrnoText(errno));
  }
  Napi::Object jail = Napi::Object::New(env);
  jail.Set("user", user);
  jail.Set("seccomp", InstallFilter());
  return jail;
}

}  // namespace lanner
