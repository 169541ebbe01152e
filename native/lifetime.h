// How long this process lives.
#ifndef LANNER_NATIVE_LIFETIME_H_
#define LANNER_NATIVE_LIFETIME_H_

#include <napi.h>

namespace lanner {

// endWithParent(): from now on the kernel kills this process when the thread that started it ends,
// whatever code runs at that moment.
Napi::Value EndWithParent(const Napi::CallbackInfo& info);

}  // namespace lanner

#endif
