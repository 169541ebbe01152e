// Anonymous memory that has a descriptor: what the state and replay windows are made of.
#ifndef LANNER_NATIVE_MEMFD_H_
#define LANNER_NATIVE_MEMFD_H_

#include <napi.h>

namespace lanner {

// createMemory(name, bytes): descriptor. Zero-filled, its size sealed, closed on exec unless the
// spawner hands it on.
Napi::Value CreateMemory(const Napi::CallbackInfo& info);

// closeFd(fd)
Napi::Value CloseFd(const Napi::CallbackInfo& info);

}  // namespace lanner

#endif
