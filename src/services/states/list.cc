// Lists of executions with more to ask by than ListExecutions has: times, names, pauses, and search
// attributes (docs/search.md).
#include <algorithm>
#include <cmath>
#include <utility>

#include "runtime/listing_of_many.h"
#include "services/states/bulk.h"
#include "services/states/fields.h"
#include "services/states/operator.h"
#include "services/states/page_token.h"
#include "services/states/service.h"

namespace pawl::states {

namespace {

using runtime::SelectedPage;
using runtime::Selection;

constexpr std::int64_t kLimitDefault = 100;
constexpr std::int64_t kLimitMax = 1'000;

// A page of either way to find executions; `next` is the way's own.
struct Found {
  std::vector<SelectedPage::Match> matches;
  std::string next;
};

ServiceError invalid_token() {
  return service_error("InvalidToken", "Invalid Token: 'Invalid token'");
}

// The newest first, of all owners in one order.
::pawl::Result<Found, ServiceError> find_newest(runtime::Engine& engine, const Selection& selection,
                                                std::vector<std::string> owners,
                                                const std::string& after, std::size_t limit) {
  runtime::ListRequest request{.machine_arn = {},
                               .statuses = selection.statuses,
                               .name_prefix = selection.name_prefix,
                               .wanted = [&](const auto& run) { return selection.matches(run); },
                               .after = {},
                               .limit = limit};
  if (!after.empty()) {
    request.after = runtime::parse_list_key(after);
    if (!request.after) return Err{invalid_token()};
  } else if (selection.started_before) {
    request.after = runtime::ListPosition{*selection.started_before, {}};
  }
  runtime::ListPage page = runtime::list_executions(
      engine.store(), {.arns = std::move(owners), .started_from = selection.started_from}, request,
      engine.horizon());
  Found found;
  for (runtime::ListEntry& entry : page.entries) {
    found.matches.push_back({entry.position.id, std::move(entry.summary)});
  }
  if (page.next) found.next = runtime::list_key(0, page.next->start, page.next->id);
  return found;
}

// All state machines that keep executions.
std::vector<std::string> standard_machines(const runtime::Catalog& catalog,
                                           const Directory& directory) {
  std::vector<std::string> arns;
  catalog.for_each(kMachineTable,
                   [&](const std::string& arn, const std::string&) { arns.push_back(arn); });
  std::erase_if(arns, [&directory](const std::string& arn) {
    const auto machine = directory.machine(arn);
    return machine == nullptr || machine->type == "EXPRESS";
  });
  return arns;
}

void write_number(json::Writer& out, double number) {
  constexpr double kExact = 9'007'199'254'740'992;  // 2^53
  if (std::trunc(number) == number && std::abs(number) <= kExact) {
    out.integer(static_cast<std::int64_t>(number));
  } else {
    out.real(number);
  }
}

void write_values(json::Writer& out, const runtime::Summary& summary,
                  const runtime::SearchAttributes& attributes) {
  out.key("search").begin_object();
  for (const runtime::SearchAttribute& attribute : attributes) {
    for (const runtime::SearchEntry& entry : summary.search) {
      if (entry.attribute != attribute.id) continue;
      out.key(attribute.name);
      if (entry.value.kind == runtime::SearchValue::Kind::kText) {
        out.string(entry.value.text);
      } else {
        write_number(out, entry.value.number);
      }
    }
  }
  out.end_object();
}

void write_entry(json::Writer& out, const runtime::Summary& summary,
                 const runtime::SearchAttributes* attributes) {
  out.begin_object().key("executionArn").string(summary.names.execution_arn());
  out.key("stateMachineArn").string(summary.names.machine_arn());
  out.key("name").string(summary.names.execution);
  out.key("status").string(name_of(summary.status)).key("startDate");
  write_time(out, summary.start_time);
  if (summary.stop_time != 0) {
    out.key("stopDate");
    write_time(out, summary.stop_time);
  }
  if (summary.pause) {
    out.key("paused").begin_object();
    write_pause(out, *summary.pause);
    out.end_object();
  }
  if (summary.halt) {
    out.key("halted").begin_object().key("since");
    write_time(out, summary.halt->since);
    out.key("state").string(summary.halt->state);
    if (!summary.halt->error.empty()) out.key("error").string(summary.halt->error);
    out.end_object();
  }
  if (attributes != nullptr) write_values(out, summary, *attributes);
  out.end_object();
}

}  // namespace

runtime::OperationResult Operator::list_executions(const Call& call) const {
  const Fields fields(call.input);
  const Selection selection = TRY(read_selection(fields));
  const std::vector<runtime::SearchCondition> where = TRY(read_where(fields, selection));
  const std::string parameters = selection_text(fields);
  const std::string after = TRY(read_page_token(fields, parameters, engine_.clock().now()));
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(fields.integer("limit").value_or(kLimitDefault), 1, kLimitMax));
  Found found;
  if (!where.empty()) {
    auto page = runtime::search_executions(engine_.store(), selection, where, after, limit,
                                           engine_.horizon());
    found = {std::move(page.matches), std::move(page.next)};
  } else {
    auto owners = selection.owner ? std::vector<std::string>{*selection.owner}
                                  : standard_machines(catalog_, directory_);
    found = TRY(find_newest(engine_, selection, std::move(owners), after, limit));
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("executions").begin_array();
  for (const SelectedPage::Match& match : found.matches) {
    const auto attributes =
        engine_.search().of(runtime::digest_of_machine(match.summary.list_owner()));
    write_entry(out, match.summary, attributes.get());
  }
  out.end_array();
  if (!found.next.empty())
    out.key("nextToken").string(make_page_token(found.next, parameters, engine_.clock().now()));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

runtime::OperationResult Operator::count_executions(const Call& call) const {
  constexpr std::uint64_t kRowsMax = 100'000;
  const Fields fields(call.input);
  const std::string owner(TRY(fields.required("stateMachineArn")));
  const auto from = static_cast<WallMillis>(fields.real("startedFrom").value_or(0) * 1000);
  const std::string parameters = owner + "|" + std::to_string(from);
  const std::string token = TRY(read_page_token(fields, parameters, engine_.clock().now()));
  runtime::SelectionCursor cursor;
  if (!token.empty()) {
    auto known = runtime::decode_selection_cursor(token);
    if (!known) return Err{invalid_token()};
    cursor = std::move(*known);
  }
  const runtime::StatusCounts found =
      runtime::count_executions(engine_.store(), owner, from, cursor, kRowsMax, engine_.horizon());
  std::string text;
  json::Writer out(text);
  out.begin_object().key("counts").begin_object();
  for (const auto& [status, count] : found.counts) {
    out.key(name_of(status)).integer(static_cast<std::int64_t>(count));
  }
  out.end_object().key("examined").integer(static_cast<std::int64_t>(found.examined));
  out.key("complete").boolean(!found.next.has_value());
  if (found.next) {
    out.key("nextToken")
        .string(make_page_token(runtime::encode(*found.next), parameters, engine_.clock().now()));
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::states
