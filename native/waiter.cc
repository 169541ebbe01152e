#include "waiter.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "arguments.h"
#include "errors.h"
#include "loop.h"

namespace lanner {

constexpr uint32_t kFdsMax = 128;
constexpr int64_t kTimeoutMsMax = 3'600'000;

// libuv's two handles, the epoll set that they watch, and the hook that closes them when a worker
// ends. Lives until both close callbacks ran.
struct LoopHandles {
  Waiter* owner = nullptr;
  int epoll_fd = -1;
  int open_handles = 0;
  napi_async_cleanup_hook_handle hook = nullptr;
  std::unique_ptr<unsigned char[]> poll_memory;
  std::unique_ptr<unsigned char[]> timer_memory;

  uv_handle_s* poll() const { return reinterpret_cast<uv_handle_s*>(poll_memory.get()); }
  uv_handle_s* timer() const { return reinterpret_cast<uv_handle_s*>(timer_memory.get()); }
};

namespace {

LoopHandles* HandlesOf(const uv_handle_s* handle) {
  return static_cast<LoopHandles*>(uv_handle_get_data(handle));
}

void OnPoll(uv_handle_s* handle, int, int) {
  if (Waiter* owner = HandlesOf(handle)->owner) owner->Fire(true);
}

void OnTimer(uv_handle_s* handle) {
  if (Waiter* owner = HandlesOf(handle)->owner) owner->Fire(false);
}

void OnClosed(uv_handle_s* handle) {
  LoopHandles* handles = HandlesOf(handle);
  if (--handles->open_handles > 0) return;
  if (handles->hook != nullptr) napi_remove_async_cleanup_hook(handles->hook);
  close(handles->epoll_fd);
  delete handles;
}

void OnEnvironmentEnd(napi_async_cleanup_hook_handle, void* data) {
  auto* handles = static_cast<LoopHandles*>(data);
  if (handles->owner != nullptr) handles->owner->Shut();
}

int OpenEpoll(const std::vector<int>& fds) {
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0) return -1;
  for (const int fd : fds) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0 && errno != EEXIST) {
      const int error = errno;
      close(epoll_fd);
      errno = error;
      return -1;
    }
  }
  return epoll_fd;
}

std::unique_ptr<unsigned char[]> HandleMemory(int type) {
  return std::make_unique<unsigned char[]>(uv_handle_size(type));
}

// The ABI assumption of loop.h, checked once per waiter.
bool KnowsHandleTypes() {
  const char* poll = uv_handle_type_name(kUvPoll);
  const char* timer = uv_handle_type_name(kUvTimer);
  return poll != nullptr && timer != nullptr && std::strcmp(poll, "poll") == 0 &&
         std::strcmp(timer, "timer") == 0;
}

// Null when libuv refuses, with nothing left open but the caller's epoll descriptor.
LoopHandles* OpenHandles(Napi::Env env, int epoll_fd) {
  uv_loop_s* loop = nullptr;
  if (!KnowsHandleTypes() || napi_get_uv_event_loop(env, &loop) != napi_ok) return nullptr;
  auto handles = std::make_unique<LoopHandles>();
  handles->poll_memory = HandleMemory(kUvPoll);
  handles->timer_memory = HandleMemory(kUvTimer);
  if (uv_poll_init(loop, handles->poll(), epoll_fd) != 0) return nullptr;
  uv_timer_init(loop, handles->timer());  // cannot fail
  uv_handle_set_data(handles->poll(), handles.get());
  uv_handle_set_data(handles->timer(), handles.get());
  handles->epoll_fd = epoll_fd;
  handles->open_handles = 2;
  napi_add_async_cleanup_hook(env, OnEnvironmentEnd, handles.get(), &handles->hook);
  return handles.release();
}

}  // namespace

Napi::Function Waiter::Define(Napi::Env env) {
  return DefineClass(env, "Waiter",
                     {InstanceMethod("wait", &Waiter::Wait),
                      InstanceMethod("cancel", &Waiter::Cancel),
                      InstanceMethod("close", &Waiter::Close)});
}

Waiter::Waiter(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Waiter>(info) {
  const Napi::Env env = info.Env();
  const auto fds = ReadFds(env, info[0], kFdsMax);
  if (!fds) return;
  const int epoll_fd = OpenEpoll(*fds);
  if (epoll_fd < 0) {
    Fail(env, Code::kBadArgument, "cannot watch the descriptors: " + ErrnoText(errno));
    return;
  }
  loop_ = OpenHandles(env, epoll_fd);
  if (loop_ == nullptr) {
    close(epoll_fd);
    Fail(env, Code::kBadArgument, "this JavaScript runtime has no usable libuv loop");
    return;
  }
  loop_->owner = this;
}

Waiter::~Waiter() { Shut(); }

void Waiter::Shut() {
  if (loop_ == nullptr) return;
  LoopHandles* handles = loop_;
  loop_ = nullptr;
  handles->owner = nullptr;
  uv_close(handles->poll(), OnClosed);
  uv_close(handles->timer(), OnClosed);
}

void Waiter::Disarm() {
  uv_poll_stop(loop_->poll());
  uv_timer_stop(loop_->timer());
  callback_.Reset();
  Unref();
}

// Raw N-API around the callback: node-addon-api without exceptions cannot re-throw everything.
void Waiter::Fire(bool ready) {
  const Napi::Env env = Env();
  const Napi::HandleScope scope(env);
  const Napi::Function callback = callback_.Value();
  const Napi::Object receiver = Value();
  Disarm();
  napi_value argument = Napi::Boolean::New(env, ready);
  napi_value ignored = nullptr;
  const napi_status status =
      napi_make_callback(env, nullptr, receiver, callback, 1, &argument, &ignored);
  if (status == napi_ok) return;
  napi_value error = nullptr;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

Napi::Value Waiter::Wait(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (loop_ == nullptr) return Fail(env, Code::kClosed, "the waiter is closed");
  if (!info[0].IsFunction()) {
    return Fail(env, Code::kBadArgument, "callback must be a function");
  }
  if (!callback_.IsEmpty()) {
    return Fail(env, Code::kBadArgument, "the waiter waits already; cancel() that wait first");
  }
  const auto timeout = ReadInteger(env, info[1], {"timeoutMs", -1, kTimeoutMsMax});
  if (!timeout) return env.Undefined();
  if (uv_poll_start(loop_->poll(), kUvReadable, OnPoll) != 0) {
    return Fail(env, Code::kBadArgument, "cannot watch the descriptors on the event loop");
  }
  if (*timeout >= 0) uv_timer_start(loop_->timer(), OnTimer, static_cast<uint64_t>(*timeout), 0);
  callback_ = Napi::Persistent(info[0].As<Napi::Function>());
  Ref();
  return env.Undefined();
}

Napi::Value Waiter::Cancel(const Napi::CallbackInfo& info) {
  if (loop_ != nullptr && !callback_.IsEmpty()) Disarm();
  return info.Env().Undefined();
}

Napi::Value Waiter::Close(const Napi::CallbackInfo& info) {
  Cancel(info);
  Shut();
  return info.Env().Undefined();
}

}  // namespace lanner
