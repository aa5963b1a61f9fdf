// Request targets (RFC 3986) and their queries.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/percent.h"

namespace pawl::api {

// Printable ASCII as it is, everything else as '?': for echoing header bytes in messages.
std::string printable(std::string_view bytes);

struct QueryParameter {
  std::string name;
  std::string value;
};
// Splits at & and the first =, decodes both sides. Nothing when an encoding is broken
// or there are more than 10,000.
std::optional<std::vector<QueryParameter>> parse_query(std::string_view query, Plus plus);

// The value of the first parameter of that name, or null. Points into `parameters`.
const std::string* find_parameter(const std::vector<QueryParameter>& parameters,
                                  std::string_view name);

// A request target taken apart; path and query still encoded. Views into `target`.
struct Target {
  std::string_view authority;  // of an absolute-form target, else empty
  std::string_view path;       // begins with '/', or is "*"
  std::string_view query;      // without '?'
};
// Nothing when it is neither origin form, absolute form nor "*" (RFC 9112 section 3.2).
std::optional<Target> split_target(std::string_view target);

}  // namespace pawl::api
