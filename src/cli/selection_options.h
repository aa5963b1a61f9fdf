// Which executions a command is about, as its flags say it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/writer.h"

namespace pawl::cli {

struct SelectionOptions {
  std::string machine;  // ARNs; empty: of any machine
  std::string map_run;
  std::vector<std::string> statuses;
  std::string name_prefix;
  std::optional<std::int64_t> started_from;  // epoch milliseconds
  std::optional<std::int64_t> started_before;
  bool paused = false;
  bool halted = false;
  std::vector<std::string> where;  // conditions on search attributes
  bool all = false;                // said in so many words

  // Whether anything was said at all: nobody deletes everything by forgetting a flag.
  bool says_something() const;
};

// Into an open object, as the operations take it.
void write_selection(json::Writer& out, const SelectionOptions& selection);

// `2026-11-22T06:00:00Z`, `2026-11-22`, or an age: `90s`, `15m`, `36h`, `7d`. Error: what is wrong.
Result<std::int64_t, std::string> parse_time(const std::string& text, std::int64_t now);

}  // namespace pawl::cli
