#include "templates/document.h"

#include <fmt/format.h>

#include <string>

#include "templates/limits.h"
#include "templates/yaml.h"

namespace pawl::templates {

namespace {

using json::Node;

Result<json::Value, TemplateError> read_json(std::string_view text) {
  auto parsed = json::Value::parse(std::string(text));
  if (parsed.ok()) return std::move(parsed).value();
  return template_error(
      fmt::format("Template format error: JSON not well-formed. (line {}, column {})",
                  parsed.error().line, parsed.error().column));
}

Result<json::Value, TemplateError> read_yaml(std::string_view text) {
  json::Arena arena;
  return json::Value::of(TRY(parse_yaml(arena, text)));
}

// `path` is the JSON pointer of `node` and is put back as it was.
Result<void, TemplateError> check_nodes(Node node, std::string& path, std::size_t depth) {
  if (depth > kDepthMax)
    return template_error("Template format error: Template is nested too deeply");
  if (node.is_null()) {
    return template_error(fmt::format("[{}] 'null' values are not allowed in templates", path));
  }
  const std::size_t length = path.size();
  const auto inside = [&](std::string_view step, Node child) -> Result<void, TemplateError> {
    path.append("/").append(step);
    TRY(check_nodes(child, path, depth + 1));
    path.resize(length);
    return {};
  };
  for (std::size_t i = 0; node.is_array() && i < node.size(); ++i) {
    TRY(inside(std::to_string(i), node.at(i)));
  }
  for (const json::Member& member : node.members()) TRY(inside(member.key.string(), member.value));
  return {};
}

}  // namespace

Result<json::Value, TemplateError> read_document(std::string_view text) {
  if (text.size() > kTemplateBytesMax) {
    return template_error(
        fmt::format("Template may not exceed {} bytes in size.", kTemplateBytesMax));
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool looks_like_json = first != std::string_view::npos && text[first] == '{';
  json::Value document = TRY(looks_like_json ? read_json(text) : read_yaml(text));
  if (!document.root().is_object()) {
    return template_error("Template format error: unsupported structure.");
  }
  std::string path;
  TRY(check_nodes(document.root(), path, 0));
  return document;
}

}  // namespace pawl::templates
