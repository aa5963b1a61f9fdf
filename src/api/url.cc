#include "api/url.h"

#include <algorithm>

namespace pawl::api {

namespace {

// A form of a few bytes a parameter would take many times its size in memory.
constexpr std::size_t kParametersMax = 10'000;

}  // namespace

std::string printable(std::string_view bytes) {
  std::string out(bytes);
  for (char& byte : out) {
    if (byte < 0x20 || byte > 0x7e) byte = '?';
  }
  return out;
}

std::optional<std::vector<QueryParameter>> parse_query(std::string_view query, Plus plus) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), plus);
    auto value = percent_decode(
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), plus);
    if (!name || !value || parameters.size() == kParametersMax) return std::nullopt;
    parameters.push_back({std::move(*name), std::move(*value)});
  }
  return parameters;
}

const std::string* find_parameter(const std::vector<QueryParameter>& parameters,
                                  std::string_view name) {
  for (const QueryParameter& parameter : parameters) {
    if (parameter.name == name) return &parameter.value;
  }
  return nullptr;
}

std::optional<Target> split_target(std::string_view target) {
  Target parts;
  if (target == "*") {
    parts.path = target;
    return parts;
  }
  const std::size_t scheme = target.find("://");
  if (scheme != std::string_view::npos && target.front() != '/') {
    const std::string_view name = target.substr(0, scheme);
    if (name != "http" && name != "https") return std::nullopt;
    target.remove_prefix(scheme + 3);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    parts.authority = target.substr(0, end);
    target.remove_prefix(end);
    if (parts.authority.empty()) return std::nullopt;
    if (target.empty() || target.front() == '?') {
      parts.path = "/";
      parts.query = target.empty() ? target : target.substr(1);
      return parts;
    }
  }
  if (target.empty() || target.front() != '/') return std::nullopt;
  const std::size_t question = target.find('?');
  parts.path = target.substr(0, question);
  if (question != std::string_view::npos) parts.query = target.substr(question + 1);
  return parts;
}

}  // namespace pawl::api
