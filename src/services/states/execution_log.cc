#include "services/states/execution_log.h"

#include <cstdio>
#include <ctime>
#include <utility>

#include "runtime/execution_id.h"
#include "services/states/history_event.h"

namespace pawl::states {

namespace {

// What a line may weigh; above it the data is left out.
constexpr std::size_t kLineBytesMax = 262'144 - 26;

bool ends_with_any(std::string_view type, std::initializer_list<std::string_view> ends) {
  for (const std::string_view end : ends) {
    if (type.ends_with(end)) return true;
  }
  return false;
}

bool is_logged(std::string_view type, LogLevel level) {
  switch (level) {
    case LogLevel::kOff:
      return false;
    case LogLevel::kFatal:
      return type == "ExecutionAborted" || type == "ExecutionFailed" || type == "ExecutionTimedOut";
    case LogLevel::kError:
      return type == "FailStateEntered" || ends_with_any(type, {"Failed", "TimedOut", "Aborted"});
    case LogLevel::kAll:
      return true;
  }
  return false;
}

// Every value of the envelope is a text.
std::string line_of(const machine::Event& event, std::string_view type,
                    const machine::Identity& identity, std::int32_t redrive_count,
                    HistoryData data) {
  std::string line;
  json::Writer out(line);
  out.begin_object();
  out.key("id").string(std::to_string(event.id)).key("type").string(type);
  write_event_details(out, event, data);
  out.key("previous_event_id").string(std::to_string(event.previous));
  out.key("event_timestamp").string(std::to_string(event.time));
  out.key("execution_arn").string(identity.execution_arn);
  out.key("redrive_count").string(std::to_string(redrive_count));
  out.end_object();
  return line;
}

// "states/<machine>/2026-11-22-04-00/<number>": one an hour.
std::string stream_of(const std::string& machine, WallMillis time, std::uint64_t digest) {
  const std::time_t seconds = time / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char date[32];
  std::strftime(date, sizeof date, "/%Y-%m-%d-%H-00/", &utc);
  char number[16];
  std::snprintf(number, sizeof number, "%08x", static_cast<unsigned>(digest));
  return "states/" + machine + date + number;
}

}  // namespace

runtime::ExecutionLog::Delivery ExecutionLog::prepare(
    const machine::Identity& identity, std::int32_t redrive_count,
    const std::vector<machine::Event>& events) const {
  std::vector<runtime::LogLine> lines;
  for (const machine::Event& event : events) {
    if (!event.visible()) continue;
    const std::string type = type_name(event);
    if (!is_logged(type, configuration_.level)) continue;
    const bool with_data = configuration_.include_execution_data;
    std::string line = line_of(event, type, identity, redrive_count,
                               with_data ? HistoryData::kIncluded : HistoryData::kLeftOut);
    if (line.size() > kLineBytesMax)
      line = line_of(event, type, identity, redrive_count, HistoryData::kLeftOut);
    lines.push_back({event.time, std::move(line)});
  }
  if (lines.empty()) return nullptr;
  const std::uint64_t digest = runtime::digest_of_machine(identity.state_machine_arn);
  std::string stream = stream_of(machine_, lines.front().time, digest);
  return [&logs = logs_, group = group_, stream = std::move(stream), lines = std::move(lines)] {
    if (const auto found = logs.find_group(group)) logs.append(*found, stream, lines, nullptr);
  };
}

std::shared_ptr<const runtime::ExecutionLog> execution_log_of(const MachineRecord& machine,
                                                              runtime::Logs& logs) {
  // Most machines log nothing: their records are not taken apart.
  if (machine.logging.text().find(R"("level":"OFF")") != std::string_view::npos) return nullptr;
  LoggingConfiguration configuration = parse_logging(machine.logging);
  auto arn = parse_log_group_arn(configuration.log_group_arn + ":*");
  if (configuration.level == LogLevel::kOff || !arn) return nullptr;
  return std::make_shared<ExecutionLog>(
      logs, std::move(configuration),
      runtime::LogGroupName{std::move(arn->account), std::move(arn->region), std::move(arn->name)},
      machine.name);
}

}  // namespace pawl::states
