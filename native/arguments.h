// The door: nothing from JavaScript is used before one of these has looked at it. Each returns an
// empty optional with an exception pending when the value does not fit.
#ifndef LANNER_NATIVE_ARGUMENTS_H_
#define LANNER_NATIVE_ARGUMENTS_H_

#include <napi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lanner {

// Largest integer that a JavaScript number holds exactly.
constexpr int64_t kSafeIntegerMax = (int64_t{1} << 53) - 1;

struct Bounds {
  const char* name;
  int64_t min;
  int64_t max;
};

std::optional<int64_t> ReadInteger(Napi::Env env, Napi::Value value, const Bounds& bounds);

// As ReadInteger; a number or a bigint, for values that take all 64 bits.
std::optional<uint64_t> ReadUnsigned64(Napi::Env env, Napi::Value value, const char* name);

std::optional<bool> ReadBoolean(Napi::Env env, Napi::Value value, const char* name);

// Between 1 and `bytes_max` bytes of UTF-8 without NUL.
std::optional<std::string> ReadText(Napi::Env env, Napi::Value value, const char* name,
                                    size_t bytes_max);

std::optional<Napi::Object> ReadObject(Napi::Env env, Napi::Value value, const char* name);

// A file descriptor that is open in this process.
std::optional<int> ReadFd(Napi::Env env, Napi::Value value, const char* name);

// At most `count_max` descriptors, all open.
std::optional<std::vector<int>> ReadFds(Napi::Env env, Napi::Value value, uint32_t count_max);

}  // namespace lanner

#endif
