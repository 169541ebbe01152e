// The BPF object: opened, sized, loaded, attached. See bpf/README.md, "Contract with user space".
#ifndef LANNER_NATIVE_PROGRAMS_H_
#define LANNER_NATIVE_PROGRAMS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "failure.h"

struct bpf_link;
struct bpf_object;

namespace lanner {

// The program that takes a system call, by its native number.
struct Handler {
  uint32_t number;
  std::string program;
};

struct ProgramRuns {
  std::string name;
  uint64_t runs;
  uint64_t nanoseconds;
};

// Owns the object and its links; the destructor detaches and unloads.
class Programs {
 public:
  Programs() = default;
  ~Programs();
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  // Loads the programs that are attached, and the handlers. Every ring that will be put into map
  // `rings` must be like `template_ring`; `wakeup` becomes the map of section .bss.wakeup.
  struct Plan {
    std::string path;
    uint32_t cpus;
    int template_ring;
    int wakeup;
  };
  Outcome Load(const Plan& plan, const std::vector<Handler>& handlers);
  // After Load: further handlers, into the same maps.
  Outcome Add(const std::vector<Handler>& handlers);
  // Twice is once.
  Outcome Attach();
  void Detach();
  // Detaches and unloads; twice is normal.
  void Close();

  // Descriptor of a map by its name in the object, -1 when there is none.
  int Map(const char* name) const;
  // The rows (struct task_row) of program `list_tasks`, read now.
  Outcome Tasks(std::vector<uint8_t>& rows);
  // Run counts of the attached programs; zeros unless the kernel collects statistics.
  std::vector<ProgramRuns> Runs() const;

 private:
  Outcome Size();
  Outcome Put(const bpf_object* object, const std::vector<Handler>& handlers);

  Plan plan_;
  bpf_object* object_ = nullptr;
  bpf_link* list_tasks_ = nullptr;
  std::vector<bpf_link*> links_;
};

}  // namespace lanner

#endif
