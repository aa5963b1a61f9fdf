// A variable is named by a Unicode identifier: ID_Start ID_Continue*. Outside ASCII every character
// counts as a letter here; the service is stricter only about symbols nobody names variables by.
#include "asl/variable_name.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/limits.h"

namespace pawl::asl {
namespace {

bool begins_name(char byte) { return is_letter(byte) || static_cast<unsigned char>(byte) >= 0x80; }

bool is_identifier(std::string_view name) {
  return !name.empty() && begins_name(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char byte) { return begins_name(byte) || is_digit(byte) || byte == '_'; });
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

void check_variable_name(Diagnostics& diagnostics, std::string_view name, const Place& place) {
  if (name == "states") {
    diagnostics.rule(place, "Cannot assign to reserved variable '$states'.",
                     code::kReservedVariable);
    return;
  }
  const std::string invalid =
      "Invalid variable name '" + std::string(name) + "': the variable name ";
  if (!is_identifier(name)) {
    diagnostics.rule(place, invalid + "contains invalid characters.", code::kInvalidVariable);
  } else if (count_characters(name) > kAwsLimits.variable_name_characters_max) {
    diagnostics.rule(place,
                     invalid + "exceeds the " +
                         std::to_string(kAwsLimits.variable_name_characters_max) +
                         "-character limit allowed by the service",
                     code::kInvalidVariable);
  }
}

}  // namespace pawl::asl
