// Which processes are captured or not, one by one, and whether any is: all ids are those of the
// first pid namespace, which `tasks` tells.
#include <bpf/bpf.h>
#include <linux/types.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "../bpf/control.h"
#include "arguments.h"
#include "capture.h"
#include "errors.h"

namespace lanner {
namespace {

constexpr int64_t kTgidMax = 1 << 22;  // PID_MAX_LIMIT of 64-bit kernels
// A descriptor that no process can have: a negative number.
constexpr int64_t kCanaryMin = int64_t{1} << 31;
constexpr int64_t kCanaryMax = (int64_t{1} << 32) - 1;

std::optional<uint32_t> ReadTgid(const Napi::CallbackInfo& info) {
  const auto tgid = ReadInteger(info.Env(), info[0], {"tgid", 1, kTgidMax});
  if (!tgid) return std::nullopt;
  return static_cast<uint32_t>(*tgid);
}

Napi::Object ToObject(Napi::Env env, const task_row& row) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* name, uint32_t value) {
    object.Set(name, Napi::Number::New(env, value));
  };
  set("tid", row.tid);
  set("tgid", row.tgid);
  set("parent", row.parent);
  set("pgid", row.pgid);
  set("sid", row.sid);
  object.Set("startTime", Napi::BigInt::New(env, static_cast<uint64_t>(row.start_time)));
  object.Set("isReader", Napi::Boolean::New(env, row.is_reader != 0));
  const uint32_t levels = std::min<uint32_t>(row.level + 1, LANNER_PID_LEVELS);
  Napi::Array numbers = Napi::Array::New(env, levels);
  for (uint32_t i = 0; i < levels; i++) numbers.Set(i, Napi::Number::New(env, row.numbers[i]));
  object.Set("numbers", numbers);
  return object;
}

}  // namespace

Napi::Value Capture::Tasks(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  std::vector<uint8_t> bytes;
  if (const Outcome failure = programs_.Tasks(bytes)) {
    return Fail(env, failure->code, failure->message);
  }
  Napi::Array list = Napi::Array::New(env);
  for (size_t at = 0; at + sizeof(task_row) <= bytes.size(); at += sizeof(task_row)) {
    task_row row;
    std::memcpy(&row, bytes.data() + at, sizeof row);
    list.Set(list.Length(), ToObject(env, row));
  }
  return list;
}

Napi::Value Capture::AddToTree(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto tgid = ReadTgid(info);
  if (!tgid) return env.Undefined();
  const int32_t threads = 1;  // value of map `tree`
  if (bpf_map_update_elem(programs_.Map("tree"), &*tgid, &threads, BPF_NOEXIST) == 0 ||
      errno == EEXIST) {
    return env.Undefined();
  }
  return Fail(env, Code::kMapFailed,
              "cannot add process " + std::to_string(*tgid) + " to the tree: " + ErrnoText(errno));
}

Napi::Value Capture::RemoveFromTree(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto tgid = ReadTgid(info);
  if (tgid) bpf_map_delete_elem(programs_.Map("tree"), &*tgid);
  return env.Undefined();
}

Napi::Value Capture::TreeMembers(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const int fd = programs_.Map("tree");
  const auto members = Napi::Array::New(env);
  uint32_t tgid = 0;
  bool is_first = true;
  // Processes come and go meanwhile; no more are told than the map can hold.
  while (members.Length() < LANNER_TREE_MAX &&
         bpf_map_get_next_key(fd, is_first ? nullptr : &tgid, &tgid) == 0) {
    is_first = false;
    members.Set(members.Length(), Napi::Number::New(env, tgid));
  }
  return members;
}

// The slot first: an entry that the slot does not count would not be looked up.
Napi::Value Capture::Exclude(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto tgid = ReadTgid(info);
  if (!tgid) return env.Undefined();
  const auto start_time = ReadUnsigned64(env, info[1], "startTime");
  if (!start_time) return env.Undefined();
  const int fd = programs_.Map("excluded");
  uint64_t known = 0;
  if (bpf_map_lookup_elem(fd, &*tgid, &known) != 0) control_.CountExcluded(*tgid);
  if (bpf_map_update_elem(fd, &*tgid, &*start_time, BPF_ANY) == 0) return env.Undefined();
  return Fail(env, Code::kMapFailed,
              "cannot exclude process " + std::to_string(*tgid) + ": " + ErrnoText(errno));
}

Napi::Value Capture::Hold(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto tgid = ReadTgid(info);
  if (tgid) control_.SetHeld(*tgid);
  return env.Undefined();
}

Napi::Value Capture::AwaitCanary(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const auto tgid = ReadTgid(info);
  if (!tgid) return env.Undefined();
  const auto number = ReadInteger(env, info[1], {"number", kCanaryMin, kCanaryMax});
  if (number) control_.SetCanary(static_cast<uint32_t>(*number), *tgid);
  return env.Undefined();
}

Napi::Value Capture::SendCanary(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto number = ReadInteger(env, info[0], {"number", kCanaryMin, kCanaryMax});
  // Refused with EBADF, which is all that happens.
  if (number) syscall(SYS_close, static_cast<int32_t>(*number));
  return env.Undefined();
}

Napi::Value Capture::ForgetCanary(const Napi::CallbackInfo& info) {
  if (loaded_) control_.SetCanary(0, 0);
  return info.Env().Undefined();
}

Napi::Value Capture::CanariesWritten(const Napi::CallbackInfo& info) {
  if (!IsLoaded(info.Env())) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), control_.CanariesWritten());
}

}  // namespace lanner
