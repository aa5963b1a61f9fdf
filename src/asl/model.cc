// Finding states in a machine.
#include "asl/model.h"

#include "asl/place.h"

namespace pawl::asl {

const std::string& text_of(const Expression& expression) {
  if (const auto* query = std::get_if<jsonpath::Query>(&expression)) return query->text;
  return std::get<intrinsics::Call>(expression).text();
}

const State* Machine::find(std::string_view pointer) const {
  const auto found = states.find(pointer);
  return found == states.end() ? nullptr : &found->second;
}

const State* Machine::find(const Block& block, std::string_view name) const {
  return find(state_pointer(block.pointer, name));
}

const State* Machine::sibling(const State& state, std::string_view name) const {
  return find(state_pointer(state.block_pointer, name));
}

std::string state_pointer(std::string_view block_pointer, std::string_view name) {
  std::string pointer(block_pointer);
  pointer += "/States";
  append_pointer_token(pointer, name);
  return pointer;
}

}  // namespace pawl::asl
