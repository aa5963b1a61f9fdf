// Finds a member of a JSON object in its text, so that a value can be passed on as the bytes it is.
#pragma once

#include <optional>
#include <string_view>

namespace pawl::api {

// `object` is known to be JSON and an object. The last member of that name, without the blanks
// around it; names written with escapes are not found.
std::optional<std::string_view> member_text(std::string_view object, std::string_view name);

}  // namespace pawl::api
