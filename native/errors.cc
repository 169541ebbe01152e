#include "errors.h"

#include <array>
#include <cstring>

namespace lanner {
namespace {

const char* Name(Code code) {
  switch (code) {
    case Code::kBadArgument:
      return "BAD_ARGUMENT";
    case Code::kClosed:
      return "CLOSED";
    case Code::kMapFailed:
      return "MAP_FAILED";
    case Code::kNoBtf:
      return "NO_BTF";
    case Code::kNoPermission:
      return "NO_PERMISSION";
    case Code::kKernelTooOld:
      return "KERNEL_TOO_OLD";
    case Code::kLoadFailed:
      return "LOAD_FAILED";
  }
  return "LOAD_FAILED";
}

}  // namespace

Napi::Error MakeError(Napi::Env env, Code code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, Name(code)));
  return error;
}

Napi::Value Fail(Napi::Env env, Code code, const std::string& message) {
  if (!env.IsExceptionPending()) MakeError(env, code, message).ThrowAsJavaScriptException();
  return env.Undefined();
}

std::string ErrnoText(int error) {
  std::array<char, 128> buffer{};
  // The GNU variant returns the text, which need not be in the buffer; safe in two threads at once.
  return strerror_r(error, buffer.data(), buffer.size());
}

}  // namespace lanner
