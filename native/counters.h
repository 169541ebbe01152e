// What happened to events, as the capture programs counted it on each CPU.
#ifndef LANNER_NATIVE_COUNTERS_H_
#define LANNER_NATIVE_COUNTERS_H_

#include <napi.h>

namespace lanner {

// [{ eventClass, written, ringFull, tooLarge, unreadable, bug, compat }], one row a class, each
// number summed over the CPUs.
Napi::Value ReadCounters(Napi::Env env, int fd, uint32_t possible_cpus);

}  // namespace lanner

#endif
