#include "services/lambda/function_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "runtime/execution_id.h"

namespace pawl::lambda {
namespace {

constexpr std::size_t kNameCharactersMax = 64;

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_';
  });
}

bool is_qualifier(std::string_view text) {
  return text == kLatest || (text.size() <= 128 && is_name(text));
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
}

ServiceError invalid_name(std::string_view text) {
  return validation_error(fmt::format(
      "Value '{}' at 'functionName' failed to satisfy constraint: Member must satisfy regular "
      "expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{{2}}((-gov)|(-iso([a-z]?)))?-[a-z]"
      "+-\\d{{1}}:)?(\\d{{12}}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
      text));
}

}  // namespace

std::string FunctionName::arn() const {
  return fmt::format("arn:{}:lambda:{}:{}:function:{}", runtime::partition_of(region), region,
                     account, name);
}

bool is_version_number(std::string_view qualifier) { return is_digits(qualifier); }

Result<FunctionName, ServiceError> parse_function_name(const runtime::Principal& principal,
                                                       std::string_view text,
                                                       std::string_view qualifier) {
  FunctionName name{principal.account, principal.region, {}, std::string(qualifier)};
  std::vector<std::string_view> parts = split(text);
  auto next = parts.begin();
  const auto left = [&] { return parts.end() - next; };
  if (left() >= 7 && *next == "arn" && next[2] == "lambda") {
    name.region = next[3];
    next += 4;
  }
  if (left() >= 3 && is_digits(*next) && next[0].size() == 12) name.account = *next++;
  if (left() >= 2 && *next == "function") ++next;
  if (left() < 1 || left() > 2 || !is_name(*next)) return Err{invalid_name(text)};
  name.name = *next++;
  if (name.name.size() > kNameCharactersMax) {
    return Err{validation_error(
        fmt::format("Value '{}' at 'functionName' failed to satisfy constraint: Member must have "
                    "length less than or equal to {}",
                    name.name, kNameCharactersMax))};
  }
  if (left() == 1) {
    if (!is_qualifier(*next)) return Err{invalid_name(text)};
    if (!qualifier.empty() && qualifier != *next) {
      return Err{invalid_parameter(
          "The derived qualifier from the function name does not match the specified qualifier.")};
    }
    name.qualifier = *next;
  }
  return name;
}

}  // namespace pawl::lambda
