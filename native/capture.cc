#include "capture.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/types.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <utility>

#include "../bpf/control.h"
#include "arguments.h"
#include "counters.h"
#include "errors.h"
#include "kernel.h"

namespace lanner {
namespace {

constexpr uint32_t kRingsMax = 128;
constexpr int64_t kRingBytesMin = 4'096;
constexpr int64_t kRingBytesMax = int64_t{1} << 29;
constexpr size_t kPathBytesMax = 4'096;
constexpr size_t kProgramBytesMax = 64;

struct Options {
  std::string object;
  uint32_t ring_bytes;
  uint32_t cpus_per_ring;
  std::vector<Handler> handlers;
};

// An array of { number, program }.
std::optional<std::vector<Handler>> ReadHandlers(Napi::Env env, Napi::Value value) {
  if (!value.IsArray()) {
    Fail(env, Code::kBadArgument, "handlers must be an array of { number, program }");
    return std::nullopt;
  }
  const auto list = value.As<Napi::Array>();
  std::vector<Handler> handlers;
  for (uint32_t i = 0; i < std::min<uint32_t>(list.Length(), LANNER_SYSCALLS_MAX); i++) {
    const auto row = ReadObject(env, list.Get(i), "handlers");
    if (!row) return std::nullopt;
    const auto number =
        ReadInteger(env, row->Get("number"), {"number", 0, LANNER_SYSCALLS_MAX - 1});
    if (!number) return std::nullopt;
    const auto program = ReadText(env, row->Get("program"), "program", kProgramBytesMax);
    if (!program) return std::nullopt;
    handlers.push_back({static_cast<uint32_t>(*number), *program});
  }
  return handlers;
}

std::optional<Options> ReadOptions(Napi::Env env, Napi::Value value) {
  const auto given = ReadObject(env, value, "options");
  if (!given) return std::nullopt;
  const auto object = ReadText(env, given->Get("object"), "object", kPathBytesMax);
  if (!object) return std::nullopt;
  const auto bytes =
      ReadInteger(env, given->Get("ringBytes"), {"ringBytes", kRingBytesMin, kRingBytesMax});
  if (!bytes) return std::nullopt;
  if ((*bytes & (*bytes - 1)) != 0) {
    Fail(env, Code::kBadArgument, "ringBytes must be a power of two");
    return std::nullopt;
  }
  const auto share =
      ReadInteger(env, given->Get("cpusPerRing"), {"cpusPerRing", 1, LANNER_CPUS_MAX});
  if (!share) return std::nullopt;
  const auto handlers = ReadHandlers(env, given->Get("handlers"));
  if (!handlers) return std::nullopt;
  return Options{*object, static_cast<uint32_t>(*bytes), static_cast<uint32_t>(*share), *handlers};
}

}  // namespace

Napi::Function Capture::Define(Napi::Env env) {
  return DefineClass(env, "Capture",
                     {InstanceMethod("load", &Capture::Load),
                      InstanceMethod("attach", &Capture::Attach),
                      InstanceMethod("detach", &Capture::Detach),
                      InstanceMethod("close", &Capture::Close),
                      InstanceMethod("rings", &Capture::RingList),
                      InstanceMethod("wakeupFd", &Capture::WakeupFd),
                      InstanceMethod("setInterest", &Capture::SetInterest),
                      InstanceMethod("setScope", &Capture::SetScope),
                      InstanceMethod("setEnabled", &Capture::SetEnabled),
                      InstanceMethod("setBootTime", &Capture::SetBootTime),
                      InstanceMethod("setSnaplen", &Capture::SetSnaplen),
                      InstanceMethod("setDropFailed", &Capture::SetDropFailed),
                      InstanceMethod("setSyscallCodes", &Capture::SetSyscallCodes),
                      InstanceMethod("tasks", &Capture::Tasks),
                      InstanceMethod("addToTree", &Capture::AddToTree),
                      InstanceMethod("removeFromTree", &Capture::RemoveFromTree),
                      InstanceMethod("treeMembers", &Capture::TreeMembers),
                      InstanceMethod("exclude", &Capture::Exclude),
                      InstanceMethod("hold", &Capture::Hold),
                      InstanceMethod("awaitCanary", &Capture::AwaitCanary),
                      InstanceMethod("sendCanary", &Capture::SendCanary),
                      InstanceMethod("forgetCanary", &Capture::ForgetCanary),
                      InstanceMethod("canariesWritten", &Capture::CanariesWritten),
                      InstanceMethod("counters", &Capture::Counters),
                      InstanceMethod("collectStatistics", &Capture::CollectStatistics),
                      InstanceMethod("statistics", &Capture::Statistics)});
}

Capture::Capture(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Capture>(info) {
  const Napi::Env env = info.Env();
  const auto options = ReadOptions(env, info[0]);
  if (!options) return;
  object_ = options->object;
  handlers_ = options->handlers;
  const Outcome failure = MakeRings(options->ring_bytes, options->cpus_per_ring);
  open_ = true;
  if (!failure) return;
  Release();
  Fail(env, failure->code, failure->message);
}

Capture::~Capture() { Release(); }

Outcome Capture::MakeRings(uint32_t ring_bytes, uint32_t cpus_per_ring) {
  const int possible = libbpf_num_possible_cpus();
  if (possible < 1 || possible > LANNER_CPUS_MAX) {
    return Failure{Code::kLoadFailed, "cannot use " + std::to_string(possible) +
                                          " possible CPUs; the limit is " +
                                          std::to_string(LANNER_CPUS_MAX)};
  }
  possible_cpus_ = static_cast<uint32_t>(possible);
  ring_bytes_ = ring_bytes;
  const auto online = static_cast<uint32_t>(std::clamp(get_nprocs(), 1, possible));
  plan_ = PlanRings(possible_cpus_, online, cpus_per_ring, ring_bytes);
  if (plan_.rings > kRingsMax) {
    return Failure{Code::kBadArgument, std::to_string(plan_.rings) + " rings are more than " +
                                           std::to_string(kRingsMax) + "; raise cpusPerRing"};
  }
  if (Outcome failure = CheckKernel()) return failure;
  if (Outcome failure = rings_.Make(plan_)) return failure;
  LIBBPF_OPTS(bpf_map_create_opts, mappable, .map_flags = BPF_F_MMAPABLE);
  wakeup_fd_ = bpf_map_create(BPF_MAP_TYPE_ARRAY, "wakeup", sizeof(uint32_t), sizeof(struct wakeup),
                              1, &mappable);
  if (wakeup_fd_ >= 0) return std::nullopt;
  return Failure{Code::kLoadFailed, "cannot make the wake-up page: " + ErrnoText(errno)};
}

std::vector<Handler> Capture::TakeHandlers(const uint8_t* bits) {
  const auto rest = std::partition(handlers_.begin(), handlers_.end(), [bits](const Handler& one) {
    return ((bits[one.number / 8] >> (one.number % 8)) & 1) == 0;
  });
  std::vector<Handler> taken(std::make_move_iterator(rest),
                             std::make_move_iterator(handlers_.end()));
  handlers_.erase(rest, handlers_.end());
  return taken;
}

Outcome Capture::LoadPrograms(const std::vector<Handler>& wanted) {
  const Programs::Plan plan{object_, possible_cpus_, rings_.fds()[0], wakeup_fd_};
  if (Outcome failure = programs_.Load(plan, wanted)) return failure;
  if (Outcome failure = rings_.Assign(plan_, programs_.Map("rings"))) return failure;
  return control_.Map(programs_.Map(".bss.control"));
}

void Capture::Loaded(bool succeeded) {
  loading_ = false;
  loaded_ = succeeded && open_;
  if (!loaded_) Release();
}

// Keeps the capture alive until the promise is settled.
class LoadWorker : public Napi::AsyncWorker {
 public:
  LoadWorker(Napi::Env env, Capture* capture, std::vector<Handler> wanted)
      : Napi::AsyncWorker(env),
        capture_(capture),
        wanted_(std::move(wanted)),
        deferred_(Napi::Promise::Deferred::New(env)) {
    capture_->Ref();
  }
  Napi::Promise Promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { outcome_ = capture_->LoadPrograms(wanted_); }
  void OnOK() override {
    capture_->Loaded(!outcome_);
    if (outcome_) {
      deferred_.Reject(MakeError(Env(), outcome_->code, outcome_->message).Value());
    } else {
      deferred_.Resolve(Env().Undefined());
    }
    capture_->Unref();
  }

 private:
  Capture* capture_;
  std::vector<Handler> wanted_;
  Napi::Promise::Deferred deferred_;
  Outcome outcome_;
};

Napi::Value Capture::Load(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsOpen(env)) return env.Undefined();
  if (loading_ || loaded_) return Fail(env, Code::kBadArgument, "load() was called before");
  const auto bits = ReadInterest(env, info[0]);
  if (!bits) return env.Undefined();
  loading_ = true;
  auto* worker = new LoadWorker(env, this, TakeHandlers(*bits));
  const Napi::Promise promise = worker->Promise();
  worker->Queue();
  return promise;
}

void Capture::Release() {
  if (loaded_) control_.SetEnabled(false);
  open_ = false;
  loaded_ = false;
  if (loading_) return;
  programs_.Close();
  control_.Close();
  rings_.Close();
  if (statistics_fd_ >= 0) close(statistics_fd_);
  statistics_fd_ = -1;
  if (wakeup_fd_ >= 0) close(wakeup_fd_);
  wakeup_fd_ = -1;
}

bool Capture::IsOpen(Napi::Env env) const {
  if (!open_) Fail(env, Code::kClosed, "the capture is closed");
  return open_;
}

bool Capture::IsLoaded(Napi::Env env) const {
  if (!IsOpen(env)) return false;
  if (!loaded_) Fail(env, Code::kClosed, "the programs are not loaded; await load() first");
  return loaded_;
}

Napi::Value Capture::Attach(const Napi::CallbackInfo& info) {
  if (!IsLoaded(info.Env())) return info.Env().Undefined();
  if (const Outcome failure = programs_.Attach()) {
    return Fail(info.Env(), failure->code, failure->message);
  }
  return info.Env().Undefined();
}

Napi::Value Capture::Detach(const Napi::CallbackInfo& info) {
  if (loaded_) programs_.Detach();
  return info.Env().Undefined();
}

Napi::Value Capture::Close(const Napi::CallbackInfo& info) {
  Release();
  return info.Env().Undefined();
}

Napi::Value Capture::RingList(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsOpen(env)) return env.Undefined();
  Napi::Array list = Napi::Array::New(env, rings_.fds().size());
  for (uint32_t i = 0; i < rings_.fds().size(); i++) {
    Napi::Object ring = Napi::Object::New(env);
    ring.Set("fd", Napi::Number::New(env, rings_.fds()[i]));
    ring.Set("bytes", Napi::Number::New(env, ring_bytes_));
    list.Set(i, ring);
  }
  return list;
}

Napi::Value Capture::WakeupFd(const Napi::CallbackInfo& info) {
  if (!IsOpen(info.Env())) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), wakeup_fd_);
}

Napi::Value Capture::Counters(const Napi::CallbackInfo& info) {
  if (!IsLoaded(info.Env())) return info.Env().Undefined();
  return ReadCounters(info.Env(), programs_.Map("counters"), possible_cpus_);
}

// The kernel collects run statistics for as long as the descriptor is open.
Napi::Value Capture::CollectStatistics(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env) || statistics_fd_ >= 0) return env.Undefined();
  statistics_fd_ = bpf_enable_stats(BPF_STATS_RUN_TIME);
  if (statistics_fd_ < 0) {
    return Fail(env, Code::kNoPermission, "cannot switch run statistics on: " + ErrnoText(errno) +
                                              "; this needs CAP_SYS_ADMIN");
  }
  return env.Undefined();
}

Napi::Value Capture::Statistics(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!IsLoaded(env)) return env.Undefined();
  const std::vector<ProgramRuns> runs = programs_.Runs();
  Napi::Array list = Napi::Array::New(env, runs.size());
  for (uint32_t i = 0; i < runs.size(); i++) {
    Napi::Object row = Napi::Object::New(env);
    row.Set("program", runs[i].name);
    row.Set("runs", Napi::Number::New(env, static_cast<double>(runs[i].runs)));
    row.Set("nanoseconds", Napi::Number::New(env, static_cast<double>(runs[i].nanoseconds)));
    list.Set(i, row);
  }
  return list;
}

}  // namespace lanner
