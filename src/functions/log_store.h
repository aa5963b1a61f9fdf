// The functions' log lines on disk: <root>/<account>/<region>/<function>/<number>.log, oldest
// segment first, bounded in size. Lines are buffered for a moment, so a crash of the server may
// lose the last ones, but never damages earlier ones.
//
// A line is `<UTC time, milliseconds> <environment> <text>`.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file_descriptor.h"

namespace pawl::functions {

struct LogLimits {
  std::size_t segment_bytes_max = 8u << 20;
  std::size_t segments_max = 4;
  std::size_t line_bytes_max = 256u << 10;  // longer lines are split, as in CloudWatch
};

class LogFile {
 public:
  LogFile(std::string directory, const LogLimits& limits);
  // `text` without newline.
  void append(WallMillis now, std::string_view environment, std::string_view text);
  // Hands what is buffered to the kernel. Errors (disk full) drop the lines: a log must not stop
  // the function.
  void flush();
  std::size_t line_bytes_max() const { return limits_.line_bytes_max; }

 private:
  bool open_segment();
  void remove_old_segments() const;

  std::string directory_;
  LogLimits limits_;
  std::string buffer_;
  FileDescriptor segment_;
  std::uint64_t number_ = 0;
  std::size_t segment_bytes_ = 0;
  WallMillis stamp_of_ = -1;  // the time that stamp_ shows
  std::string stamp_;
};

// All functions' logs. Belongs to one thread.
class LogStore {
 public:
  LogStore(std::string root, const LogLimits& limits) : root_(std::move(root)), limits_(limits) {}
  LogFile& file(const std::string& account, const std::string& region, const std::string& function);
  void flush();

 private:
  std::string root_;
  LogLimits limits_;
  std::map<std::string, std::unique_ptr<LogFile>> files_;
};

// Numbers of a directory's segments, oldest first.
std::vector<std::uint64_t> log_segments(const std::string& directory);
std::string log_segment_path(const std::string& directory, std::uint64_t number);

}  // namespace pawl::functions
