// Capture: the JavaScript face of one set of loaded programs.
#ifndef LANNER_NATIVE_CAPTURE_H_
#define LANNER_NATIVE_CAPTURE_H_

#include <napi.h>

#include "control_page.h"
#include "programs.h"
#include "rings.h"

namespace lanner {

// new Capture({ object, ringBytes, cpusPerRing, snaplen, dropFailed }) loads; attach() starts the
// programs, setEnabled(true) lets them write; close() ends all of it, and twice is normal. Methods
// of a closed capture fail with CLOSED.
class Capture : public Napi::ObjectWrap<Capture> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit Capture(const Napi::CallbackInfo& info);
  ~Capture() override;
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

 private:
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
  Napi::Value AddToTree(const Napi::CallbackInfo& info);
  Napi::Value Exclude(const Napi::CallbackInfo& info);
  Napi::Value Counters(const Napi::CallbackInfo& info);
  Napi::Value CollectStatistics(const Napi::CallbackInfo& info);
  Napi::Value Statistics(const Napi::CallbackInfo& info);

  // False with an exception pending when closed.
  bool IsOpen(Napi::Env env) const;
  Outcome Open(const std::string& object, uint32_t ring_bytes, uint32_t cpus_per_ring);
  void Release();

  Programs programs_;
  Rings rings_;
  ControlPage control_;
  uint32_t ring_bytes_ = 0;
  uint32_t possible_cpus_ = 0;
  int statistics_fd_ = -1;
  bool open_ = false;
};

}  // namespace lanner

#endif
