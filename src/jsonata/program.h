// A compiled expression, immutable once it is compiled.
#pragma once

#include <cstdint>
#include <deque>
#include <memory_resource>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jsonata/expression.h"
#include "jsonata/program_nodes.h"
#include "jsonata/scopes.h"

namespace pawl::jsonata {

struct Program {
  std::string text;
  Dialect dialect = Dialect::kFull;
  std::set<std::string, std::less<>> free_variables;
  const Node* root = nullptr;
  std::uint16_t slots = 0;  // of the outermost frame
  std::uint32_t hints = 0;
  std::vector<std::string_view> globals;  // names by number
  std::deque<Regex> regexes;
  std::deque<Signature> signatures;
  // For each $eval: the variables around it.
  std::vector<std::pair<const Call*, std::span<const OuterName>>> outer_names;
  // The texts of string literals: what an answer may have taken over, and must not keep.
  std::string literals;
  std::pmr::monotonic_buffer_resource memory{1024};
};

}  // namespace pawl::jsonata
