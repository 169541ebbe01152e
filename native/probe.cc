#include "probe.h"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <limits>

#include "kernel.h"

namespace lanner {
namespace {

struct Capability {
  const char* name;
  unsigned bit;  // linux/capability.h
};

constexpr std::array<Capability, 8> kCapabilities = {{{"CAP_SYS_ADMIN", 21},
                                                      {"CAP_SYS_RESOURCE", 24},
                                                      {"CAP_SYS_PTRACE", 19},
                                                      {"CAP_DAC_READ_SEARCH", 2},
                                                      {"CAP_PERFMON", 38},
                                                      {"CAP_BPF", 39},
                                                      {"CAP_SETUID", 7},
                                                      {"CAP_SETGID", 6}}};

// /proc/self/status line "CapEff:\t<hex>".
uint64_t EffectiveCapabilities() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    unsigned long long bits = 0;
    if (std::sscanf(line.c_str(), "CapEff: %llx", &bits) == 1) return bits;
  }
  return 0;
}

Napi::Object ReadCapabilities(Napi::Env env) {
  const uint64_t effective = EffectiveCapabilities();
  Napi::Object object = Napi::Object::New(env);
  for (const Capability& capability : kCapabilities) {
    object.Set(capability.name, Napi::Boolean::New(env, (effective >> capability.bit & 1) != 0));
  }
  return object;
}

// Mount point of the cgroup v2 hierarchy, empty when none is mounted. A line of mountinfo:
//   35 24 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw
std::string FindCgroup2() {
  std::ifstream mounts("/proc/self/mountinfo");
  std::string line;
  while (std::getline(mounts, line)) {
    if (line.find(" - cgroup2 ") == std::string::npos) continue;
    std::array<char, 4096> point{};
    if (std::sscanf(line.c_str(), "%*s %*s %*s %*s %4095s", point.data()) == 1) return point.data();
  }
  return "";
}

std::string ReadFirstLine(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Bytes that may be locked; infinity when unlimited.
double LockedBytesMax() {
  rlimit limit{};
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
  return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<double>::infinity()
                                         : static_cast<double>(limit.rlim_cur);
}

int64_t Nanoseconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Napi::Array ToArray(Napi::Env env, const std::vector<Feature>& features) {
  Napi::Array list = Napi::Array::New(env, features.size());
  for (uint32_t i = 0; i < features.size(); i++) {
    Napi::Object row = Napi::Object::New(env);
    row.Set("name", features[i].name);
    row.Set("available", Napi::Boolean::New(env, features[i].available));
    row.Set("reason", features[i].reason);
    list.Set(i, row);
  }
  return list;
}

}  // namespace

#ifdef LANNER_NO_CAPTURE
std::vector<Feature> ProbePrograms() { return {}; }
#endif

Napi::Value Probe(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const KernelVersion kernel = ReadKernelVersion();
  Napi::Object result = Napi::Object::New(env);
  result.Set("release", kernel.release);
  result.Set("ringBuffers", Napi::Boolean::New(env, kernel.AtLeast(5, 8)));
  result.Set("btf", Napi::Boolean::New(env, access(kBtfPath, R_OK) == 0));
  result.Set("root", Napi::Boolean::New(env, geteuid() == 0));
  result.Set("capabilities", ReadCapabilities(env));
  result.Set("lockedBytesMax", Napi::Number::New(env, LockedBytesMax()));
  result.Set("cgroup2", FindCgroup2());
  result.Set("unprivilegedBpfDisabled",
             ReadFirstLine("/proc/sys/kernel/unprivileged_bpf_disabled"));
  result.Set("bpfLsm", Napi::Boolean::New(env, ReadFirstLine("/sys/kernel/security/lsm").find(
                                                   "bpf") != std::string::npos));
#ifdef LANNER_NO_CAPTURE
  result.Set("capture", Napi::Boolean::New(env, false));
#else
  result.Set("capture", Napi::Boolean::New(env, true));
#endif
  result.Set("programs", ToArray(env, ProbePrograms()));
  return result;
}

// The two clocks cannot be read at once: of several tries the one with the shortest gap counts.
Napi::Value BootTimeNs(const Napi::CallbackInfo& info) {
  constexpr int kTries = 8;
  int64_t best_gap = std::numeric_limits<int64_t>::max();
  int64_t boot_time = 0;
  for (int i = 0; i < kTries; i++) {
    const int64_t before = Nanoseconds(CLOCK_BOOTTIME);
    const int64_t wall = Nanoseconds(CLOCK_REALTIME);
    const int64_t gap = Nanoseconds(CLOCK_BOOTTIME) - before;
    if (gap >= best_gap) continue;
    best_gap = gap;
    boot_time = wall - before - gap / 2;
  }
  return Napi::BigInt::New(info.Env(), boot_time);
}

}  // namespace lanner
