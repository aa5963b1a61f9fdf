// A compiled expression, immutable once it is compiled.
#pragma once

#include <cstdint>
#include <forward_list>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/arena.h"
#include "jsonata/expression.h"
#include "jsonata/kept_pictures.h"
#include "jsonata/path_nodes.h"
#include "jsonata/scopes.h"

namespace pawl::jsonata {

// A path that begins with `$states.member`; the latest one first.
struct StatesPath {
  std::string_view member;
  // By names alone it reaches so far into `$states`, steps taken; 0: nobody knows how far.
  std::uint32_t names = 0;
  // Of what it finds, only how many there are is asked for.
  bool counted = false;
  std::span<const Step> steps;
  const StatesPath* previous = nullptr;
};

struct Program {
  std::string text;
  Dialect dialect = Dialect::kFull;
  std::set<std::string, std::less<>> free_variables;
  const StatesPath* states_paths = nullptr;
  // Besides those paths, the expression reads `$states` as such.
  bool reads_all_states = false;
  const Node* root = nullptr;
  std::uint16_t slots = 0;  // of the outermost frame
  std::uint32_t kept_regexes = 0;
  std::vector<std::string_view> globals;  // names by number
  std::forward_list<Regex> regexes;
  std::forward_list<Signature> signatures;
  std::forward_list<KeptPictures> pictures;
  // For each $eval: the variables around it.
  std::vector<std::pair<const Call*, std::span<const OuterName>>> outer_names;
  // String literals are parts of the text, or, when they hold escapes, of this. An answer may have
  // taken them over, and must not keep them.
  std::string literals;
  json::Arena memory;
};

}  // namespace pawl::jsonata
