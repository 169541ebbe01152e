// How the parts below the JavaScript face report: empty means it went well.
#ifndef LANNER_NATIVE_FAILURE_H_
#define LANNER_NATIVE_FAILURE_H_

#include <optional>
#include <string>

#include "errors.h"

namespace lanner {

struct Failure {
  Code code;
  std::string message;
};

using Outcome = std::optional<Failure>;

}  // namespace lanner

#endif
