#include "lifetime.h"

#include <sys/prctl.h>

#include <cerrno>
#include <csignal>

#include "errors.h"

namespace lanner {

Napi::Value EndWithParent(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    return Fail(env, Code::kNoPermission,
                "cannot tie this process to its parent: " + ErrnoText(errno));
  }
  return env.Undefined();
}

}  // namespace lanner
