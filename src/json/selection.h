// What of a document somebody is going to look at, so that the rest need not be built.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.h"

namespace pawl::json {

// Of an array: the same of each of its elements.
class Selection {
 public:
  static Selection everything() { return Selection(true); }
  // That something is there, of which kind, and how many elements it has: objects are empty.
  static Selection nothing() { return Selection(false); }

  bool is_everything() const { return everything_; }
  bool is_nothing() const { return !everything_ && members_.empty(); }
  // Of an object's member; nullptr: it is not looked at.
  const Selection* member(std::string_view name) const {
    if (everything_) return this;
    for (const auto& [member, selection] : members_) {
      if (member == name) return &selection;
    }
    return nullptr;
  }

  // That member is looked at too, `nothing()` of it at first. Of everything, nothing changes.
  Selection& add_member(std::string_view name) {
    if (everything_) return *this;
    for (auto& [member, selection] : members_) {
      if (member == name) return selection;
    }
    return members_.emplace_back(std::string(name), nothing()).second;
  }
  void add_everything() {
    everything_ = true;
    members_.clear();
  }

 private:
  explicit Selection(bool everything) : everything_(everything) {}

  bool everything_;
  std::vector<std::pair<std::string, Selection>> members_;  // few: an expression names them
};

// As parse_into(arena, text), with the same verdict and words: all of the text is checked. Of what
// is not wanted, members are left out and objects are empty.
Result<Node, ParseError> parse_into(Arena& arena, std::string_view text, const Selection& wanted);

}  // namespace pawl::json
