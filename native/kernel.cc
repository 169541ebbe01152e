#include "kernel.h"

#include <sys/utsname.h>

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

}  // namespace lanner
