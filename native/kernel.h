// Facts about the running kernel that need no privilege and no libbpf.
#ifndef LANNER_NATIVE_KERNEL_H_
#define LANNER_NATIVE_KERNEL_H_

#include <string>

#include "failure.h"

namespace lanner {

constexpr const char* kBtfPath = "/sys/kernel/btf/vmlinux";

struct KernelVersion {
  std::string release;  // as uname prints it
  int major;
  int minor;

  bool AtLeast(int want_major, int want_minor) const {
    return major > want_major || (major == want_major && minor >= want_minor);
  }
};

KernelVersion ReadKernelVersion();

// Whether the programs can be loaded at all: ring buffers and BTF.
Outcome CheckKernel();

Failure NoPermission(const std::string& what);

}  // namespace lanner

#endif
