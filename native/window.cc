// A window replaces pages of a WebAssembly memory's buffer by pages of a file (memfd or BPF map).
//
//   memory.buffer   0 ──── private ────┬───── window ─────┬──── private ──── end
//                                      │ mmap(MAP_FIXED)  │
//   file                     fdOffset ─┴──────────────────┘
//
// The range is checked to lie inside the buffer, so nothing but the buffer's own pages is ever
// replaced. V8 unmaps the whole reservation when the memory dies, windows included.
#include "window.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "arguments.h"
#include "errors.h"

namespace lanner {
namespace {

struct Range {
  void* start;
  size_t bytes;
};

struct Source {
  int fd;
  off_t offset;
  int64_t bytes;
  int protection;
  int sharing;
};

int64_t PageBytes() { return sysconf(_SC_PAGESIZE); }

bool IsAligned(Napi::Env env, int64_t number, const char* name) {
  if (number % PageBytes() == 0) return true;
  Fail(env, Code::kBadArgument,
       std::string(name) + " must be a multiple of the page size, " + std::to_string(PageBytes()));
  return false;
}

std::optional<Range> ReadRange(const Napi::CallbackInfo& info, int64_t bytes) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArrayBuffer()) {
    Fail(env, Code::kBadArgument, "memory must be the ArrayBuffer of a WebAssembly.Memory");
    return std::nullopt;
  }
  auto buffer = info[0].As<Napi::ArrayBuffer>();
  const auto size = static_cast<int64_t>(buffer.ByteLength());
  const auto address = ReadInteger(env, info[1], {"address", 0, kSafeIntegerMax});
  if (!address || !IsAligned(env, *address, "address") || !IsAligned(env, bytes, "bytes")) {
    return std::nullopt;
  }
  auto* base = static_cast<unsigned char*>(buffer.Data());
  const bool on_page = reinterpret_cast<uintptr_t>(base) % static_cast<uintptr_t>(PageBytes()) == 0;
  if (!on_page || bytes > size || *address > size - bytes) {
    Fail(env, Code::kBadArgument,
         "address " + std::to_string(*address) + " and " + std::to_string(bytes) +
             " bytes do not fit the memory of " + std::to_string(size) + " bytes");
    return std::nullopt;
  }
  return Range{base + *address, static_cast<size_t>(bytes)};
}

bool ReadAccess(Napi::Env env, Napi::Value value, Source& source) {
  const auto access = ReadText(env, value, "access", 16);
  if (!access) return false;
  source.sharing = *access == "private" ? MAP_PRIVATE : MAP_SHARED;
  source.protection = *access == "read" ? PROT_READ : PROT_READ | PROT_WRITE;
  if (*access == "read" || *access == "readwrite" || *access == "private") return true;
  Fail(env, Code::kBadArgument, "access must be 'read', 'readwrite' or 'private'");
  return false;
}

// A file that is too short, or that may be cut later, would kill the process at a touch.
bool IsLongEnough(Napi::Env env, const Source& source) {
  struct stat status {};
  if (fstat(source.fd, &status) != 0) {
    Fail(env, Code::kBadArgument, "cannot inspect fd: " + ErrnoText(errno));
    return false;
  }
  if (!S_ISREG(status.st_mode)) return true;  // a BPF map: the kernel checks the length itself
  const int seals = fcntl(source.fd, F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    Fail(env, Code::kBadArgument, "fd must be a memory whose size is sealed (see createMemory)");
    return false;
  }
  const int64_t page = PageBytes();
  const int64_t size = (status.st_size + page - 1) / page * page;
  if (source.bytes <= size && source.offset <= size - source.bytes) return true;
  Fail(env, Code::kBadArgument,
       "the window ends beyond the file of " + std::to_string(status.st_size) + " bytes");
  return false;
}

std::optional<Source> ReadSource(Napi::Env env, Napi::Value value) {
  const auto options = ReadObject(env, value, "window");
  if (!options) return std::nullopt;
  const auto fd = ReadFd(env, options->Get("fd"), "fd");
  if (!fd) return std::nullopt;
  const auto offset = ReadInteger(env, options->Get("fdOffset"), {"fdOffset", 0, kSafeIntegerMax});
  if (!offset || !IsAligned(env, *offset, "fdOffset")) return std::nullopt;
  const auto bytes = ReadInteger(env, options->Get("bytes"), {"bytes", 1, kSafeIntegerMax});
  if (!bytes) return std::nullopt;
  Source source{*fd, static_cast<off_t>(*offset), *bytes, PROT_NONE, MAP_PRIVATE};
  if (!ReadAccess(env, options->Get("access"), source)) return std::nullopt;
  if (!IsLongEnough(env, source)) return std::nullopt;
  return source;
}

// Anonymous zero pages, as V8 had them there.
bool RestorePages(const Range& range) {
  constexpr int kFlags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE;
  return mmap(range.start, range.bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0) != MAP_FAILED;
}

}  // namespace

Napi::Value MapWindow(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto source = ReadSource(env, info[2]);
  if (!source) return env.Undefined();
  const auto range = ReadRange(info, source->bytes);
  if (!range) return env.Undefined();
  const void* mapped = mmap(range->start, range->bytes, source->protection,
                            source->sharing | MAP_FIXED, source->fd, source->offset);
  if (mapped == MAP_FAILED) {
    const int error = errno;
    RestorePages(*range);  // a refused MAP_FIXED may have removed what was there
    return Fail(env, Code::kMapFailed,
                "cannot map " + std::to_string(range->bytes) + " bytes of fd " +
                    std::to_string(source->fd) + " at offset " + std::to_string(source->offset) +
                    ": " + ErrnoText(error));
  }
  return env.Undefined();
}

Napi::Value SealPages(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto bytes = ReadInteger(env, info[2], {"bytes", 1, kSafeIntegerMax});
  if (!bytes) return env.Undefined();
  const auto range = ReadRange(info, *bytes);
  if (!range) return env.Undefined();
  if (mprotect(range->start, range->bytes, PROT_NONE) != 0) {
    return Fail(env, Code::kMapFailed, "cannot seal pages: " + ErrnoText(errno));
  }
  return env.Undefined();
}

Napi::Value UnmapWindow(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto bytes = ReadInteger(env, info[2], {"bytes", 1, kSafeIntegerMax});
  if (!bytes) return env.Undefined();
  const auto range = ReadRange(info, *bytes);
  if (!range) return env.Undefined();
  if (!RestorePages(*range)) {
    return Fail(env, Code::kMapFailed, "cannot put fresh pages back: " + ErrnoText(errno));
  }
  return env.Undefined();
}

}  // namespace lanner
