#include "base/ensure.h"

#include <cstdio>
#include <cstdlib>

namespace pawl {

void ensure_failed(const char* condition, const char* file, int line, const std::string& values) {
  std::fprintf(stderr, "%s:%d: invariant does not hold: %s%s%s\n", file, line, condition,
               values.empty() ? "" : " with", values.c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace pawl
