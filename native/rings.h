// The ring buffers: made before the load, given to CPUs after it, one or several CPUs each.
#ifndef LANNER_NATIVE_RINGS_H_
#define LANNER_NATIVE_RINGS_H_

#include <cstdint>
#include <vector>

#include "failure.h"

namespace lanner {

struct RingPlan {
  uint32_t possible_cpus;
  uint32_t rings;
  uint32_t cpus_per_ring;
  uint32_t bytes;  // of data, a power of two
};

// One ring for each `cpus_per_ring` CPUs that are online; CPUs that come later share those rings.
RingPlan PlanRings(uint32_t possible_cpus, uint32_t online_cpus, uint32_t cpus_per_ring,
                   uint32_t bytes);

// Owns the descriptors.
class Rings {
 public:
  Rings() = default;
  ~Rings();
  Rings(const Rings&) = delete;
  Rings& operator=(const Rings&) = delete;

  Outcome Make(const RingPlan& plan);
  // Fills every slot of the array of maps `slots_fd`: one for each CPU there may ever be.
  Outcome Assign(const RingPlan& plan, int slots_fd);
  void Close();
  const std::vector<int>& fds() const { return fds_; }

 private:
  std::vector<int> fds_;
};

}  // namespace lanner

#endif
