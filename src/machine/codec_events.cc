// Records of events (docs/formats/events.md).
#include <array>
#include <map>

#include "base/ensure.h"
#include "machine/codec.h"
#include "machine/codec_event_fields.h"
#include "machine/codec_seal.h"

namespace pawl::machine {
namespace {

constexpr std::uint8_t kEventsVersion = 1;

// The low five bits of an event's first byte: its kind, the number below.
constexpr std::uint8_t kKindMask = 0x1f;
constexpr std::uint8_t kStrandGiven = 0x20;    // else the strand of the event before
constexpr std::uint8_t kTimeGiven = 0x40;      // else the time of the event before
constexpr std::uint8_t kPreviousGiven = 0x80;  // else the strand's traced tail, or 0 when hidden

// Durable numbers of the event kinds: never renumber, never reuse.
template <class Body>
struct KindOf;
template <>
struct KindOf<ExecutionStarted> {
  static constexpr std::uint8_t kNumber = 1;
};
template <>
struct KindOf<ExecutionSucceeded> {
  static constexpr std::uint8_t kNumber = 2;
};
template <>
struct KindOf<ExecutionFailed> {
  static constexpr std::uint8_t kNumber = 3;
};
template <>
struct KindOf<ExecutionAborted> {
  static constexpr std::uint8_t kNumber = 4;
};
template <>
struct KindOf<ExecutionTimedOut> {
  static constexpr std::uint8_t kNumber = 5;
};
template <>
struct KindOf<StateEntered> {
  static constexpr std::uint8_t kNumber = 6;
};
template <>
struct KindOf<StateExited> {
  static constexpr std::uint8_t kNumber = 7;
};
template <>
struct KindOf<StateAborted> {
  static constexpr std::uint8_t kNumber = 8;
};
template <>
struct KindOf<TaskScheduled> {
  static constexpr std::uint8_t kNumber = 9;
};
template <>
struct KindOf<TaskStarted> {
  static constexpr std::uint8_t kNumber = 10;
};
template <>
struct KindOf<TaskSubmitted> {
  static constexpr std::uint8_t kNumber = 11;
};
template <>
struct KindOf<TaskSucceeded> {
  static constexpr std::uint8_t kNumber = 12;
};
template <>
struct KindOf<TaskFailed> {
  static constexpr std::uint8_t kNumber = 13;
};
template <>
struct KindOf<ParallelStarted> {
  static constexpr std::uint8_t kNumber = 14;
};
template <>
struct KindOf<MapStarted> {
  static constexpr std::uint8_t kNumber = 15;
};
template <>
struct KindOf<MapIterationStarted> {
  static constexpr std::uint8_t kNumber = 16;
};
template <>
struct KindOf<MapIterationEnded> {
  static constexpr std::uint8_t kNumber = 17;
};
template <>
struct KindOf<ContainerSucceeded> {
  static constexpr std::uint8_t kNumber = 18;
};
template <>
struct KindOf<ContainerFailed> {
  static constexpr std::uint8_t kNumber = 19;
};
template <>
struct KindOf<EvaluationFailed> {
  static constexpr std::uint8_t kNumber = 20;
};
template <>
struct KindOf<WaitStarted> {
  static constexpr std::uint8_t kNumber = 21;
};
template <>
struct KindOf<RetryScheduled> {
  static constexpr std::uint8_t kNumber = 22;
};
template <>
struct KindOf<FaultRaised> {
  static constexpr std::uint8_t kNumber = 23;
};
template <>
struct KindOf<ExecutionRedriven> {
  static constexpr std::uint8_t kNumber = 24;
};
template <>
struct KindOf<ExecutionForked> {
  static constexpr std::uint8_t kNumber = 28;
};

template <>
struct KindOf<DistributedMapStarted> {
  static constexpr std::uint8_t kNumber = 25;
};
template <>
struct KindOf<MapRunStarted> {
  static constexpr std::uint8_t kNumber = 26;
};
template <>
struct KindOf<MapRunEnded> {
  static constexpr std::uint8_t kNumber = 27;
};
template <>
struct KindOf<MapRunRedriven> {
  static constexpr std::uint8_t kNumber = 29;
};

// 31, the last number of five bits, is kept for kinds with another byte.
template <>
struct KindOf<HaltChanged> {
  static constexpr std::uint8_t kNumber = 30;
};

template <class Body>
constexpr bool kHiddenBody =
    std::is_same_v<Body, WaitStarted> || std::is_same_v<Body, RetryScheduled> ||
    std::is_same_v<Body, FaultRaised> || std::is_same_v<Body, ExecutionForked> ||
    std::is_same_v<Body, HaltChanged>;

// Follows the events of a record, on both sides alike.
class Tracer {
 public:
  // References stay valid.
  Trace& of(StrandId strand) {
    if (last_ == nullptr || last_strand_ != strand) {
      last_ = &traces_[strand];
      last_strand_ = strand;
    }
    return *last_;
  }

  // The views kept point into `event`, which must stay where it is.
  void follow(const Event& event) {
    Trace& trace = of(event.strand);
    std::visit([&](const auto& body) { remember(trace, body); }, event.body);
    // The start and a container's success advance no chain (step-functions.md D3).
    if (event.visible() && !std::holds_alternative<ContainerSucceeded>(event.body) &&
        !std::holds_alternative<ExecutionStarted>(event.body)) {
      trace.tail = event.id;
    }
  }

 private:
  template <class Body>
  static void remember(Trace&, const Body&) {}
  static void remember(Trace& trace, const ExecutionStarted& body) {
    trace.payload = body.input;
    trace.pointer = body.start_pointer;
  }
  static void remember(Trace& trace, const StateEntered& body) {
    trace.name = body.name;
    trace.payload = body.input;
  }
  static void remember(Trace& trace, const StateExited& body) {
    trace.payload = body.output;
    trace.pointer = body.next_pointer;
  }
  static void remember(Trace& trace, const TaskScheduled& body) {
    trace.resource = body.resource;
    trace.resource_type = body.resource_type;
    trace.payload = body.parameters;
  }
  static void remember(Trace& trace, const TaskSucceeded& body) { trace.payload = body.output; }
  static void remember(Trace& trace, const ContainerSucceeded& body) {
    trace.payload = body.result;
  }

  std::map<StrandId, Trace> traces_;
  Trace* last_ = nullptr;
  StrandId last_strand_ = 0;
};

class EventsWriter {
 public:
  EventsWriter(std::string& out, EventId first, WallMillis time)
      : out_(out), writer_(out), next_(first), time_(time) {}

  void write(const Event& event) {
    ENSURE(!event.visible() || event.id == next_, event.id, next_);
    if (event.visible()) ++next_;
    std::visit([&](const auto& body) { write(event, body); }, event.body);
    tracer_.follow(event);
    strand_ = event.strand;
    time_ = event.time;
  }

 private:
  template <class Body>
  void write(const Event& event, const Body& body) {
    ENSURE(event.visible() != kHiddenBody<Body>, event.id);
    Trace& trace = tracer_.of(event.strand);
    const EventId predicted = event.visible() ? trace.tail : 0;
    std::uint8_t head = KindOf<Body>::kNumber;
    if (event.strand != strand_) head |= kStrandGiven;
    if (event.time != time_) head |= kTimeGiven;
    if (event.previous != predicted) head |= kPreviousGiven;
    out_.push_back(static_cast<char>(head));
    if ((head & kStrandGiven) != 0) put_varint(out_, event.strand);
    if ((head & kTimeGiven) != 0) put_signed(out_, minus(event.time, time_));
    if ((head & kPreviousGiven) != 0) put_signed(out_, minus(event.id, event.previous));
    EventFrame frame{event.id, event.time, trace};
    fields(writer_, frame, body);
  }

  std::string& out_;
  Writer writer_;
  Tracer tracer_;
  EventId next_;
  WallMillis time_;
  StrandId strand_ = 0;
};

class EventsReader {
 public:
  explicit EventsReader(std::string_view body) : reader_(body) {}

  Result<std::vector<Event>, DecodeError> read() {
    std::uint64_t count = 0;
    reader_.number(count);
    reader_.number(next_);
    reader_.number(time_);
    if (!reader_.ok() || count > reader_.bytes_left()) return Err{DecodeError{"bad event count"}};
    events_.reserve(static_cast<std::size_t>(count));
    for (; count > 0; --count) {
      read_event();
      if (!reader_.ok()) return Err{DecodeError{"malformed event " + std::to_string(next_)}};
    }
    if (!reader_.at_end()) return Err{DecodeError{"bytes after the last event"}};
    return std::move(events_);
  }

 private:
  using ReadBody = void (EventsReader::*)(Event&, std::uint8_t head);

  void read_event();

  template <class Bodies>
  struct BodyReaders;
  template <class... Bodies>
  struct BodyReaders<std::variant<Bodies...>> {
    static constexpr std::array<ReadBody, kKindMask + 1> by_kind() {
      std::array<ReadBody, kKindMask + 1> readers{};
      ((readers[KindOf<Bodies>::kNumber] = &EventsReader::read_body<Bodies>), ...);
      return readers;
    }
  };

  template <class Body>
  void read_body(Event& event, std::uint8_t head) {
    if constexpr (!kHiddenBody<Body>) {
      event.id = next_;
      next_ = plus(next_, 1);
      if (event.id <= 0) reader_.fail();
    }
    if ((head & kStrandGiven) != 0) reader_.number(strand_);
    if ((head & kTimeGiven) != 0) reader_.time(time_, time_);
    event.strand = strand_;
    event.time = time_;
    Trace& trace = tracer_.of(strand_);
    event.previous = event.visible() ? trace.tail : 0;
    if ((head & kPreviousGiven) != 0) {
      std::int64_t back = 0;
      reader_.number(back);
      event.previous = minus(event.id, back);
    }
    EventFrame frame{event.id, event.time, trace};
    fields(reader_, frame, event.body.emplace<Body>());
  }

  Reader reader_;
  Tracer tracer_;
  std::vector<Event> events_;
  EventId next_ = 0;
  WallMillis time_ = 0;
  StrandId strand_ = 0;
};

void EventsReader::read_event() {
  static constexpr auto kByKind = BodyReaders<Event::Body>::by_kind();
  std::uint8_t head = 0;
  reader_.byte(head);
  const ReadBody read_one = kByKind[head & kKindMask];
  if (read_one == nullptr) return reader_.fail();
  // In place: the trace keeps views into the events.
  Event& event = events_.emplace_back();
  (this->*read_one)(event, head);
  if (!reader_.ok()) return;
  tracer_.follow(event);
}

EventId first_visible(std::span<const Event> events) {
  for (const Event& event : events) {
    if (event.visible()) return event.id;
  }
  return 0;
}

}  // namespace

std::string encode_events(std::span<const Event> events) {
  std::string record = open_record(kEventsVersion);
  const EventId first = first_visible(events);
  const WallMillis time = events.empty() ? 0 : events.front().time;
  put_varint(record, events.size());
  put_signed(record, first);
  put_signed(record, time);
  EventsWriter writer(record, first, time);
  for (const Event& event : events) writer.write(event);
  seal_record(record);
  return record;
}

Result<std::vector<Event>, DecodeError> decode_events(std::string_view record) {
  return EventsReader(TRY(unseal_record(record, kEventsVersion, "event record"))).read();
}

}  // namespace pawl::machine
