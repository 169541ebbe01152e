// Every failure that reaches JavaScript is an Error with one of these codes and a message that says
// what failed, on what, and what would fix it.
#ifndef LANNER_NATIVE_ERRORS_H_
#define LANNER_NATIVE_ERRORS_H_

#include <napi.h>

#include <string>

namespace lanner {

enum class Code {
  kBadArgument,
  kClosed,
  kMapFailed,
  kNoBtf,
  kNoPermission,
  kKernelTooOld,
  kLoadFailed,
};

// Leaves a JavaScript exception pending; the caller must return what this returns (undefined).
Napi::Value Fail(Napi::Env env, Code code, const std::string& message);

// The same error as a value, for a promise.
Napi::Error MakeError(Napi::Env env, Code code, const std::string& message);

// "cannot map: Permission denied"-style text for an errno value.
std::string ErrnoText(int error);

}  // namespace lanner

#endif
