// Runs a function on every thread of the process: the kernel keeps capabilities for each thread.
#ifndef LANNER_NATIVE_EVERY_THREAD_H_
#define LANNER_NATIVE_EVERY_THREAD_H_

#include <string>

namespace lanner {

// `work` must be async-signal-safe. Returns what went wrong, or an empty text. Not to be called by
// two threads at once.
std::string OnEveryThread(void (*work)());

}  // namespace lanner

#endif
