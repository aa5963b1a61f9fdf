// Wait: goes on after a delay or at an instant (ASL, "Wait State"; texts: step-functions.md B5.2).
#include "json/number.h"
#include "machine/io_path.h"
#include "machine/leave.h"
#include "machine/states.h"
#include "machine/timestamps.h"

namespace pawl::machine {
namespace {

constexpr WallMillis kMillisPerSecond = 1'000;
constexpr WallMillis kMillisPerDay = 86'400'000;

WallMillis delay_max(const Work& work) { return work.context.limits.wait_days_max * kMillisPerDay; }
Fault too_long(const Work& work) { return runtime_fault(work, "Wait state delay is too long."); }

std::string shown(json::Node node) {
  return node.is_string() ? std::string(node.string()) : json::print(node);
}

// "The SecondsPath parameter <problem>: $.x == value".
Fault parameter_fault(const Work& work, std::string_view parameter, std::string_view problem,
                      const std::string& detail) {
  std::string cause = "The ";
  cause += parameter;
  cause += " parameter ";
  cause += problem;
  cause += ": " + detail;
  return runtime_fault(work, cause);
}

Result<json::Node, Failure> referenced(Evaluation& evaluation, const jsonpath::Query& query,
                                       std::string_view parameter) {
  const Payload input = TRY(effective_input(evaluation));
  auto found = evaluation.query(query, input.node());
  if (found.ok()) return *found;
  return Err{parameter_fault(evaluation.work(), parameter, "does not reference an input value",
                             query.text)};
}

Result<std::int64_t, Failure> referenced_seconds(Evaluation& evaluation,
                                                 const jsonpath::Query& query) {
  const json::Node value = TRY(referenced(evaluation, query, "SecondsPath"));
  std::optional<std::int64_t> seconds;
  if (value.is_number()) seconds = json::to_int64(value.number_text());
  if (value.is_string()) seconds = json::to_int64(value.string());
  const std::string detail = query.text + " == " + shown(value);
  if (!seconds) {
    return Err{parameter_fault(evaluation.work(), "SecondsPath", "cannot be parsed as a long value",
                               detail)};
  }
  if (*seconds < 0) {
    return Err{
        parameter_fault(evaluation.work(), "SecondsPath", "references a negative value", detail)};
  }
  return *seconds;
}

Result<WallMillis, Failure> due_after(Evaluation& evaluation, const asl::NumberField& field) {
  const Work& work = evaluation.work();
  std::int64_t seconds = 0;
  if (const auto* literal = std::get_if<std::int64_t>(&field.form)) {
    seconds = *literal;
  } else if (const auto* query = std::get_if<jsonpath::Query>(&field.form)) {
    seconds = TRY(referenced_seconds(evaluation, *query));
  } else if (const auto* jsonata = std::get_if<asl::TemplateJsonata>(&field.form)) {
    seconds = TRY(evaluation.integer(*jsonata));
    if (seconds < 0) {
      return Err{evaluation_failure(
          work, "The Seconds field references a negative value: " + std::to_string(seconds),
          jsonata->field)};
    }
  }
  if (seconds > delay_max(work) / kMillisPerSecond) return Err{too_long(work)};
  return work.context.now + seconds * kMillisPerSecond;
}

Result<WallMillis, Failure> due_at(Evaluation& evaluation, const asl::WaitState& state) {
  const Work& work = evaluation.work();
  std::optional<Instant> instant;
  if (const auto* literal = std::get_if<std::string>(&*state.timestamp)) {
    instant = parse_timestamp(*literal);
    if (!instant) {
      return Err{runtime_fault(work, "String does not match RFC3339 timestamp: " + *literal)};
    }
  } else if (const auto* query = std::get_if<jsonpath::Query>(&*state.timestamp)) {
    const json::Node value = TRY(referenced(evaluation, *query, "TimestampPath"));
    if (value.is_string()) instant = parse_timestamp(value.string());
    if (!instant) {
      return Err{parameter_fault(
          work, "TimestampPath",
          "does not reference a valid ISO-8601 extended offset date-time format string",
          query->text + " == " + shown(value))};
    }
  } else if (const auto* jsonata = std::get_if<asl::TemplateJsonata>(&*state.timestamp)) {
    const json::Node value = TRY(evaluation.jsonata(*jsonata, json::Kind::kString));
    instant = parse_timestamp(value.string());
    if (!instant) {
      return Err{evaluation_failure(
          work,
          "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format "
          "string: " +
              std::string(value.string()),
          jsonata->field)};
    }
  }
  const WallMillis due = millis_not_before(*instant);
  if (due > work.context.now + delay_max(work)) return Err{too_long(work)};
  return due;
}

}  // namespace

NextEvent begin_wait(const Work& work, const asl::WaitState& state) {
  Evaluation evaluation(work);
  const WallMillis due =
      state.seconds ? TRY(due_after(evaluation, *state.seconds)) : TRY(due_at(evaluation, state));
  if (due > work.context.now) return Event::Body(WaitStarted{.due = due});
  return end_wait(work);
}

NextEvent end_wait(const Work& work) {
  Evaluation evaluation(work);
  const asl::State& state = work.state;
  return leave_with_input(evaluation, {state.transition.next, state.assign, state.output});
}

}  // namespace pawl::machine
