#include "services/states/test_answer.h"

#include <utility>

#include "json/writer.h"
#include "services/states/fields.h"
#include "services/states/written_text.h"

namespace pawl::states {

namespace {

using machine::Stage;
using Status = TestVerdict::Status;

std::string_view name_of(Status status) {
  switch (status) {
    case Status::kSucceeded:
      return "SUCCEEDED";
    case Status::kFailed:
      return "FAILED";
    case Status::kRetriable:
      return "RETRIABLE";
    case Status::kCaughtError:
      return "CAUGHT_ERROR";
  }
  return "";
}

std::string_view member_of(Stage stage, asl::QueryLanguage language) {
  switch (stage) {
    case Stage::kAfterInputPath:
      return "afterInputPath";
    case Stage::kAfterParameters:
      return language == asl::QueryLanguage::kJsonata ? "afterArguments" : "afterParameters";
    case Stage::kAfterItemsPath:
      return "afterItemsPath";
    case Stage::kAfterItemsPointer:
      return "afterItemsPointer";
    case Stage::kAfterItemSelector:
      return "afterItemSelector";
    case Stage::kAfterItemBatcher:
      return "afterItemBatcher";
    case Stage::kResult:
      return "result";
    case Stage::kAfterResultSelector:
      return "afterResultSelector";
    case Stage::kAfterResultPath:
      return "afterResultPath";
  }
  return "";
}

// Which stages the service shows: none that the query language does not have, and of some types
// not those that a mock stands for.
struct Shown {
  bool jsonata;

  bool operator()(Stage, const asl::PassState&) const { return !jsonata; }
  bool operator()(Stage stage, const asl::TaskState&) const {
    return !jsonata || stage == Stage::kAfterParameters || stage == Stage::kResult;
  }
  bool operator()(Stage stage, const asl::ParallelState&) const {
    return !jsonata && (stage == Stage::kAfterResultSelector || stage == Stage::kAfterResultPath);
  }
  bool operator()(Stage stage, const asl::MapState&) const {
    if (stage == Stage::kAfterItemsPointer || stage == Stage::kAfterItemSelector ||
        stage == Stage::kAfterItemBatcher) {
      return true;
    }
    return !jsonata && stage != Stage::kResult && stage != Stage::kAfterParameters;
  }
  template <class Other>
  bool operator()(Stage stage, const Other&) const {
    return !jsonata && stage == Stage::kAfterInputPath;
  }
};

// Items as they stand in what they were selected from.
std::string shown_text(Stage stage, const json::Value& value, const TestRequest& request) {
  if (stage != Stage::kAfterItemsPath) return std::string(value.text());
  for (const json::Value* source : {&request.input, &request.context_object}) {
    if (const auto slice = find_written(source->text(), value)) return std::string(*slice);
  }
  return std::string(value.text());
}

void write_error_details(json::Writer& out, const TestVerdict& verdict) {
  if (!verdict.retry_index && !verdict.catch_index) return;
  out.key("errorDetails").begin_object();
  if (verdict.catch_index) out.key("catchIndex").integer(*verdict.catch_index);
  if (verdict.retry_index) out.key("retryIndex").integer(*verdict.retry_index);
  if (verdict.retry_backoff_seconds) {
    out.key("retryBackoffIntervalSeconds").integer(*verdict.retry_backoff_seconds);
  }
  out.end_object();
}

// Those of the request in its order, then the ones that the state has assigned.
std::string variables_text(const TestRun& run) {
  std::string text;
  json::Writer members(text);
  members.begin_object();
  auto left = run.variables();
  if (const auto& given = run.request().variables) {
    for (const json::Member& member : given->root().members()) {
      const auto found = left.find(member.key.string());
      if (found == left.end()) continue;
      members.key(found->first).raw(found->second.text());
      left.erase(found);
    }
  }
  for (const auto& [name, value] : left) members.key(name).raw(value.text());
  members.end_object();
  return text;
}

void write_inspection(json::Writer& out, const TestRun& run, const TestVerdict& verdict) {
  const machine::Inspection& inspection = run.inspection();
  const asl::State& state = *run.request().subject.state;
  const Shown shown{state.query_language == asl::QueryLanguage::kJsonata};
  out.key("inspectionData").begin_object();
  out.key("input").string(run.request().input.text());
  for (const auto& [stage, value] : inspection.values) {
    const auto visible = [&, where = stage](const auto& form) { return shown(where, form); };
    if (!std::visit(visible, state.form)) continue;
    out.key(member_of(stage, state.query_language)).string(shown_text(stage, value, run.request()));
  }
  if (inspection.max_concurrency) out.key("maxConcurrency").integer(*inspection.max_concurrency);
  if (inspection.tolerated_failure_count) {
    out.key("toleratedFailureCount").integer(*inspection.tolerated_failure_count);
  }
  if (inspection.tolerated_failure_percentage) {
    write_decimal(out.key("toleratedFailurePercentage"), *inspection.tolerated_failure_percentage);
  }
  if (!run.variables().empty()) out.key("variables").string(variables_text(run));
  write_error_details(out, verdict);
  out.end_object();
}

}  // namespace

json::Value test_answer(const TestRun& run, const TestVerdict& verdict,
                        std::string_view inspection_level) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (verdict.output) out.key("output").string(verdict.output->text());
  if (verdict.fault.error) out.key("error").string(*verdict.fault.error);
  if (verdict.fault.cause) out.key("cause").string(*verdict.fault.cause);
  if (inspection_level != "INFO") write_inspection(out, run, verdict);
  if (verdict.next_state) out.key("nextState").string(*verdict.next_state);
  out.key("status").string(name_of(verdict.status)).end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::states
