// toml++ stays inside this file.
#include "cli/config_file.h"

#define TOML_EXCEPTIONS 0
#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>

#include "cli/read_file.h"

namespace pawl::cli {

namespace {

std::string place(const std::string& path, const toml::source_region& region) {
  return fmt::format("{}:{}:{}", path, region.begin.line, region.begin.column);
}

// The value as a setting's text; an error for what no setting takes.
Result<std::string, std::string> value_text(const toml::node& node, const std::string& path) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* boolean = node.as_boolean())
    return std::string(boolean->get() ? "true" : "false");
  if (const auto* array = node.as_array()) {
    std::string joined;
    for (const toml::node& element : *array) {
      if (element.is_array()) break;
      if (!joined.empty()) joined += ",";
      joined += TRY(value_text(element, path));
    }
    return joined;
  }
  return Err{place(path, node.source()) + ": neither text, number, boolean nor a list of them"};
}

}  // namespace

const ConfigEntry* ConfigFile::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const ConfigEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

std::string ConfigFile::place(const ConfigEntry& entry) const {
  return fmt::format("{}:{}:{}", path, entry.line, entry.column);
}

Result<ConfigFile, std::string> parse_config(std::string_view text, std::string path) {
  const toml::parse_result parsed = toml::parse(text, path);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return Err{fmt::format("{}: {}", place(path, error.source()), error.description())};
  }
  ConfigFile file{std::move(path), {}};
  for (const auto& [key, node] : parsed.table()) {
    file.entries.push_back({std::string(key.str()), TRY(value_text(node, file.path)),
                            key.source().begin.line, key.source().begin.column});
  }
  // The table is sorted by key; errors should come in the file's own order.
  std::sort(file.entries.begin(), file.entries.end(),
            [](const ConfigEntry& a, const ConfigEntry& b) {
              return std::pair(a.line, a.column) < std::pair(b.line, b.column);
            });
  return file;
}

Result<ConfigFile, std::string> read_config(const std::string& path) {
  return parse_config(TRY(read_file(path)), path);
}

}  // namespace pawl::cli
