// A planted bug behind four comparisons: coverage feedback finds it within seconds, blind chance
// would not in years. A fuzzer that does not find it is not working.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size >= 4 && data[0] == 'p' && data[1] == 'a' && data[2] == 'w' && data[3] == 'l') {
    std::fputs("canary found\n", stderr);
    std::abort();
  }
  return 0;
}
