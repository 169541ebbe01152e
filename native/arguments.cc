#include "arguments.h"

#include <fcntl.h>

#include <climits>
#include <cmath>

#include "errors.h"

namespace lanner {

std::optional<int64_t> ReadInteger(Napi::Env env, Napi::Value value, const Bounds& bounds) {
  if (env.IsExceptionPending()) return std::nullopt;
  const std::string range =
      "an integer from " + std::to_string(bounds.min) + " to " + std::to_string(bounds.max);
  if (!value.IsNumber()) {
    Fail(env, Code::kBadArgument, std::string(bounds.name) + " must be " + range);
    return std::nullopt;
  }
  const double number = value.As<Napi::Number>().DoubleValue();
  // Also refuses NaN, of which every comparison is false.
  const bool fits = number >= static_cast<double>(bounds.min) &&
                    number <= static_cast<double>(bounds.max) && std::floor(number) == number;
  if (!fits) {
    Fail(env, Code::kBadArgument,
         std::string(bounds.name) + " must be " + range + ", not " + std::to_string(number));
    return std::nullopt;
  }
  return static_cast<int64_t>(number);
}

std::optional<uint64_t> ReadUnsigned64(Napi::Env env, Napi::Value value, const char* name) {
  if (env.IsExceptionPending()) return std::nullopt;
  if (value.IsBigInt()) {
    bool lossless = false;
    const uint64_t number = value.As<Napi::BigInt>().Uint64Value(&lossless);
    if (lossless) return number;
    Fail(env, Code::kBadArgument, std::string(name) + " must fit 64 bits, unsigned");
    return std::nullopt;
  }
  const auto number = ReadInteger(env, value, {name, 0, kSafeIntegerMax});
  if (!number) return std::nullopt;
  return static_cast<uint64_t>(*number);
}

std::optional<bool> ReadBoolean(Napi::Env env, Napi::Value value, const char* name) {
  if (env.IsExceptionPending()) return std::nullopt;
  if (!value.IsBoolean()) {
    Fail(env, Code::kBadArgument, std::string(name) + " must be true or false");
    return std::nullopt;
  }
  return value.As<Napi::Boolean>().Value();
}

std::optional<std::string> ReadText(Napi::Env env, Napi::Value value, const char* name,
                                    size_t bytes_max) {
  if (env.IsExceptionPending()) return std::nullopt;
  if (value.IsString()) {
    const std::string text = value.As<Napi::String>().Utf8Value();
    const bool whole = text.find('\0') == std::string::npos;
    if (whole && !text.empty() && text.size() <= bytes_max) return text;
  }
  Fail(env, Code::kBadArgument,
       std::string(name) + " must be a string of 1 to " + std::to_string(bytes_max) +
           " bytes without NUL");
  return std::nullopt;
}

std::optional<Napi::Object> ReadObject(Napi::Env env, Napi::Value value, const char* name) {
  if (env.IsExceptionPending()) return std::nullopt;
  if (!value.IsObject()) {
    Fail(env, Code::kBadArgument, std::string(name) + " must be an object");
    return std::nullopt;
  }
  return value.As<Napi::Object>();
}

std::optional<int> ReadFd(Napi::Env env, Napi::Value value, const char* name) {
  const auto number = ReadInteger(env, value, {name, 0, INT_MAX});
  if (!number) return std::nullopt;
  const int fd = static_cast<int>(*number);
  if (fcntl(fd, F_GETFD) < 0) {
    Fail(env, Code::kBadArgument,
         std::string(name) + " " + std::to_string(fd) + " is not an open file descriptor");
    return std::nullopt;
  }
  return fd;
}

std::optional<std::vector<int>> ReadFds(Napi::Env env, Napi::Value value, uint32_t count_max) {
  if (env.IsExceptionPending()) return std::nullopt;
  if (!value.IsArray() || value.As<Napi::Array>().Length() > count_max) {
    Fail(env, Code::kBadArgument,
         "fds must be an array of at most " + std::to_string(count_max) + " descriptors");
    return std::nullopt;
  }
  const auto array = value.As<Napi::Array>();
  std::vector<int> fds;
  for (uint32_t i = 0; i < array.Length(); i++) {
    const auto fd = ReadFd(env, array.Get(i), "fds[]");
    if (!fd) return std::nullopt;
    fds.push_back(*fd);
  }
  return fds;
}

}  // namespace lanner
