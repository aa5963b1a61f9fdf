// Where in a definition the walk stands: a chain of member names and element indexes that lives on
// the walk's stack. It prints in the two notations we need: AWS's location, which diagnostics show,
// and the JSON pointer, which names a state durably.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pawl::asl {

class Place {
 public:
  // The whole definition.
  Place() = default;

  // Children refer to this place and to `key`: both must outlive them.
  Place member(std::string_view key) const& { return {this, Step::kMember, key, 0}; }
  Place element(std::size_t index) const& { return {this, Step::kElement, {}, index}; }
  // The state `name`: a member that locations inside the state are told from.
  Place state(std::string_view name) const& { return {this, Step::kState, name, 0}; }
  Place member(std::string_view key) const&& = delete;
  Place state(std::string_view name) const&& = delete;
  Place element(std::size_t index) const&& = delete;

  // "/States/C/Choices[0]/Next", names as they are; "/" for the whole definition.
  std::string location() const;
  // "Choices[0]/Next": from the innermost state on, as evaluation errors name a field.
  std::string location_in_state() const;
  // "/States/C/Choices/0/Next" (RFC 6901); empty for the whole definition.
  std::string pointer() const;

 private:
  enum class Step { kRoot, kMember, kState, kElement };

  Place(const Place* parent, Step step, std::string_view key, std::size_t index)
      : parent_(parent), step_(step), key_(key), index_(index) {}

  const Place* parent_ = nullptr;
  Step step_ = Step::kRoot;
  std::string_view key_;
  std::size_t index_ = 0;
};

// Appends `name` to `pointer` as one more reference token: "/" + name with `~` and `/` escaped.
void append_pointer_token(std::string& pointer, std::string_view name);

}  // namespace pawl::asl
