// Log streams.
#include <algorithm>
#include <utility>

#include "base/broken_rules.h"
#include "json/writer.h"
#include "services/logs/service.h"

namespace pawl::logs {

namespace {

constexpr std::size_t kPageMax = 50;
// Streams of a group that one call looks at.
constexpr std::size_t kStreamsMax = 100'000;

struct Shown {
  std::string name;
  WallMillis creation_time = 0;
  std::optional<WallMillis> first;
  std::optional<WallMillis> last;
};

void write(json::Writer& out, const Shown& stream, const std::string& group_arn) {
  out.begin_object().key("logStreamName").string(stream.name);
  out.key("creationTime").integer(stream.creation_time);
  if (stream.first) out.key("firstEventTimestamp").integer(*stream.first);
  if (stream.last) {
    out.key("lastEventTimestamp").integer(*stream.last);
    out.key("lastIngestionTime").integer(*stream.last);
  }
  out.key("arn").string(group_arn + ":log-stream:" + stream.name);
  out.key("storedBytes").integer(0).end_object();
}

constexpr TextRules kStreamName{
    .length_min = 1, .length_max = 512, .pattern = "[^:*]*", .fits = [](std::string_view name) {
      return name.find_first_of(":*") == std::string_view::npos;
    }};

}  // namespace

void Service::create_stream(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  const auto name = fields.required("logStreamName");
  if (!name.ok()) return reply(Err{name.error()});
  if (auto broken = broken_rules("logStreamName", *name, kStreamName)) {
    return reply(Err{invalid_parameter(std::move(*broken))});
  }
  with_stored(call, reply,
              [this, reply, stream = std::string(*name)](const runtime::LogGroup& group) {
                logs_.create_stream(group, stream, [reply](bool created) {
                  if (created) return reply(empty_answer());
                  reply(Err{ServiceError{.code = "ResourceAlreadyExistsException",
                                         .message = "The specified log stream already exists",
                                         .members = {}}});
                });
              });
}

void Service::delete_stream(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  const auto name = fields.required("logStreamName");
  if (!name.ok()) return reply(Err{name.error()});
  const auto group = find_group(call);
  if (!group.ok()) return reply(Err{group.error()});
  const auto stream = group->stored ? logs_.find_stream(*group->stored, *name)
                                    : std::optional<runtime::LogStream>();
  if (!stream) return reply(Err{no_such_stream()});
  logs_.delete_stream(*group->stored, *stream, [reply](bool deleted) {
    reply(deleted ? Answer(empty_answer()) : Answer(Err{not_durable()}));
  });
}

Service::Answer Service::describe_streams(const Call& call) {
  const Fields fields(call.input);
  const Group group = TRY(find_group(call));
  const std::string prefix(fields.text("logStreamNamePrefix").value_or(""));
  const bool by_time = fields.text("orderBy").value_or("LogStreamName") == "LastEventTime";
  if (by_time && !prefix.empty()) {
    return Err{invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix.")};
  }
  std::map<std::string, Shown> found;
  if (group.stored) {
    for (const runtime::LogStream& stream :
         logs_.list_streams(*group.stored, prefix, "", kStreamsMax)) {
      const runtime::Logs::Extent extent = logs_.extent(*group.stored, stream);
      Shown& shown = found[stream.name] = {stream.name, stream.creation_time, {}, {}};
      if (extent.first) shown.first = extent.first->time;
      if (extent.last) shown.last = extent.last->time;
    }
  }
  for (const FunctionLine& line : functions_.read(group.name)) {
    if (!line.stream.starts_with(prefix)) continue;
    const WallMillis time = line.position.time;
    Shown& shown = found.try_emplace(line.stream, Shown{line.stream, time, {}, {}}).first->second;
    shown.first = std::min(shown.first.value_or(time), time);
    shown.last = std::max(shown.last.value_or(time), time);
  }
  std::vector<Shown> streams;
  for (auto& [name, shown] : found) streams.push_back(std::move(shown));
  if (by_time) {
    std::sort(streams.begin(), streams.end(), [](const Shown& left, const Shown& right) {
      const WallMillis a = left.last.value_or(0);
      const WallMillis b = right.last.value_or(0);
      return a != b ? a < b : left.name < right.name;
    });
  }
  if (fields.flag("descending")) std::reverse(streams.begin(), streams.end());
  // The token is the name of the last stream that was shown.
  const std::string after(fields.text("nextToken").value_or(""));
  auto next = streams.begin();
  if (!after.empty()) {
    next = std::find_if(streams.begin(), streams.end(),
                        [&after](const Shown& stream) { return stream.name == after; });
    if (next == streams.end()) return Err{invalid_parameter("The specified nextToken is invalid.")};
    ++next;
  }
  const std::size_t limit = std::min(fields.limit(kPageMax), kPageMax);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("logStreams").begin_array();
  std::size_t count = 0;
  for (; next != streams.end() && count < limit; ++next, ++count) {
    write(out, *next, group.name.arn());
  }
  out.end_array();
  if (next != streams.end()) out.key("nextToken").string(std::prev(next)->name);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::logs
