#include "kernel.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>

namespace lanner {

KernelVersion ReadKernelVersion() {
  utsname name{};
  KernelVersion version{"unknown", 0, 0};
  if (uname(&name) != 0) return version;
  version.release = name.release;
  if (std::sscanf(name.release, "%d.%d", &version.major, &version.minor) != 2) {
    version.major = version.minor = 0;
  }
  return version;
}

Outcome CheckKernel() {
  const KernelVersion version = ReadKernelVersion();
  if (!version.AtLeast(5, 8)) {
    return Failure{Code::kKernelTooOld, "kernel " + version.release +
                                            " has no BPF ring buffer; boot Linux 5.8 or later"};
  }
  if (access(kBtfPath, R_OK) != 0) {
    return Failure{Code::kNoBtf, "kernel " + version.release + " has no readable " + kBtfPath +
                                     "; boot a kernel with CONFIG_DEBUG_INFO_BTF=y"};
  }
  return std::nullopt;
}

Failure NoPermission(const std::string& what) {
  return {Code::kNoPermission,
          what + ": the kernel refused permission; run as root of the initial user namespace, or "
                 "with CAP_BPF and CAP_PERFMON"};
}

}  // namespace lanner
