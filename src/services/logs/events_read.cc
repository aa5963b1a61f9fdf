// GetLogEvents: a stream, page by page in either direction. FilterLogEvents: a group's events that
// match a pattern.
#include <algorithm>
#include <set>
#include <utility>

#include "json/writer.h"
#include "services/logs/event_id.h"
#include "services/logs/filter_pattern.h"
#include "services/logs/service.h"

namespace pawl::logs {

namespace {

using runtime::LogPosition;
using Direction = store::Store::Direction;

constexpr std::size_t kPageMax = 10'000;
constexpr std::size_t kPageBytesMax = 1u << 20;
// Events that one FilterLogEvents looks at; then it answers what it has, and a token.
constexpr std::size_t kVisitsMax = 100'000;
constexpr std::size_t kStreamsMax = 100'000;

struct Shown {
  LogPosition position;
  std::string stream;
  WallMillis ingestion_time = 0;
  std::string message;
};

// From a time on, and before another one.
struct Range {
  LogPosition from;
  LogPosition to{INT64_MAX, UINT64_MAX};
};

Range range_of(const Fields& fields, std::int64_t end_offset) {
  Range range;
  if (const auto start = fields.integer("startTime"))
    range.from.time = std::max<WallMillis>(0, *start);
  const auto end = fields.integer("endTime");
  if (end && *end < INT64_MAX) range.to = {std::max<WallMillis>(0, *end + end_offset), 0};
  return range;
}

void write_event(json::Writer& out, const Shown& event) {
  out.key("timestamp").integer(event.position.time).key("message").string(event.message);
  out.key("ingestionTime").integer(event.ingestion_time);
}

// "f/<id>" or "b/<id>", with or without what AWS puts behind it.
struct Token {
  Direction direction = Direction::kForward;
  LogPosition position;
};
Result<std::optional<Token>, ServiceError> read_token(const Fields& fields) {
  const auto text = fields.text("nextToken");
  if (!text) return std::optional<Token>();
  std::string_view id = *text;
  if (id.ends_with("/s")) id.remove_suffix(2);
  const bool forward = id.starts_with("f/");
  const auto position =
      forward || id.starts_with("b/") ? parse_event_id(id.substr(2)) : std::nullopt;
  if (!position) return Err{invalid_parameter("The specified nextToken is invalid.")};
  return std::optional(Token{forward ? Direction::kForward : Direction::kBackward, *position});
}

// Cuts events, oldest first, to what one answer may hold; from the end that `direction` leaves.
void cut(std::vector<Shown>& events, std::size_t limit, Direction direction) {
  std::size_t bytes = 0;
  std::size_t count = 0;
  const auto fits = [&](const Shown& event) {
    bytes += event.message.size();
    return count < limit && (bytes <= kPageBytesMax || count == 0);
  };
  if (direction == Direction::kForward) {
    while (count < events.size() && fits(events[count])) ++count;
    events.resize(count);
  } else {
    while (count < events.size() && fits(events[events.size() - 1 - count])) ++count;
    events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(count));
  }
}

bool by_position(const Shown& left, const Shown& right) { return left.position < right.position; }

// Which streams of a group FilterLogEvents looks at.
struct StreamChoice {
  std::string prefix;
  std::set<std::string> names;  // none: all

  static StreamChoice read(const Fields& fields) {
    StreamChoice choice{std::string(fields.text("logStreamNamePrefix").value_or("")), {}};
    const json::Node* given = fields.node("logStreamNames");
    if (!given) return choice;
    for (const json::Node& name : *given) {
      if (name.is_string()) choice.names.emplace(name.string());
    }
    return choice;
  }
  bool has(const std::string& stream) const {
    return stream.starts_with(prefix) && (names.empty() || names.contains(stream));
  }
};

Shown shown(const FunctionLine& line) {
  return {line.position, line.stream, line.position.time, line.message};
}

}  // namespace

Service::Answer Service::get_events(const Call& call) {
  const Fields fields(call.input);
  const std::string name(TRY(fields.required("logStreamName")));
  const Group group = TRY(find_group(call));
  const auto token = TRY(read_token(fields));
  Range range = range_of(fields, 0);
  Direction direction = fields.flag("startFromHead") ? Direction::kForward : Direction::kBackward;
  if (token) {
    direction = token->direction;
    if (direction == Direction::kForward) {
      range.from = std::max(range.from, next_of(token->position));
    } else {
      range.to = std::min(range.to, token->position);
    }
  }
  const std::size_t limit = std::min(fields.limit(kPageMax), kPageMax);
  std::vector<Shown> events;
  const auto stream =
      group.stored ? logs_.find_stream(*group.stored, name) : std::optional<runtime::LogStream>();
  bool known = stream.has_value();
  if (stream) {
    logs_.read(*group.stored, {stream->id, range.from, range.to, direction},
               [&](const runtime::LogEvent& event) {
                 events.push_back({event.position, name, event.ingestion_time, event.message});
                 return events.size() < limit;
               });
  }
  for (const FunctionLine& line : functions_.read(group.name)) {
    if (line.stream != name) continue;
    known = true;
    if (line.position >= range.from && line.position < range.to) events.push_back(shown(line));
  }
  if (!known) return Err{no_such_stream()};
  std::sort(events.begin(), events.end(), by_position);
  cut(events, limit, direction);
  // At either end the token that led there comes back.
  LogPosition last = token ? token->position : LogPosition{};
  LogPosition first = token ? token->position : LogPosition{logs_.now(), UINT64_MAX};
  if (token && token->direction == Direction::kForward) first = next_of(last);
  if (!events.empty()) {
    first = events.front().position;
    last = events.back().position;
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("events").begin_array();
  for (const Shown& event : events) {
    out.begin_object();
    write_event(out, event);
    out.end_object();
  }
  out.end_array().key("nextForwardToken").string("f/" + event_id(last) + "/s");
  out.key("nextBackwardToken").string("b/" + event_id(first) + "/s").end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::filter_events(const Call& call) {
  const Fields fields(call.input);
  const Group group = TRY(find_group(call));
  auto pattern = FilterPattern::parse(fields.text("filterPattern").value_or(""));
  if (!pattern.ok()) {
    return Err{invalid_parameter("Invalid filter pattern: " + pattern.error())};
  }
  // An event at the end time itself is still shown.
  Range range = range_of(fields, 1);
  if (const auto token = fields.text("nextToken")) {
    const auto position = parse_event_id(*token);
    if (!position) return Err{invalid_parameter("The specified nextToken is invalid.")};
    range.from = std::max(range.from, *position);
  }
  const StreamChoice choice = StreamChoice::read(fields);
  std::map<runtime::LogStreamId, std::string> streams;
  if (group.stored) {
    for (runtime::LogStream& stream :
         logs_.list_streams(*group.stored, choice.prefix, "", kStreamsMax)) {
      if (choice.has(stream.name)) streams.emplace(stream.id, std::move(stream.name));
    }
  }
  const std::size_t limit = std::min(fields.limit(kPageMax), kPageMax);
  std::vector<Shown> events;
  std::optional<LogPosition> stopped;
  std::size_t visits = 0;
  if (!streams.empty()) {
    logs_.read(
        *group.stored, {std::nullopt, range.from, range.to, Direction::kForward},
        [&](const runtime::LogEvent& event) {
          if (events.size() > limit || ++visits > kVisitsMax) {
            stopped = event.position;
            return false;
          }
          const auto stream = streams.find(event.stream);
          if (stream != streams.end() && pattern->matches(event.message)) {
            events.push_back({event.position, stream->second, event.ingestion_time, event.message});
          }
          return true;
        });
  }
  for (const FunctionLine& line : functions_.read(group.name)) {
    if (line.position < range.from || !(line.position < range.to)) continue;
    if (stopped && !(line.position < *stopped)) continue;
    if (choice.has(line.stream) && pattern->matches(line.message)) events.push_back(shown(line));
  }
  std::sort(events.begin(), events.end(), by_position);
  const std::size_t all = events.size();
  cut(events, limit, Direction::kForward);
  if (events.size() < all && !events.empty()) stopped = next_of(events.back().position);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("events").begin_array();
  for (const Shown& event : events) {
    out.begin_object().key("logStreamName").string(event.stream);
    write_event(out, event);
    out.key("eventId").string(event_id(event.position)).end_object();
  }
  out.end_array().key("searchedLogStreams").begin_array().end_array();
  if (stopped) out.key("nextToken").string(event_id(*stopped));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::logs
