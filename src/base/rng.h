// The randomness seam, and the identifiers drawn from it.
#pragma once

#include <cstdint>
#include <string>

namespace pawl {

class Rng {
 public:
  virtual ~Rng() = default;
  virtual std::uint64_t next() = 0;
};

// The kernel's generator, read in blocks. One object per thread.
class SystemRng final : public Rng {
 public:
  std::uint64_t next() override;

 private:
  std::uint64_t block_[64] = {};
  unsigned used_ = 64;
};

// SplitMix64: a whole sequence from one seed. Not for secrets.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

// A random (version 4) UUID, 36 lower-case characters (RFC 9562 section 5.4).
std::string make_uuid(Rng& rng);
// Uniform in [0, 1), 53 bits.
double uniform_unit(Rng& rng);

}  // namespace pawl
