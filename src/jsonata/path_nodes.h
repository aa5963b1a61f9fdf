// The nodes of paths: steps, what stands behind them, and the names that they bind.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "jsonata/program_nodes.h"

namespace pawl::jsonata {

struct Filter {
  const Node* predicate = nullptr;
  // `[0]`: the predicate is a number.
  bool is_index = false;
  double index = 0.0;
};

struct StageNode {
  enum class Kind : std::uint8_t { kFilter, kIndex } kind = Kind::kFilter;
  Filter filter;
  std::uint16_t column = 0;  // of kIndex
};

struct SortTermNode {
  const Node* expression = nullptr;
  bool descending = false;
};

inline constexpr std::uint16_t kNoColumn = 0xFFFF;

struct Step {
  enum class Kind : std::uint8_t { kName, kOther, kSort } kind = Kind::kOther;
  bool constructed = false;  // an array constructor in first place
  bool has_focus = false;
  bool tuple = false;  // from here on there are bindings
  std::string_view name;
  Hint hint;
  const Node* expression = nullptr;
  std::span<const StageNode> stages;
  std::span<const SortTermNode> terms;
  std::uint32_t position = 0;
  std::uint16_t focus = kNoColumn;
  std::uint16_t index = kNoColumn;
  std::uint16_t ancestor = kNoColumn;
};

// The names that tuples bind, by number, and the slots that hold them while something runs for a
// tuple: label i's is slots.first + i.
struct TupleLayout {
  std::span<const std::uint32_t> labels;
  SlotRange slots;

  std::size_t columns() const { return labels.size(); }
};

struct Path : Node {
  std::span<const Step> steps;
  const ObjectNode* group = nullptr;
  bool absolute = false;  // begins with a variable: the input array is one item
  bool keep_singleton = false;
  // Of kTuplePath, and whether the bindings are for the path around it.
  TupleLayout tuples;
  bool passes_tuples = false;
};

struct MemberName {
  std::string_view name;
  Hint hint;
};

// `$v.a.b`: the path of which it is the short way, where each name is an object's.
struct Names : Node {
  const Node* variable = nullptr;  // kVariable or kGlobal
  std::span<const MemberName> names;
  const Path* path = nullptr;
};

struct Refined : Node {
  const Node* inner = nullptr;
  std::span<const Filter> predicates;
  const ObjectNode* group = nullptr;
  // Of the path whose step it is, if that has bindings.
  const TupleLayout* tuples = nullptr;
};

}  // namespace pawl::jsonata
