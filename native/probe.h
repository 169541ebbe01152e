// What this machine and this process can do. Tries things out rather than trusting version numbers.
#ifndef LANNER_NATIVE_PROBE_H_
#define LANNER_NATIVE_PROBE_H_

#include <napi.h>

#include <string>
#include <vector>

namespace lanner {

// `reason` says why it is missing; empty when available.
struct Feature {
  const char* name;
  bool available;
  std::string reason;
};

// Program and map types that the kernel lets this process load now. Only with libbpf.
std::vector<Feature> ProbePrograms();

// probe(): see host/native/native.ts, Features.
Napi::Value Probe(const Napi::CallbackInfo& info);

// bootTimeNs(): CLOCK_REALTIME − CLOCK_BOOTTIME in ns, as a bigint.
Napi::Value BootTimeNs(const Napi::CallbackInfo& info);

}  // namespace lanner

#endif
