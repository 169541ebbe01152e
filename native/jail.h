// The engine process gives up what it does not need.
#ifndef LANNER_NATIVE_JAIL_H_
#define LANNER_NATIVE_JAIL_H_

#include <napi.h>

namespace lanner {

// enterJail(): { user: string, seccomp: string }
//
// Changes to a user that owns nothing; drops all capabilities of all threads; hides the process's
// memory from others of its user; ties its life to its parent's; and installs the filter of
// seccomp_filter.h. `user` and `seccomp` say why that part is not in force, and are empty when it
// is. Throws when capabilities cannot be dropped.
Napi::Value EnterJail(const Napi::CallbackInfo& info);

}  // namespace lanner

#endif
