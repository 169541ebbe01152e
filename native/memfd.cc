#include "memfd.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "arguments.h"
#include "errors.h"

// Linux 6.3; older headers lack it and older kernels refuse it.
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

namespace lanner {
namespace {

constexpr size_t kNameBytesMax = 200;
constexpr int64_t kMemoryBytesMax = int64_t{1} << 31;

int OpenMemfd(const std::string& name) {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  const int fd = memfd_create(name.c_str(), kFlags | MFD_NOEXEC_SEAL);
  return fd < 0 && errno == EINVAL ? memfd_create(name.c_str(), kFlags) : fd;
}

// A mapping whose file shrank kills the process that touches it, so the size is made final.
bool FixSize(int fd, off_t bytes) {
  return ftruncate(fd, bytes) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0;
}

}  // namespace

Napi::Value CreateMemory(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto name = ReadText(env, info[0], "name", kNameBytesMax);
  if (!name) return env.Undefined();
  const auto bytes = ReadInteger(env, info[1], {"bytes", 1, kMemoryBytesMax});
  if (!bytes) return env.Undefined();
  const int fd = OpenMemfd(*name);
  if (fd < 0) {
    return Fail(env, Code::kMapFailed,
                "cannot create memory '" + *name + "': " + ErrnoText(errno) +
                    "; check the limits on open files and memory");
  }
  if (!FixSize(fd, static_cast<off_t>(*bytes))) {
    const int error = errno;
    close(fd);
    return Fail(env, Code::kMapFailed,
                "cannot size memory '" + *name + "' to " + std::to_string(*bytes) +
                    " bytes: " + ErrnoText(error));
  }
  return Napi::Number::New(env, fd);
}

Napi::Value CloseFd(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto fd = ReadFd(env, info[0], "fd");
  if (fd) close(*fd);
  return env.Undefined();
}

}  // namespace lanner
