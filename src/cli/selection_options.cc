#include "cli/selection_options.h"

#include <charconv>

#include "machine/timestamps.h"

namespace pawl::cli {

namespace {

std::optional<std::int64_t> millis_of_unit(char unit) {
  switch (unit) {
    case 's':
      return 1'000;
    case 'm':
      return 60'000;
    case 'h':
      return 3'600'000;
    case 'd':
      return 86'400'000;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool SelectionOptions::says_something() const {
  return all || paused || halted || !where.empty() || !machine.empty() || !map_run.empty() ||
         !statuses.empty() || !name_prefix.empty() || started_from || started_before;
}

void write_selection(json::Writer& out, const SelectionOptions& selection) {
  const auto text = [&out](std::string_view name, const std::string& value) {
    if (!value.empty()) out.key(name).string(value);
  };
  const auto time = [&out](std::string_view name, const std::optional<std::int64_t>& millis) {
    if (!millis) return;
    std::string seconds = std::to_string(*millis / 1'000);
    const std::string rest = std::to_string(1'000 + *millis % 1'000);
    out.key(name).raw(seconds.append(".").append(rest, 1, 3));
  };
  text("stateMachineArn", selection.machine);
  text("mapRunArn", selection.map_run);
  if (!selection.statuses.empty()) {
    out.key("statuses").begin_array();
    for (const std::string& status : selection.statuses) out.string(status);
    out.end_array();
  }
  text("namePrefix", selection.name_prefix);
  time("startedFrom", selection.started_from);
  time("startedBefore", selection.started_before);
  if (selection.paused) out.key("paused").boolean(true);
  if (selection.halted) out.key("halted").boolean(true);
  if (selection.where.empty()) return;
  out.key("where").begin_array();
  for (const std::string& condition : selection.where) out.string(condition);
  out.end_array();
}

Result<std::int64_t, std::string> parse_time(const std::string& text, std::int64_t now) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc() && end + 1 == text.data() + text.size() && count >= 0) {
    if (const auto unit = millis_of_unit(*end)) {
      const std::int64_t most = now / *unit;
      return now - std::min(count, most) * *unit;
    }
  }
  const std::string whole = text.size() == 10 ? text + "T00:00:00Z" : text;
  if (const auto instant = machine::parse_timestamp(whole)) {
    return machine::millis_not_before(*instant);
  }
  return Err{"'" + text + "' is no time: 2026-11-22T06:00:00Z, 2026-11-22, or an age as 36h or 7d"};
}

}  // namespace pawl::cli
