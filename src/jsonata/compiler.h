// From the shaped syntax tree to a Program.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "jsonata/errors.h"
#include "jsonata/program.h"
#include "jsonata/scopes.h"

namespace pawl::jsonata {

// What surrounds an expression that is compiled while another one runs ($eval).
struct Surroundings {
  std::span<const OuterName> names;
  std::uint32_t kept_regexes = 0;             // numbers that are taken
  std::span<const std::string_view> globals;  // likewise
};

Result<std::shared_ptr<const Program>, Mistake> compile(std::string text, Dialect dialect,
                                                        const Surroundings& surroundings);

}  // namespace pawl::jsonata
