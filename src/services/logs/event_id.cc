#include "services/logs/event_id.h"

#include <cstdint>

namespace pawl::logs {

namespace {

constexpr std::size_t kDigits = 56;
constexpr std::size_t kSequenceDigits = 20;  // of 64 bits

std::string padded(std::uint64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - text.size(), '0') + text;
}

std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    if (number > (UINT64_MAX - static_cast<std::uint64_t>(digit - '0')) / 10) return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return number;
}

}  // namespace

std::string event_id(const runtime::LogPosition& position) {
  return padded(static_cast<std::uint64_t>(position.time), kDigits - kSequenceDigits) +
         padded(position.sequence, kSequenceDigits);
}

std::optional<runtime::LogPosition> parse_event_id(std::string_view text) {
  if (text.size() != kDigits) return std::nullopt;
  const auto time = number_of(text.substr(0, kDigits - kSequenceDigits));
  const auto sequence = number_of(text.substr(kDigits - kSequenceDigits));
  if (!time || !sequence || *time > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return runtime::LogPosition{static_cast<WallMillis>(*time), *sequence};
}

runtime::LogPosition next_of(runtime::LogPosition position) {
  if (++position.sequence == 0) ++position.time;
  return position;
}

}  // namespace pawl::logs
