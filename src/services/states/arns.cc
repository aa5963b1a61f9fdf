#include "services/states/arns.h"

#include <array>

#include "runtime/execution_id.h"

namespace pawl::states {

namespace {

ServiceError invalid_arn(const std::string& what) {
  return {.code = "InvalidArn", .message = "Invalid Arn: '" + what + "'", .members = {}};
}

bool is_among(std::string_view word, std::string_view alternatives) {
  while (!alternatives.empty()) {
    const std::size_t bar = alternatives.find('|');
    if (alternatives.substr(0, bar) == word) return true;
    if (bar == std::string_view::npos) return false;
    alternatives.remove_prefix(bar + 1);
  }
  return false;
}

// arn : partition : service : region : account : resource...
std::optional<std::array<std::string_view, 6>> split(std::string_view text) {
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < 5; ++i) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    parts[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  parts[5] = text;
  return parts;
}

// Whether the UTF-8 sequence at `at` is a C1 control character, U+FFFE, U+FFFF, a surrogate or
// U+10FFFF.
bool is_forbidden_sequence(std::string_view name, std::size_t at) {
  const std::string_view rest = name.substr(at);
  if (rest.size() >= 2 && rest[0] == '\xc2') return static_cast<unsigned char>(rest[1]) <= 0x9f;
  return rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf") ||
         (rest.size() >= 2 && rest[0] == '\xed' && static_cast<unsigned char>(rest[1]) >= 0xa0) ||
         rest.starts_with("\xf4\x8f\xbf\xbf");
}

}  // namespace

Result<Arn, ServiceError> parse_arn(std::string_view text, std::string_view types) {
  if (!text.starts_with("arn:"))
    return Err{invalid_arn("Invalid ARN prefix: " + std::string(text))};
  const auto parts = split(text);
  if (!parts) return Err{invalid_arn("Invalid ARN length: " + std::string(text))};
  if ((*parts)[2] != "states") {
    return Err{invalid_arn("Invalid service in ARN: " + std::string((*parts)[2]))};
  }
  std::string_view resource = (*parts)[5];
  const std::size_t colon = resource.find(':');
  Arn arn{.text = std::string(text),
          .region = std::string((*parts)[3]),
          .account = std::string((*parts)[4]),
          .type = std::string(resource.substr(0, colon)),
          .name = {},
          .qualifier = {},
          .label = {}};
  if (!is_among(arn.type, types)) {
    return Err{invalid_arn("Resource type not valid in this context: " + arn.type)};
  }
  if (colon == std::string_view::npos || colon + 1 == resource.size()) {
    return Err{invalid_arn("Invalid ARN length: " + std::string(text))};
  }
  resource.remove_prefix(colon + 1);
  const std::size_t next = resource.find(':');
  arn.name = resource.substr(0, next);
  if (next != std::string_view::npos) arn.qualifier = resource.substr(next + 1);
  if (const std::size_t slash = arn.name.find('/'); slash != std::string::npos) {
    arn.label = arn.name.substr(slash + 1);
    arn.name.resize(slash);
  }
  return arn;
}

Result<Arn, ServiceError> required_arn(const Fields& fields, std::string_view member,
                                       std::string_view types) {
  return parse_arn(TRY(fields.required(member)), types);
}

std::string Arn::unqualified() const {
  if (qualifier.empty()) return text;
  return text.substr(0, text.size() - qualifier.size() - 1);
}

std::optional<std::int64_t> Arn::version() const {
  constexpr std::size_t kDigitsMax = 9;
  const bool number = !qualifier.empty() && qualifier.size() <= kDigitsMax &&
                      qualifier.find_first_not_of("0123456789") == std::string::npos;
  if (!number) return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : qualifier) value = value * 10 + (digit - '0');
  return value;
}

Result<void, ServiceError> check_name(std::string_view name) {
  static constexpr std::string_view kForbidden = "<>{}[]?*\"#%\\^|~`$&,;:/";
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto character = static_cast<unsigned char>(name[i]);
    if (character <= 0x20 || character == 0x7f ||
        kForbidden.find(name[i]) != std::string_view::npos || is_forbidden_sequence(name, i)) {
      return Err{ServiceError{.code = "InvalidName",
                              .message = "Invalid Name: '" + std::string(name) + "'",
                              .members = {}}};
    }
  }
  return {};
}

Result<void, ServiceError> check_role_arn(std::string_view arn) {
  const auto parts = split(arn);
  if (parts && (*parts)[0] == "arn" && (*parts)[2] == "iam" && (*parts)[5].starts_with("role/")) {
    return {};
  }
  return Err{ServiceError{.code = "InvalidArn",
                          .message = "Invalid Role Arn: '" + std::string(arn) + "'",
                          .members = {}}};
}

std::string make_arn(const runtime::Principal& principal, std::string_view type,
                     std::string_view name) {
  std::string arn = "arn:";
  arn.append(runtime::partition_of(principal.region)).append(":states:");
  arn.append(principal.region).append(":").append(principal.account).append(":");
  return arn.append(type).append(":").append(name);
}

}  // namespace pawl::states
