// As the C library does for setresuid: a signal runs the work on each thread, one after the other.
// It is the C library's own signal, since Node has a thread that blocks every other one. The C
// library's handler is put back at the end.
#include "every_thread.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace lanner {
namespace {

// SIGSETXID of glibc. sigaction of the C library refuses it, hence the bare system call.
constexpr int kSignal = 33;
constexpr int kWaitMsMax = 2'000;
// Threads that start meanwhile are found in the next round.
constexpr int kRoundsMax = 64;

#if defined(__x86_64__)
// Where a handler returns to; the kernel insists on one here.
extern "C" void LannerRestore();
__asm__(
    ".text\n.hidden LannerRestore\n.type LannerRestore, @function\n"
    "LannerRestore:\n  mov $15, %rax\n  syscall\n");
constexpr unsigned long kRestorer = 0x04000000;
#endif

struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  uint64_t mask;
};

std::atomic<void (*)()> g_work{nullptr};
std::atomic<int> g_done{0};

void Handle(int) {
  const int saved = errno;
  const auto work = g_work.load();
  if (work != nullptr) work();
  g_done.fetch_add(1);
  errno = saved;
}

bool SetAction(const KernelAction* action, KernelAction* old) {
  return syscall(SYS_rt_sigaction, kSignal, action, old, sizeof(uint64_t)) == 0;
}

std::vector<pid_t> Threads() {
  std::vector<pid_t> threads;
  DIR* folder = opendir("/proc/self/task");
  if (folder == nullptr) return threads;
  while (const dirent* entry = readdir(folder)) {
    const int tid = std::atoi(entry->d_name);
    if (tid > 0) threads.push_back(tid);
  }
  closedir(folder);
  return threads;
}

bool IsThere(pid_t tid) { return syscall(SYS_tgkill, getpid(), tid, 0) == 0; }

// Whether the thread has done its work, or is gone.
bool RunOn(pid_t tid) {
  const int before = g_done.load();
  if (syscall(SYS_tgkill, getpid(), tid, kSignal) != 0) return errno == ESRCH;
  constexpr int kTriesPerMs = 10;
  for (int tries = 0; tries < kWaitMsMax * kTriesPerMs; tries++) {
    if (g_done.load() != before || !IsThere(tid)) return true;
    const timespec pause{0, 1'000'000 / kTriesPerMs};
    nanosleep(&pause, nullptr);
  }
  return false;
}

std::string RunOnOthers() {
  std::vector<pid_t> done{static_cast<pid_t>(syscall(SYS_gettid))};
  for (int round = 0; round < kRoundsMax; round++) {
    const std::vector<pid_t> threads = Threads();
    if (threads.empty()) return "cannot list the threads in /proc/self/task";
    bool fresh = false;
    for (const pid_t tid : threads) {
      if (std::find(done.begin(), done.end(), tid) != done.end()) continue;
      if (!RunOn(tid)) return "thread " + std::to_string(tid) + " does not answer";
      done.push_back(tid);
      fresh = true;
    }
    if (!fresh) return "";
  }
  return "threads keep starting";
}

}  // namespace

std::string OnEveryThread(void (*work)()) {
  KernelAction action{};
  KernelAction old{};
  action.handler = Handle;
  action.flags = SA_RESTART | SA_ONSTACK;
#if defined(__x86_64__)
  action.flags |= kRestorer;
  action.restorer = LannerRestore;
#endif
  work();
  g_work.store(work);
  if (!SetAction(&action, &old)) return "cannot take signal 33";
  const std::string failure = RunOnOthers();
  SetAction(&old, nullptr);
  g_work.store(nullptr);
  return failure;
}

}  // namespace lanner
