// java.util.Random, which $random(seed) of Step Functions answers from.
#pragma once

#include <cstdint>

namespace pawl::jsonata {

// The 48-bit linear congruential generator of the Java SE API, class Random.
class JavaRandom {
 public:
  explicit JavaRandom(std::int64_t seed);
  // In [0, 1): nextDouble().
  double next_double();

 private:
  std::uint32_t next(int bits);
  std::uint64_t state_;
};

}  // namespace pawl::jsonata
