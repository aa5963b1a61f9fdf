#include "functions/log_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/read_file.h"
#include "functions/log_store.h"

namespace pawl::functions {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunkBytes = 64 << 10;

struct Name {
  std::string account;  // empty: any
  std::string region;
  std::string function;
};

// arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>], or a name.
Name parse(std::string_view text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  if (parts.size() >= 7 && parts[0] == "arn") return {parts[4], parts[3], parts[6]};
  return {{}, {}, parts[0]};
}

bool is_plain(const std::string& part) {
  return !part.empty() && part.find('/') == std::string::npos && part != "." && part != "..";
}

// Start offsets of the lines in `bytes`.
std::size_t count_lines(std::string_view bytes) {
  return static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

std::string contents(const std::string& path) {
  const auto bytes = read_file(path);  // it may have been removed by now
  return bytes.ok() ? *bytes : "";
}

// Where the last `lines` lines of `bytes` begin.
std::size_t tail_offset(std::string_view bytes, std::size_t lines) {
  std::size_t at = bytes.size();
  if (!bytes.empty() && bytes.back() == '\n') --at;
  while (at > 0) {
    const std::size_t newline = bytes.rfind('\n', at - 1);
    if (newline == std::string_view::npos) return 0;
    if (--lines == 0) return newline + 1;
    at = newline;
  }
  return 0;
}

}  // namespace

Result<LogReader, std::string> LogReader::find(const std::string& logs, std::string_view function) {
  const Name name = parse(function);
  std::vector<fs::path> found;
  std::error_code error;
  if (is_plain(name.function)) {
    for (const auto& account : fs::directory_iterator(logs, error)) {
      if (!name.account.empty() && account.path().filename() != name.account) continue;
      for (const auto& region : fs::directory_iterator(account.path(), error)) {
        if (!name.region.empty() && region.path().filename() != name.region) continue;
        fs::path directory = region.path() / name.function;
        if (fs::is_directory(directory, error)) found.push_back(std::move(directory));
      }
    }
  }
  if (found.size() == 1) return LogReader(found.front().string());
  if (found.empty()) {
    const std::string why = error == std::errc::permission_denied ? ": " + error.message() : "";
    return Err{
        fmt::format("nothing has been logged by a function '{}' in {}{}", function, logs, why)};
  }
  std::string arns;
  for (const fs::path& directory : found) {
    arns += fmt::format("\n  arn:aws:lambda:{}:{}:function:{}",
                        directory.parent_path().filename().string(),
                        directory.parent_path().parent_path().filename().string(), name.function);
  }
  return Err{fmt::format("there are several functions '{}'; say which:{}", function, arns)};
}

void LogReader::seek_to_tail(std::size_t lines) {
  const std::vector<std::uint64_t> segments = log_segments(directory_);
  for (auto number = segments.rbegin(); number != segments.rend(); ++number) {
    const std::string bytes = contents(log_segment_path(directory_, *number));
    const std::size_t here = count_lines(bytes);
    segment_ = *number;
    offset_ = lines == 0 ? bytes.size() : here >= lines ? tail_offset(bytes, lines) : 0;
    if (here >= lines) return;
    lines -= here;
  }
}

std::size_t LogReader::read(const Line& line) {
  std::size_t count = 0;
  for (;;) {
    const std::vector<std::uint64_t> segments = log_segments(directory_);
    const auto current = std::lower_bound(segments.begin(), segments.end(), segment_);
    if (current == segments.end()) return count;
    if (*current != segment_) {  // the first time, or ours has been removed
      segment_ = *current;
      offset_ = 0;
    }
    count += read_segment(line);
    if (std::next(current) == segments.end()) return count;
    // A newer one exists, so this one will not grow any more; it may have since it was read.
    count += read_segment(line);
    segment_ = *std::next(current);
    offset_ = 0;
  }
}

std::size_t LogReader::read_segment(const Line& line) {
  std::ifstream file(log_segment_path(directory_, segment_), std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset_));
  std::size_t count = 0;
  std::string rest;
  std::string chunk(kChunkBytes, '\0');
  while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), file.gcount() > 0) {
    rest.append(chunk, 0, static_cast<std::size_t>(file.gcount()));
    std::size_t start = 0;
    for (std::size_t end; (end = rest.find('\n', start)) != std::string::npos; start = end + 1) {
      line(std::string_view(rest).substr(start, end - start));
      ++count;
    }
    rest.erase(0, start);
    offset_ += start;
  }
  return count;
}

}  // namespace pawl::functions
