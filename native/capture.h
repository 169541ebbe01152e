// Capture: the JavaScript face of one set of loaded programs.
#ifndef LANNER_NATIVE_CAPTURE_H_
#define LANNER_NATIVE_CAPTURE_H_

#include <napi.h>

#include "control_page.h"
#include "programs.h"
#include "rings.h"

namespace lanner {

// new Capture({ object, ringBytes, cpusPerRing }) makes the rings and the wake-up page, which an
// engine needs before it starts; load() has the kernel verify the programs on another thread;
// attach() starts them, setEnabled(true) lets them write; close() ends all of it, and twice is
// normal. Methods of a closed capture, and those that need the programs before load() is done, fail
// with CLOSED. A close() during load() takes effect when the load is done.
class Capture : public Napi::ObjectWrap<Capture> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit Capture(const Napi::CallbackInfo& info);
  ~Capture() override;
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

 private:
  Napi::Value Load(const Napi::CallbackInfo& info);
  Napi::Value Attach(const Napi::CallbackInfo& info);
  Napi::Value Detach(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  Napi::Value RingList(const Napi::CallbackInfo& info);
  Napi::Value WakeupFd(const Napi::CallbackInfo& info);
  Napi::Value SetInterest(const Napi::CallbackInfo& info);
  Napi::Value SetScope(const Napi::CallbackInfo& info);
  Napi::Value SetEnabled(const Napi::CallbackInfo& info);
  Napi::Value SetBootTime(const Napi::CallbackInfo& info);
  Napi::Value SetSnaplen(const Napi::CallbackInfo& info);
  Napi::Value SetDropFailed(const Napi::CallbackInfo& info);
  Napi::Value SetSyscallCodes(const Napi::CallbackInfo& info);
  Napi::Value Tasks(const Napi::CallbackInfo& info);
  Napi::Value AddToTree(const Napi::CallbackInfo& info);
  Napi::Value RemoveFromTree(const Napi::CallbackInfo& info);
  Napi::Value TreeMembers(const Napi::CallbackInfo& info);
  Napi::Value Exclude(const Napi::CallbackInfo& info);
  Napi::Value Hold(const Napi::CallbackInfo& info);
  Napi::Value AwaitCanary(const Napi::CallbackInfo& info);
  Napi::Value SendCanary(const Napi::CallbackInfo& info);
  Napi::Value ForgetCanary(const Napi::CallbackInfo& info);
  Napi::Value CanariesWritten(const Napi::CallbackInfo& info);
  Napi::Value Counters(const Napi::CallbackInfo& info);
  Napi::Value CollectStatistics(const Napi::CallbackInfo& info);
  Napi::Value Statistics(const Napi::CallbackInfo& info);

  // False with an exception pending when closed.
  bool IsOpen(Napi::Env env) const;
  // False with an exception pending when closed or not loaded.
  bool IsLoaded(Napi::Env env) const;
  Outcome MakeRings(uint32_t ring_bytes, uint32_t cpus_per_ring);
  // On another thread; touches nothing that methods touch before `loaded_`.
  Outcome LoadPrograms(const std::vector<Handler>& wanted);
  // Handlers of the calls in `bits` that are not loaded yet; they count as loaded from now on.
  std::vector<Handler> TakeHandlers(const uint8_t* bits);
  void Loaded(bool succeeded);
  void Release();

  friend class LoadWorker;

  Programs programs_;
  Rings rings_;
  RingPlan plan_{};
  std::string object_;
  std::vector<Handler> handlers_;
  ControlPage control_;
  uint32_t ring_bytes_ = 0;
  uint32_t possible_cpus_ = 0;
  int wakeup_fd_ = -1;
  int statistics_fd_ = -1;
  bool open_ = false;
  bool loading_ = false;
  bool loaded_ = false;
};

// Interest as 64 bytes; valid while the value is. Empty with an exception pending otherwise.
std::optional<const uint8_t*> ReadInterest(Napi::Env env, Napi::Value value);

}  // namespace lanner

#endif
