// The page of `struct control`, shared with the capture programs.
#ifndef LANNER_NATIVE_CONTROL_PAGE_H_
#define LANNER_NATIVE_CONTROL_PAGE_H_

#include <cstdint>

#include "failure.h"

struct control;

namespace lanner {

struct Scope {
  uint32_t kind;  // enum scope_kind
  uint64_t value;
  uint32_t level;
};

// Owns the mapping. Programs on other CPUs read while this writes, so every store is atomic.
class ControlPage {
 public:
  ControlPage() = default;
  ~ControlPage();
  ControlPage(const ControlPage&) = delete;
  ControlPage& operator=(const ControlPage&) = delete;

  Outcome Map(int fd);
  void Close();

  void SetInterest(const uint8_t* bits);  // LANNER_SYSCALLS_MAX / 8 bytes
  void SetScope(const Scope& scope);
  void SetEnabled(bool enabled);
  void SetBootTime(uint64_t ns);
  void SetSnaplen(uint32_t bytes);
  void SetDropFailed(bool drop);
  // Before the entry is in map `excluded`; the programs take it back when the process ends.
  void CountExcluded(uint32_t tgid);
  // The member of the tree that waits; 0 for none.
  void SetHeld(uint32_t tgid);
  // A close() of `number` by process `tgid` becomes a canary; 0 for none.
  void SetCanary(uint32_t number, uint32_t tgid);
  uint32_t CanariesWritten() const;

 private:
  control* page_ = nullptr;
};

}  // namespace lanner

#endif
