#include "functions/log_store.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <vector>

#include "base/utc_text.h"

namespace pawl::functions {
namespace {

constexpr std::size_t kBufferBytesMax = 64 << 10;

}  // namespace

std::string log_segment_path(const std::string& directory, std::uint64_t number) {
  return fmt::format("{}/{:08}.log", directory, number);
}

std::vector<std::uint64_t> log_segments(const std::string& directory) {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string name = entry.path().stem().string();
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool whole = code == std::errc() && end == name.data() + name.size();
    if (whole && entry.path().extension() == ".log") numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

LogFile::LogFile(std::string directory, const LogLimits& limits)
    : directory_(std::move(directory)), limits_(limits) {}

void LogFile::append(WallMillis now, std::string_view environment, std::string_view text) {
  if (now != stamp_of_) {
    stamp_ = iso_time_millis(now);
    stamp_of_ = now;
  }
  buffer_.append(stamp_).append(1, ' ').append(environment).append(1, ' ').append(text);
  buffer_.push_back('\n');
  if (buffer_.size() >= kBufferBytesMax) flush();
}

void LogFile::flush() {
  if (buffer_.empty()) return;
  if (segment_bytes_ >= limits_.segment_bytes_max) segment_.reset();
  if (segment_.open() || open_segment()) {
    for (std::string_view rest = buffer_; !rest.empty();) {
      const ssize_t written = write(segment_.get(), rest.data(), rest.size());
      if (written <= 0) break;
      rest.remove_prefix(static_cast<std::size_t>(written));
      segment_bytes_ += static_cast<std::size_t>(written);
    }
  }
  buffer_.clear();
}

// Goes on in the newest segment while it has room.
bool LogFile::open_segment() {
  std::error_code error;
  std::filesystem::create_directories(directory_, error);
  const std::vector<std::uint64_t> numbers = log_segments(directory_);
  number_ = numbers.empty() ? 1 : numbers.back();
  const auto size = std::filesystem::file_size(log_segment_path(directory_, number_), error);
  segment_bytes_ = error ? 0 : static_cast<std::size_t>(size);
  if (segment_bytes_ >= limits_.segment_bytes_max) {
    ++number_;
    segment_bytes_ = 0;
  }
  segment_ = FileDescriptor(::open(log_segment_path(directory_, number_).c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  remove_old_segments();
  return segment_.open();
}

void LogFile::remove_old_segments() const {
  const std::vector<std::uint64_t> numbers = log_segments(directory_);
  std::error_code error;
  for (std::size_t i = 0; i + limits_.segments_max < numbers.size(); ++i) {
    std::filesystem::remove(log_segment_path(directory_, numbers[i]), error);
  }
}

LogFile& LogStore::file(const std::string& account, const std::string& region,
                        const std::string& function) {
  std::string directory = fmt::format("{}/{}/{}/{}", root_, account, region, function);
  auto& file = files_[directory];
  if (!file) file = std::make_unique<LogFile>(directory, limits_);
  return *file;
}

void LogStore::flush() {
  for (const auto& [directory, file] : files_) file->flush();
}

}  // namespace pawl::functions
