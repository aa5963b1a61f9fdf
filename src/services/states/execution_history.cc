// GetExecutionHistory (step-functions.md A4.21), and Pawl's ReadHistory.
#include "services/states/execution_history.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "runtime/history.h"
#include "services/states/fields.h"
#include "services/states/history_event.h"
#include "services/states/page_token.h"
#include "services/states/service.h"

namespace pawl::states {

namespace {

std::string encode_place(const runtime::HistoryPlace& place) {
  std::string position;
  put_varint(position, place.record);
  put_varint(position, static_cast<std::uint64_t>(place.event));
  return position;
}

std::optional<runtime::HistoryPlace> decode_place(const std::string& position) {
  if (position.empty()) return std::nullopt;
  ByteReader in(position);
  runtime::HistoryPlace place;
  place.record = in.varint();
  place.event = static_cast<machine::EventId>(in.varint());
  if (!in.ok()) return std::nullopt;
  return place;
}

constexpr std::int64_t kReadLimitMax = 10'000;

}  // namespace

Service::Result Service::get_execution_history(const Call& call) {
  const Fields fields(call.input);
  return read_history(engine_, fields, page_size(fields));
}

runtime::OperationResult read_large_history(runtime::Engine& engine, const runtime::Call& call) {
  const Fields fields(call.input);
  const std::int64_t wanted = fields.integer("maxResults").value_or(kReadLimitMax);
  return read_history(engine, fields,
                      static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 1, kReadLimitMax)));
}

runtime::OperationResult read_history(runtime::Engine& engine, const Fields& fields,
                                      std::size_t limit) {
  const Arn arn = TRY(required_arn(fields, "executionArn", "execution"));
  const runtime::ExecutionId id = runtime::id_of_execution(arn.text);
  const auto summary = runtime::read_summary(engine.store(), id, engine.horizon());
  if (!summary) {
    return Err{
        service_error("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn.text + "'")};
  }
  const bool backward = fields.flag("reverseOrder");
  const auto data =
      fields.flag("includeExecutionData", true) ? HistoryData::kIncluded : HistoryData::kLeftOut;
  const Qualifiers qualifiers{summary->version != 0 ? summary->version_arn() : std::string(),
                              !summary->alias.empty() ? summary->alias_arn() : std::string(),
                              summary->forked_event};
  const std::string parameters = arn.text + (backward ? "|reverse" : "|forward") +
                                 (data == HistoryData::kIncluded ? "|data" : "|no data");
  const std::string position = TRY(read_page_token(fields, parameters, engine.clock().now()));
  // A page may be smaller than asked (A1.7): its answer stays bounded whatever the payloads are.
  constexpr std::size_t kPageBytesMax = 4u << 20;

  std::string text;
  json::Writer out(text);
  out.begin_object().key("events").begin_array();
  std::size_t count = 0;
  const runtime::HistoryWalk walk = runtime::walk_history(
      engine.store(), *summary, id,
      backward ? runtime::HistoryOrder::kBackward : runtime::HistoryOrder::kForward,
      decode_place(position), [&](const machine::Event& event) {
        if (count == limit || (count > 0 && text.size() > kPageBytesMax)) return false;
        ++count;
        write_history_event(out, event, data, qualifiers);
        return true;
      });
  if (!walk.damage.empty()) {
    ServiceError error = service_error(
        "InternalFailure", "The history of " + arn.text + " cannot be read: " + walk.damage);
    error.http_status = 500;
    return Err{std::move(error)};
  }
  out.end_array();
  if (walk.stopped_at) {
    out.key("nextToken")
        .string(make_page_token(encode_place(*walk.stopped_at), parameters, engine.clock().now()));
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::states
