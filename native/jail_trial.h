// Tries what the jail forbids, for `lanner doctor` and the tests.
#ifndef LANNER_NATIVE_JAIL_TRIAL_H_
#define LANNER_NATIVE_JAIL_TRIAL_H_

#include <napi.h>

namespace lanner {

// tryForbidden(): { name: string, errno: number }[]
//
// Each call has arguments with which it does nothing: outside of the jail it fails with an errno of
// its own or has no effect; inside, errno is EPERM, or ENOSYS where the jail says that there is no
// such call.
Napi::Value TryForbidden(const Napi::CallbackInfo& info);

}  // namespace lanner

#endif
