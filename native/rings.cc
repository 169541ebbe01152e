#include "rings.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>

#include "kernel.h"

namespace lanner {

RingPlan PlanRings(uint32_t possible_cpus, uint32_t online_cpus, uint32_t cpus_per_ring,
                   uint32_t bytes) {
  return {possible_cpus, (online_cpus + cpus_per_ring - 1) / cpus_per_ring, cpus_per_ring, bytes};
}

Rings::~Rings() { Close(); }

Outcome Rings::Make(const RingPlan& plan) {
  for (uint32_t i = 0; i < plan.rings; i++) {
    const int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, plan.bytes, nullptr);
    if (fd < 0 && errno == EPERM) return NoPermission("cannot make a ring");
    if (fd < 0) {
      return Failure{Code::kMapFailed, "cannot make ring " + std::to_string(i) + " of " +
                                           std::to_string(plan.bytes) +
                                           " bytes: " + ErrnoText(errno) +
                                           "; ask for smaller or fewer rings"};
    }
    fds_.push_back(fd);
  }
  return std::nullopt;
}

Outcome Rings::Assign(const RingPlan& plan, int slots_fd) {
  for (uint32_t cpu = 0; cpu < plan.possible_cpus; cpu++) {
    const int fd = fds_[cpu / plan.cpus_per_ring % plan.rings];
    if (bpf_map_update_elem(slots_fd, &cpu, &fd, BPF_ANY) != 0) {
      return Failure{Code::kMapFailed, "cannot give CPU " + std::to_string(cpu) +
                                           " its ring: " + ErrnoText(errno)};
    }
  }
  return std::nullopt;
}

void Rings::Close() {
  for (const int fd : fds_) close(fd);
  fds_.clear();
}

}  // namespace lanner
