#include "services/codepipeline/variables.h"

#include "base/ascii.h"

namespace pawl::codepipeline {

namespace {

bool is_name_byte(char byte) {
  return is_letter_or_digit(byte) || byte == '@' || byte == '-' || byte == '_';
}

std::string_view name_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_name_byte(text[end])) ++end;
  return text.substr(at, end - at);
}

struct Found {
  Reference reference;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The first reference from `at` on.
std::optional<Found> find_reference(std::string_view text, std::size_t at) {
  for (std::size_t begin = text.find("#{", at); begin != std::string_view::npos;
       begin = text.find("#{", begin + 2)) {
    const std::string_view space = name_at(text, begin + 2);
    const std::size_t dot = begin + 2 + space.size();
    if (space.empty() || dot >= text.size() || text[dot] != '.') continue;
    const std::string_view name = name_at(text, dot + 1);
    const std::size_t brace = dot + 1 + name.size();
    if (name.empty() || brace >= text.size() || text[brace] != '}') continue;
    return Found{{std::string(space), std::string(name)}, begin, brace + 1};
  }
  return std::nullopt;
}

}  // namespace

std::vector<Reference> references_in(std::string_view text) {
  std::vector<Reference> references;
  for (auto found = find_reference(text, 0); found; found = find_reference(text, found->end)) {
    references.push_back(found->reference);
  }
  return references;
}

Result<std::string, Reference> resolve(std::string_view text, const FindVariable& find) {
  std::string resolved;
  std::size_t at = 0;
  for (auto found = find_reference(text, 0); found; found = find_reference(text, found->end)) {
    const auto value = find(found->reference);
    if (!value) return Err{found->reference};
    resolved.append(text.substr(at, found->begin - at)).append(*value);
    at = found->end;
  }
  return resolved.append(text.substr(at));
}

}  // namespace pawl::codepipeline
