#include "runtime/pause.h"

#include "base/bytes.h"

namespace pawl::runtime {

namespace {
constexpr char kVersion = 1;
constexpr std::uint8_t kPaused = 1;
constexpr std::uint8_t kTasksKept = 2;
}  // namespace

const Pause* Pauses::of(std::uint64_t machine) const {
  if (const auto found = machines.find(machine); found != machines.end()) return &found->second;
  return everything ? &*everything : nullptr;
}

std::string encode(const Hold& hold) {
  std::string row(1, kVersion);
  row.push_back(
      static_cast<char>((hold.paused ? kPaused : 0) | (hold.tasks_kept ? kTasksKept : 0)));
  put_big_endian_64(row, hold.machine);
  return row;
}

std::optional<Hold> decode_hold(std::string_view row) {
  ByteReader in(row);
  if (in.byte() != kVersion) return std::nullopt;
  const std::uint8_t flags = in.byte();
  const Hold hold{.paused = (flags & kPaused) != 0,
                  .tasks_kept = (flags & kTasksKept) != 0,
                  .machine = in.big_endian_64()};
  if (!in.ok()) return std::nullopt;
  return hold;
}

}  // namespace pawl::runtime
