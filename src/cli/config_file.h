// pawl.toml: flat keys with their values as text and their places, for error messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::cli {

struct ConfigEntry {
  std::string key;
  std::string text;  // a string as it is; numbers and booleans printed; arrays joined by commas
  unsigned line = 0;
  unsigned column = 0;
};

struct ConfigFile {
  std::string path;
  std::vector<ConfigEntry> entries;

  const ConfigEntry* find(std::string_view key) const;
  std::string place(const ConfigEntry& entry) const;  // "pawl.toml:3:1"
};

// Error: "pawl.toml:3:1: what is wrong". A table or a date is no value that a setting takes.
Result<ConfigFile, std::string> parse_config(std::string_view text, std::string path);
Result<ConfigFile, std::string> read_config(const std::string& path);

}  // namespace pawl::cli
