// Waiter: sleeps on the JavaScript loop until a ring has data. No thread, no polling.
#ifndef LANNER_NATIVE_WAITER_H_
#define LANNER_NATIVE_WAITER_H_

#include <napi.h>

namespace lanner {

struct LoopHandles;

// new Waiter(fds); wait(callback, timeoutMs); cancel(); close().
//
// An open wait keeps both the object and the process alive. `loop_` is owned by libuv from the
// moment of closing until its close callbacks ran; the waiter forgets it at once.
class Waiter : public Napi::ObjectWrap<Waiter> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit Waiter(const Napi::CallbackInfo& info);
  ~Waiter() override;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // Called by the loop: `ready` is false when the time was up.
  void Fire(bool ready);
  // The environment is going away: closes without calling back.
  void Shut();

 private:
  Napi::Value Wait(const Napi::CallbackInfo& info);
  Napi::Value Cancel(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  void Disarm();

  LoopHandles* loop_ = nullptr;
  Napi::FunctionReference callback_;
};

}  // namespace lanner

#endif
