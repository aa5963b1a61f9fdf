// PutLogEvents.
#include <algorithm>
#include <utility>

#include "json/number.h"
#include "json/writer.h"
#include "services/logs/service.h"

namespace pawl::logs {

namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;
// AWS: bytes of all messages, and 26 more for each.
constexpr std::size_t kBatchBytesMax = 1'048'576;
constexpr std::size_t kEventBytes = 26;
constexpr std::size_t kEventsMax = 10'000;

Result<std::vector<runtime::LogLine>, ServiceError> read_lines(const Fields& fields) {
  const json::Node* events = fields.node("logEvents");
  std::vector<runtime::LogLine> lines;
  std::size_t bytes = 0;
  for (std::size_t i = 0; events && i < events->size(); ++i) {
    const json::Node& event = events->at(i);
    const json::Node* time = event.find("timestamp");
    const json::Node* message = event.find("message");
    const auto millis =
        time && time->is_number() ? json::to_int64(time->number_text()) : std::nullopt;
    if (!millis || *millis < 0 || !message || !message->is_string() || message->string().empty()) {
      return Err{invalid_parameter("A log event needs a timestamp and a message.")};
    }
    bytes += message->string().size() + kEventBytes;
    lines.push_back({*millis, std::string(message->string())});
  }
  if (lines.empty() || lines.size() > kEventsMax) {
    return Err{invalid_parameter("Log events must be between 1 and 10000.")};
  }
  if (bytes > kBatchBytesMax) {
    return Err{invalid_parameter("Upload too large: " + std::to_string(bytes) +
                                 " bytes exceeds limit of " + std::to_string(kBatchBytesMax))};
  }
  const auto earlier = [](const runtime::LogLine& left, const runtime::LogLine& right) {
    return left.time < right.time;
  };
  if (!std::is_sorted(lines.begin(), lines.end(), earlier)) {
    return Err{invalid_parameter(
        "Log events in a single PutLogEvents request must be in chronological order.")};
  }
  if (lines.back().time - lines.front().time > kDay) {
    return Err{invalid_parameter(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 "
        "hours.")};
  }
  return lines;
}

// What of the lines is taken, and what the answer says of the rest.
struct Sorted {
  std::vector<runtime::LogLine> taken;
  std::optional<std::size_t> too_new_start;
  std::optional<std::size_t> too_old_end;
  std::optional<std::size_t> expired_end;
};

Sorted sort_out(std::vector<runtime::LogLine> lines, const runtime::LogGroup& group,
                WallMillis now) {
  Sorted sorted;
  const WallMillis oldest = now - 14 * kDay;
  const WallMillis expired =
      group.retention_days > 0 ? now - group.retention_days * kDay : WallMillis{0};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const WallMillis time = lines[i].time;
    if (time > now + 2 * kHour) {
      if (!sorted.too_new_start) sorted.too_new_start = i;
    } else if (time < expired) {
      sorted.expired_end = i + 1;
    } else if (time < oldest) {
      sorted.too_old_end = i + 1;
    } else {
      sorted.taken.push_back(std::move(lines[i]));
    }
  }
  return sorted;
}

json::Value accepted(const Sorted& sorted) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("nextSequenceToken").string(std::string(56, '0'));
  if (sorted.too_new_start || sorted.too_old_end || sorted.expired_end) {
    out.key("rejectedLogEventsInfo").begin_object();
    const auto index = [&out](const char* name, const std::optional<std::size_t>& value) {
      if (value) out.key(name).integer(static_cast<std::int64_t>(*value));
    };
    index("tooNewLogEventStartIndex", sorted.too_new_start);
    index("tooOldLogEventEndIndex", sorted.too_old_end);
    index("expiredLogEventEndIndex", sorted.expired_end);
    out.end_object();
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

void Service::put_events(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  const auto stream = fields.required("logStreamName");
  if (!stream.ok()) return reply(Err{stream.error()});
  auto lines = read_lines(fields);
  if (!lines.ok()) return reply(Err{std::move(lines).error()});
  const auto group = find_group(call);
  if (!group.ok()) return reply(Err{group.error()});
  if (!group->stored || !logs_.find_stream(*group->stored, *stream)) {
    return reply(Err{no_such_stream()});
  }
  Sorted sorted = sort_out(std::move(*lines), *group->stored, logs_.now());
  json::Value answer = accepted(sorted);
  if (sorted.taken.empty()) return reply(std::move(answer));
  logs_.append(*group->stored, std::string(*stream), std::move(sorted.taken),
               [reply, answer = std::move(answer)](bool durable) {
                 reply(durable ? Answer(answer) : Answer(Err{not_durable()}));
               });
}

}  // namespace pawl::logs
