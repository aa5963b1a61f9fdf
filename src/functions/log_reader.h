// Reads a function's log from the data directory, also while a server writes it: what `pawl logs
// FUNCTION` shows. See log_store.h for the files.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::functions {

class LogReader {
 public:
  using Line = std::function<void(std::string_view line)>;

  // `logs`: <data-dir>/functions/logs. `function`: a name or an ARN (a qualifier is ignored). An
  // error when nothing has been logged under it, or when several accounts or regions have the name.
  static Result<LogReader, std::string> find(const std::string& logs, std::string_view function);

  // The next read begins `lines` before the end.
  void seek_to_tail(std::size_t lines);
  // Every complete line that was not read yet, oldest first; how many.
  std::size_t read(const Line& line);

 private:
  explicit LogReader(std::string directory) : directory_(std::move(directory)) {}

  std::size_t read_segment(const Line& line);

  std::string directory_;
  std::uint64_t segment_ = 0;  // 0: at the oldest
  std::uint64_t offset_ = 0;   // in segment_
};

}  // namespace pawl::functions
