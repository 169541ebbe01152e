// What a capture is told while it runs: interest, scope, limits, tables.
#include <bpf/bpf.h>
#include <linux/types.h>

#include <cerrno>

#include "../bpf/control.h"
#include "arguments.h"
#include "capture.h"
#include "errors.h"

namespace lanner {
namespace {

constexpr int64_t kSnaplenMax = 65'000;
constexpr int64_t kLevelMax = 1'000;

std::optional<uint32_t> ReadScopeKind(Napi::Env env, Napi::Value value) {
  const auto kind = ReadText(env, value, "kind", 16);
  if (!kind) return std::nullopt;
  if (*kind == "host") return SCOPE_HOST;
  if (*kind == "tgid") return SCOPE_TGID;
  if (*kind == "tree") return SCOPE_TREE;
  if (*kind == "cgroup") return SCOPE_CGROUP;
  Fail(env, Code::kBadArgument, "kind must be 'host', 'tgid', 'tree' or 'cgroup'");
  return std::nullopt;
}

}  // namespace

std::optional<const uint8_t*> ReadInterest(Napi::Env env, Napi::Value value) {
  constexpr size_t kBytes = LANNER_SYSCALLS_MAX / 8;
  const bool typed = value.IsTypedArray() &&
                     value.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
  if (typed && value.As<Napi::Uint8Array>().ByteLength() == kBytes) {
    return value.As<Napi::Uint8Array>().Data();
  }
  Fail(env, Code::kBadArgument,
       "bits must be a Uint8Array of " + std::to_string(kBytes) + " bytes");
  return std::nullopt;
}

Napi::Value Capture::SetInterest(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto bits = ReadInterest(env, info[0]);
  if (!bits) return env.Undefined();
  const std::vector<Handler> more = TakeHandlers(*bits);
  if (!more.empty()) {
    if (const Outcome failure = programs_.Add(more)) {
      return Fail(env, failure->code, failure->message);
    }
  }
  control_.SetInterest(*bits);
  return env.Undefined();
}

Napi::Value Capture::SetScope(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto given = ReadObject(env, info[0], "scope");
  if (!given) return env.Undefined();
  const auto kind = ReadScopeKind(env, given->Get("kind"));
  if (!kind) return env.Undefined();
  const bool with_value = *kind == SCOPE_TGID || *kind == SCOPE_CGROUP;
  const auto value = with_value ? ReadUnsigned64(env, given->Get("value"), "value") : uint64_t{0};
  if (!value) return env.Undefined();
  const auto level = *kind == SCOPE_CGROUP
                         ? ReadInteger(env, given->Get("level"), {"level", 0, kLevelMax})
                         : int64_t{0};
  if (!level) return env.Undefined();
  control_.SetScope({*kind, *value, static_cast<uint32_t>(*level)});
  return env.Undefined();
}

Napi::Value Capture::SetEnabled(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto enabled = ReadBoolean(env, info[0], "enabled");
  if (enabled) control_.SetEnabled(*enabled);
  return env.Undefined();
}

Napi::Value Capture::SetBootTime(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto ns = ReadUnsigned64(env, info[0], "ns");
  if (ns) control_.SetBootTime(*ns);
  return env.Undefined();
}

Napi::Value Capture::SetSnaplen(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto bytes = ReadInteger(env, info[0], {"bytes", 0, kSnaplenMax});
  if (bytes) control_.SetSnaplen(static_cast<uint32_t>(*bytes));
  return env.Undefined();
}

Napi::Value Capture::SetDropFailed(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto drop = ReadBoolean(env, info[0], "drop");
  if (drop) control_.SetDropFailed(*drop);
  return env.Undefined();
}

Napi::Value Capture::SetSyscallCodes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const bool typed = info[0].IsTypedArray() &&
                     info[0].As<Napi::TypedArray>().TypedArrayType() == napi_uint16_array;
  if (!typed || info[0].As<Napi::Uint16Array>().ElementLength() > LANNER_SYSCALLS_MAX) {
    return Fail(env, Code::kBadArgument, "codes must be a Uint16Array of at most " +
                                             std::to_string(LANNER_SYSCALLS_MAX) + " elements");
  }
  const auto codes = info[0].As<Napi::Uint16Array>();
  const int fd = programs_.Map("syscall_codes");
  for (uint32_t number = 0; number < codes.ElementLength(); number++) {
    const uint16_t code = codes[number];
    if (bpf_map_update_elem(fd, &number, &code, BPF_ANY) != 0) {
      return Fail(env, Code::kMapFailed, "cannot set the code of system call " +
                                             std::to_string(number) + ": " + ErrnoText(errno));
    }
  }
  return env.Undefined();
}

}  // namespace lanner
