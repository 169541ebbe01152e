#include "control_page.h"

#include <linux/types.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "../bpf/control.h"

namespace lanner {
namespace {

template <typename T>
void Publish(T& place, T value) {
  __atomic_store_n(&place, value, __ATOMIC_RELEASE);
}

size_t MappedBytes() {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return (sizeof(control) + page - 1) / page * page;
}

}  // namespace

ControlPage::~ControlPage() { Close(); }

Outcome ControlPage::Map(int fd) {
  void* page = mmap(nullptr, MappedBytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) {
    return Failure{Code::kMapFailed, "cannot map the control page: " + ErrnoText(errno) +
                                         "; the BPF object may be of another version"};
  }
  page_ = static_cast<control*>(page);
  return std::nullopt;
}

void ControlPage::Close() {
  if (page_ != nullptr) munmap(page_, MappedBytes());
  page_ = nullptr;
}

void ControlPage::SetInterest(const uint8_t* bits) {
  for (size_t word = 0; word < LANNER_SYSCALLS_MAX / 64; word++) {
    uint64_t value = 0;
    for (size_t byte = 0; byte < 8; byte++) {
      value |= static_cast<uint64_t>(bits[word * 8 + byte]) << (byte * 8);
    }
    Publish(page_->interest[word], static_cast<__u64>(value));
  }
}

// The kind last: until then the old kind looks at the new value, which is nobody's.
void ControlPage::SetScope(const Scope& scope) {
  Publish(page_->scope_level, static_cast<__u32>(scope.level));
  Publish(page_->scope_value, static_cast<__u64>(scope.value));
  Publish(page_->scope_kind, static_cast<__u32>(scope.kind));
}

void ControlPage::SetEnabled(bool enabled) { Publish(page_->enabled, enabled ? 1U : 0U); }

void ControlPage::SetBootTime(uint64_t ns) {
  Publish(page_->boot_time_ns, static_cast<__u64>(ns));
}

void ControlPage::SetSnaplen(uint32_t bytes) { Publish(page_->snaplen, bytes); }

void ControlPage::SetDropFailed(bool drop) { Publish(page_->drop_failed, drop ? 1U : 0U); }

void ControlPage::CountExcluded(uint32_t tgid) {
  __atomic_fetch_add(&page_->excluded_slots[tgid % LANNER_EXCLUDED_SLOTS], 1U, __ATOMIC_RELEASE);
}

void ControlPage::SetHeld(uint32_t tgid) { Publish(page_->held_tgid, tgid); }

void ControlPage::SetCanary(uint32_t number, uint32_t tgid) {
  Publish(page_->canary_tgid, tgid);
  Publish(page_->canary, number);
}

uint32_t ControlPage::CanariesWritten() const {
  return __atomic_load_n(&page_->canaries_written, __ATOMIC_ACQUIRE);
}

}  // namespace lanner
