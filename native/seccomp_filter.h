// Which system calls the engine process may make.
#ifndef LANNER_NATIVE_SECCOMP_FILTER_H_
#define LANNER_NATIVE_SECCOMP_FILTER_H_

#include <linux/filter.h>

#include <vector>

namespace lanner {

// A classic BPF program for seccomp(2); empty on an architecture that it was not written for.
// `pid`: the process whose threads may be signalled.
std::vector<sock_filter> SeccompFilter(unsigned pid);

}  // namespace lanner

#endif
