// What JavaScript sees. All state lives in the wrapped objects: two workers may load the addon.
#include <napi.h>

#include "jail.h"
#include "jail_trial.h"
#include "memfd.h"
#include "probe.h"
#include "waiter.h"
#include "window.h"
#ifndef LANNER_NO_CAPTURE
#include "capture.h"
#endif

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("createMemory", Napi::Function::New(env, lanner::CreateMemory, "createMemory"));
  exports.Set("closeFd", Napi::Function::New(env, lanner::CloseFd, "closeFd"));
  exports.Set("mapWindow", Napi::Function::New(env, lanner::MapWindow, "mapWindow"));
  exports.Set("sealPages", Napi::Function::New(env, lanner::SealPages, "sealPages"));
  exports.Set("unmapWindow", Napi::Function::New(env, lanner::UnmapWindow, "unmapWindow"));
  exports.Set("enterJail", Napi::Function::New(env, lanner::EnterJail, "enterJail"));
  exports.Set("tryForbidden", Napi::Function::New(env, lanner::TryForbidden, "tryForbidden"));
  exports.Set("probe", Napi::Function::New(env, lanner::Probe, "probe"));
  exports.Set("bootTimeNs", Napi::Function::New(env, lanner::BootTimeNs, "bootTimeNs"));
  exports.Set("Waiter", lanner::Waiter::Define(env));
#ifndef LANNER_NO_CAPTURE
  exports.Set("Capture", lanner::Capture::Define(env));
#endif
  return exports;
}

}  // namespace

NODE_API_MODULE(lanner, Init)
