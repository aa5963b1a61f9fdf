#include "cli/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/ascii.h"

namespace pawl::cli {

namespace {

std::string with_underscores(std::string text) {
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

Result<void, std::string> set(const Setting& setting, std::string_view text, std::string source) {
  const Result<void, std::string> taken = setting.set(text);
  if (taken.ok()) return {};
  return Err{fmt::format("{}: '{}' {}", source, text, taken.error())};
}

}  // namespace

std::string Setting::environment_name() const {
  return "PAWL_" + upper_case(with_underscores(name));
}

std::string Setting::file_key() const { return with_underscores(name); }

Result<void, std::string> resolve(const std::vector<Setting>& settings, const Sources& sources) {
  for (const Setting& setting : settings) {
    if (const auto flag = sources.flags.find(setting.name); flag != sources.flags.end()) {
      TRY(set(setting, flag->second, "--" + setting.name));
      continue;
    }
    if (const auto text = sources.environment(setting.environment_name())) {
      TRY(set(setting, *text, setting.environment_name()));
      continue;
    }
    if (const ConfigEntry* entry = sources.file.find(setting.file_key())) {
      TRY(set(setting, entry->text, sources.file.place(*entry) + ": " + entry->key));
    }
  }
  return {};
}

Result<void, std::string> check_keys(const std::vector<Setting>& settings, const ConfigFile& file) {
  for (const ConfigEntry& entry : file.entries) {
    const bool known = std::any_of(settings.begin(), settings.end(), [&](const Setting& setting) {
      return setting.file_key() == entry.key;
    });
    if (!known) return Err{fmt::format("{}: no setting '{}'", file.place(entry), entry.key)};
  }
  return {};
}

Result<long long, std::string> parse_whole_number(std::string_view text, long long least,
                                                  long long most) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) {
    return Err{fmt::format("is no whole number from {} to {}", least, most)};
  }
  return value;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view part = trimmed(text.substr(0, comma));
    if (!part.empty()) parts.emplace_back(part);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return parts;
}

}  // namespace pawl::cli
