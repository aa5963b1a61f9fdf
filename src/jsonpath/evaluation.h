// The running of one path over one document; internal to the layer.
//
// Failures inside are an Outcome, not a Result: a wildcard over an array swallows "not found" for
// every element it tries, so the message is made only where somebody will see it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "jsonpath/path.h"
#include "jsonpath/program.h"

namespace pawl::jsonpath {

enum class Outcome { kDone, kNotFound, kFailed };

// A value on the way, as Jayway holds it. Jackson's node provider hands some values out as Java
// objects and some as its own nodes; only messages and the question "is it null?" tell them apart.
struct Model {
  const json::Node* node = nullptr;
  bool wrapped = false;

  bool is_java_null() const { return node->is_null() && !wrapped; }
};

// How a value was reached: links on the stack, written out only for messages.
struct Trail {
  static constexpr std::int64_t kName = -0x100000000;

  const Trail* before = nullptr;  // null: the root
  std::string_view name;
  std::int64_t index = kName;
};

// "$['a'][5]"
std::string to_string(const Trail& trail);

// Where each property step last found its name, by Step::hint.
using Hints = std::array<std::uint32_t, kHintCount + 1>;

// What everything evaluated for one call of Path::evaluate shares.
struct Evaluation {
  Evaluation(json::Arena& the_arena, const json::Node& the_root, Provider the_provider,
             std::size_t document_paths)
      : arena(the_arena), root(the_root), provider(the_provider), document_values(document_paths) {}

  Model root_model() const { return {&root, provider == Provider::kNode}; }
  java::Notation notation() const {
    return provider == Provider::kNode ? java::Notation::kJackson : java::Notation::kCollections;
  }
  std::string text_of(Model model) const;

  template <class Message>
  Outcome not_found(Message message) {
    if (swallowing == 0) error = {PathError::Kind::kNotFound, message(), {}};
    return Outcome::kNotFound;
  }
  Outcome invalid(std::string message) {
    error = {PathError::Kind::kInvalidPath, std::move(message), {}};
    return Outcome::kFailed;
  }
  Outcome other(std::string exception, std::string message) {
    error = {PathError::Kind::kOther, std::move(message), std::move(exception)};
    return Outcome::kFailed;
  }
  // Counts one step of work; false when the budget is used up and the error set.
  bool spend() { return --steps_left >= 0 || exhausted(); }

  bool exhausted();

  json::Arena& arena;
  const json::Node& root;
  const Provider provider;
  std::int64_t steps_left = 10'000'000;
  // How many wildcards and filters around us would swallow a "not found".
  int swallowing = 0;
  // Values of the `$` paths in filters, by Operand::document_path.
  std::vector<const json::Node*> document_values;
  Hints hints{};
  PathError error;
};

// left == right; names are short, and calling memcmp for them costs more than comparing them.
[[gnu::always_inline]] inline bool same_name(std::string_view left, std::string_view right) {
  const auto equal_at = [&]<class Word>(Word one, std::size_t at) {
    Word other;
    std::memcpy(&one, left.data() + at, sizeof one);
    std::memcpy(&other, right.data() + at, sizeof other);
    return one == other;
  };
  const auto equal_ends = [&]<class Word>(Word word) {
    return equal_at(word, 0) && equal_at(word, left.size() - sizeof word);
  };
  if (left.size() != right.size()) return false;
  if (left.size() > 16) return left == right;
  if (left.size() >= 8) return equal_ends(std::uint64_t{});
  if (left.size() >= 4) return equal_ends(std::uint32_t{});
  if (left.size() >= 2) return equal_ends(std::uint16_t{});
  return left.empty() || left.front() == right.front();
}

// `object.find(name)`, and remembers the place in `hint`.
const json::Node* search_member(const json::Node& object, std::string_view name,
                                std::uint32_t& hint);

// The same, but looks first where `hint` says: the objects of a list are mostly alike.
inline const json::Node* find_member(const json::Node& object, std::string_view name,
                                     std::uint32_t& hint) {
  const json::Member* const members = object.members().first;
  if (hint < object.size() && same_name(members[hint].key.string(), name)) {
    return &members[hint].value;
  }
  return search_member(object, name, hint);
}

// The fast way for definite steps: one loop, no messages. kFailed stands for "ask run_path".
struct Located {
  Outcome outcome = Outcome::kFailed;
  const json::Node* node = nullptr;
};
Located locate(std::span<const Step> steps, const json::Node& start, Provider provider,
               Hints& hints);

// Appends what the path finds from `start`.
Outcome run_path(const CompiledPath& path, Model start, Evaluation& evaluation,
                 std::vector<json::Node>& results);

// Whether a filter accepts an item: yes, no (kNotFound), or an error.
Outcome accepts(const Filter& filter, Model item, Evaluation& evaluation);

}  // namespace pawl::jsonpath
