#include "counters.h"

#include <bpf/bpf.h>
#include <linux/types.h>

#include <array>
#include <cerrno>
#include <vector>

#include "../bpf/control.h"
#include "errors.h"

namespace lanner {
namespace {

// In the order of enum event_class.
constexpr std::array<const char*, EVENT_CLASSES> kClassNames = {
    "open", "close", "execve", "cloneFork", "procExit", "connect", "dirFile", "other"};

static_assert(sizeof(counter) % 8 == 0, "rows of a per-CPU map are rounded up to 8 bytes");

counter Sum(const std::vector<counter>& rows) {
  counter total{};
  for (const counter& row : rows) {
    total.written += row.written;
    total.dropped_ring_full += row.dropped_ring_full;
    total.dropped_too_large += row.dropped_too_large;
    total.dropped_unreadable += row.dropped_unreadable;
    total.dropped_bug += row.dropped_bug;
    total.dropped_compat += row.dropped_compat;
  }
  return total;
}

Napi::Object ToObject(Napi::Env env, const char* event_class, const counter& total) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* name, __u64 value) {
    object.Set(name, Napi::Number::New(env, static_cast<double>(value)));
  };
  object.Set("eventClass", event_class);
  set("written", total.written);
  set("ringFull", total.dropped_ring_full);
  set("tooLarge", total.dropped_too_large);
  set("unreadable", total.dropped_unreadable);
  set("bug", total.dropped_bug);
  set("compat", total.dropped_compat);
  return object;
}

}  // namespace

Napi::Value ReadCounters(Napi::Env env, int fd, uint32_t possible_cpus) {
  std::vector<counter> rows(possible_cpus);
  Napi::Array list = Napi::Array::New(env, kClassNames.size());
  for (uint32_t index = 0; index < kClassNames.size(); index++) {
    if (bpf_map_lookup_elem(fd, &index, rows.data()) != 0) {
      return Fail(env, Code::kMapFailed, "cannot read the counters: " + ErrnoText(errno));
    }
    list.Set(index, ToObject(env, kClassNames[index], Sum(rows)));
  }
  return list;
}

}  // namespace lanner
