#include "services/logs/function_logs.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "functions/log_reader.h"
#include "machine/timestamps.h"

namespace pawl::logs {

namespace {

constexpr std::string_view kPrefix = "/aws/lambda/";

// The function that a group's name names, or nothing.
std::string function_of(const runtime::LogGroupName& group) {
  if (!group.name.starts_with(kPrefix)) return {};
  std::string function = group.name.substr(kPrefix.size());
  const bool plain = function.find('/') == std::string::npos && function != "." && function != "..";
  return plain ? function : std::string();
}

// "2026-05-01T12:00:00.123Z" -> "2026/05/01".
std::string date_of(std::string_view time) {
  std::string date(time.substr(0, std::min<std::size_t>(10, time.size())));
  std::replace(date.begin(), date.end(), '-', '/');
  return date;
}

}  // namespace

bool FunctionLogs::has(const runtime::LogGroupName& group) const {
  const std::string function = function_of(group);
  std::error_code ignored;
  return !function.empty() &&
         std::filesystem::is_directory(
             std::filesystem::path(directory_) / group.account / group.region / function, ignored);
}

std::vector<std::string> FunctionLogs::list(const std::string& account,
                                            const std::string& region) const {
  std::vector<std::string> names;
  std::error_code ignored;
  const std::filesystem::path directory = std::filesystem::path(directory_) / account / region;
  for (const auto& function : std::filesystem::directory_iterator(directory, ignored)) {
    names.push_back(std::string(kPrefix) + function.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// A line is `<UTC time> <environment> <text>` (functions/log_store.h).
std::vector<FunctionLine> FunctionLogs::read(const runtime::LogGroupName& group) const {
  std::vector<FunctionLine> lines;
  if (!has(group)) return lines;
  auto reader =
      functions::LogReader::find(directory_, "arn:aws:lambda:" + group.region + ":" +
                                                 group.account + ":function:" + function_of(group));
  if (!reader.ok()) return lines;
  std::map<std::string, std::string, std::less<>> streams;
  std::uint64_t number = 0;
  reader->read([&](std::string_view line) {
    ++number;
    const std::size_t time_end = line.find(' ');
    const std::size_t end =
        time_end == std::string_view::npos ? time_end : line.find(' ', time_end + 1);
    if (end == std::string_view::npos) return;
    const auto time = machine::parse_timestamp(line.substr(0, time_end));
    if (!time) return;
    const std::string environment(line.substr(time_end + 1, end - time_end - 1));
    auto stream = streams.find(environment);
    if (stream == streams.end()) {
      stream = streams.emplace(environment, date_of(line) + "/[$LATEST]" + environment).first;
    }
    lines.push_back({.position = {machine::millis_not_before(*time), number},
                     .stream = stream->second,
                     .message = std::string(line.substr(end + 1))});
  });
  std::sort(lines.begin(), lines.end(), [](const FunctionLine& left, const FunctionLine& right) {
    return left.position < right.position;
  });
  return lines;
}

}  // namespace pawl::logs
