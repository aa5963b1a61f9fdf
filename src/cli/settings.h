// Settings and where their values come from: the flag `--data-dir`, else the environment variable
// `PAWL_DATA_DIR`, else the key `data_dir` of pawl.toml, else the default. One table describes a
// setting for all three, so they cannot drift apart.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/config_file.h"

namespace pawl::cli {

struct Setting {
  std::string name;        // as the flag has it, without dashes in front: "data-dir"
  std::string value_name;  // in the help: "DIR"
  std::string help;
  // Takes the text, or says what is wrong with it ("is no number").
  std::function<Result<void, std::string>(std::string_view text)> set;
  // kMany: the flag may come several times; `set` gets the texts with commas between them.
  enum class Times { kOnce, kMany } times = Times::kOnce;

  std::string environment_name() const;  // "PAWL_DATA_DIR"
  std::string file_key() const;          // "data_dir"
};

// Reads an environment variable; empty when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

struct Sources {
  std::map<std::string, std::string> flags;  // setting name -> text
  Environment environment;
  ConfigFile file;
};

// Sets every setting that a source has. Error: which source, which setting, what is wrong.
Result<void, std::string> resolve(const std::vector<Setting>& settings, const Sources& sources);

// A key of the file that no setting has is an error, with its place.
Result<void, std::string> check_keys(const std::vector<Setting>& settings, const ConfigFile& file);

// Texts to values, for Setting::set.
Result<long long, std::string> parse_whole_number(std::string_view text, long long least,
                                                  long long most);
std::vector<std::string> split_list(std::string_view text);  // at commas, blanks trimmed

}  // namespace pawl::cli
