#include "services/states/bulk.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "json/writer.h"
#include "services/states/arns.h"
#include "services/states/operator.h"
#include "services/states/page_token.h"
#include "services/states/service.h"
#include "services/states/start.h"

namespace pawl::states {

namespace {

using machine::Status;
using runtime::EraseOutcome;
using runtime::ExecutionId;
using runtime::SelectedPage;
using runtime::Selection;
using runtime::SelectionCursor;

constexpr std::size_t kChunkDefault = 200;
constexpr std::size_t kChunkMax = 1'000;
constexpr std::size_t kChildrenOfPage = 500;

std::vector<Status> default_statuses(BulkAction action) {
  switch (action) {
    case BulkAction::kStop:
    case BulkAction::kContinue:
    case BulkAction::kFail:
      return {Status::kRunning};
    case BulkAction::kRedrive:
      return {Status::kFailed, Status::kTimedOut, Status::kAborted};
    case BulkAction::kDelete:
      return {Status::kSucceeded, Status::kFailed, Status::kTimedOut, Status::kAborted};
  }
  return {};
}

std::optional<BulkAction> action_of(std::string_view name) {
  if (name == "stop") return BulkAction::kStop;
  if (name == "redrive") return BulkAction::kRedrive;
  if (name == "delete") return BulkAction::kDelete;
  if (name == "continue") return BulkAction::kContinue;
  if (name == "fail") return BulkAction::kFail;
  return std::nullopt;
}

// A chunk's place: where its selection ends in time, then the cursor. Executions that start while
// the chunks are worked through are not among them.
struct Place {
  WallMillis before = 0;
  SelectionCursor cursor;
};

std::string encode(const Place& place) {
  std::string bytes;
  put_big_endian_64(bytes, static_cast<std::uint64_t>(place.before));
  return bytes + runtime::encode(place.cursor);
}

std::optional<Place> decode_place(std::string_view bytes) {
  ByteReader in(bytes);
  Place place;
  place.before = static_cast<WallMillis>(in.big_endian_64());
  auto cursor = runtime::decode_selection_cursor(in.rest());
  if (!in.ok() || !cursor) return std::nullopt;
  place.cursor = std::move(*cursor);
  return place;
}

void write_count(json::Writer& out, std::string_view name, std::size_t count) {
  out.key(name).integer(static_cast<std::int64_t>(count));
}

// What every chunk answers; the object stays open.
void write_page(json::Writer& out, const SelectedPage& page, const std::string& next) {
  write_count(out, "examined", page.examined);
  write_count(out, "matched", page.matches.size());
  if (!next.empty()) out.key("nextToken").string(next);
}

json::Value dry_answer(const SelectedPage& page, const std::string& next) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_page(out, page, next);
  out.key("executions").begin_array();
  for (const SelectedPage::Match& match : page.matches) {
    out.string(match.summary.names.execution_arn());
  }
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

BulkEnd end_of(runtime::Delivery::Kind kind) {
  switch (kind) {
    case runtime::Delivery::Kind::kAccepted:
      return BulkEnd::kDone;
    case runtime::Delivery::Kind::kStale:
    case runtime::Delivery::Kind::kNotFound:
      return BulkEnd::kSkipped;
    case runtime::Delivery::Kind::kLost:
      break;
  }
  return BulkEnd::kFailed;
}

BulkEnd end_of(runtime::RedriveOutcome::Kind kind) {
  switch (kind) {
    case runtime::RedriveOutcome::Kind::kRedriven:
      return BulkEnd::kDone;
    case runtime::RedriveOutcome::Kind::kNotFound:
    case runtime::RedriveOutcome::Kind::kNotRedrivable:
      return BulkEnd::kSkipped;
    case runtime::RedriveOutcome::Kind::kOverloaded:
    case runtime::RedriveOutcome::Kind::kNoSpace:
    case runtime::RedriveOutcome::Kind::kLost:
      break;
  }
  return BulkEnd::kFailed;
}

BulkEnd end_of(runtime::TryAgainOutcome::Kind kind) {
  switch (kind) {
    case runtime::TryAgainOutcome::Kind::kGoesOn:
      return BulkEnd::kDone;
    case runtime::TryAgainOutcome::Kind::kNotFound:
    case runtime::TryAgainOutcome::Kind::kNotHalted:
    case runtime::TryAgainOutcome::Kind::kRefused:
      return BulkEnd::kSkipped;
    case runtime::TryAgainOutcome::Kind::kLost:
      break;
  }
  return BulkEnd::kFailed;
}

BulkEnd end_of(EraseOutcome outcome) {
  switch (outcome) {
    case EraseOutcome::kErased:
      return BulkEnd::kDone;
    case EraseOutcome::kNotFound:
    case EraseOutcome::kRunning:
      return BulkEnd::kSkipped;
    case EraseOutcome::kLost:
      break;
  }
  return BulkEnd::kFailed;
}

// With conditions on search attributes the cursor's key is the last row of their index.
SelectedPage select_page(runtime::Engine& engine, const Selection& selection,
                         const std::vector<runtime::SearchCondition>& where,
                         const SelectionCursor& from, std::size_t most) {
  if (where.empty()) {
    return runtime::select_executions(engine.store(), selection, from, most, engine.horizon());
  }
  auto found = runtime::search_executions(engine.store(), selection, where, from.key, most,
                                          engine.horizon());
  SelectedPage page{.matches = std::move(found.matches), .examined = found.examined, .next = {}};
  if (!found.next.empty()) page.next = SelectionCursor{0, std::move(found.next)};
  return page;
}

BulkOrder read_order(const Fields& fields, BulkAction action) {
  BulkOrder order{.action = action};
  if (const auto error = fields.text("error")) order.fault.error = std::string(*error);
  if (const auto cause = fields.text("cause")) order.fault.cause = std::string(*cause);
  if (fields.flag("latest")) order.definition = BulkOrder::Definition::kLatest;
  return order;
}

WallMillis millis_of(double seconds) { return static_cast<WallMillis>(seconds * 1'000); }

}  // namespace

void BulkChunk::end(BulkEnd end) {
  {
    const std::lock_guard lock(mutex_);
    done += end == BulkEnd::kDone ? 1 : 0;
    skipped += end == BulkEnd::kSkipped ? 1 : 0;
    failed += end == BulkEnd::kFailed ? 1 : 0;
    if (--left_ > 0) return;
  }
  finished_(*this);
}

Result<Selection, ServiceError> read_selection(const Fields& fields) {
  Selection selection;
  const auto machine = fields.text("stateMachineArn");
  const auto map_run = fields.text("mapRunArn");
  if (machine && map_run) {
    return Err{validation_error("stateMachineArn and mapRunArn exclude each other")};
  }
  if (machine) selection.owner = TRY(parse_arn(*machine, "stateMachine")).unqualified();
  if (map_run) selection.owner = TRY(parse_arn(*map_run, "mapRun")).text;
  if (const json::Node* statuses = fields.node("statuses")) {
    for (const json::Node& name : *statuses) {
      const auto status = status_of(name.is_string() ? name.string() : std::string_view());
      if (!status) return Err{validation_error("There is no such status: " + json::print(name))};
      selection.statuses.push_back(*status);
    }
  }
  if (const auto from = fields.real("startedFrom")) selection.started_from = millis_of(*from);
  if (const auto before = fields.real("startedBefore")) {
    selection.started_before = millis_of(*before);
  }
  selection.name_prefix = fields.text_or("namePrefix", "");
  selection.paused = fields.flag("paused");
  selection.halted = fields.flag("halted");
  return selection;
}

std::string selection_text(const Fields& fields) {
  std::string text;
  for (const char* name : {"action", "stateMachineArn", "mapRunArn", "statuses", "startedFrom",
                           "startedBefore", "namePrefix", "paused", "halted", "where"}) {
    const json::Node* member = fields.node(name);
    text += (member ? json::print(*member) : std::string()) + '|';
  }
  return text;
}

void Operator::act(const BulkOrder& order, const SelectedPage::Match& match, const BulkDone& done) {
  const ExecutionId& id = match.id;
  const auto delivered = [done](const runtime::Delivery& delivery) { done(end_of(delivery.kind)); };
  switch (order.action) {
    case BulkAction::kStop:
      return engine_.deliver(id, machine::Stop{order.fault}, delivered);
    case BulkAction::kFail:
      return engine_.deliver(id, machine::GiveUp{}, delivered);
    case BulkAction::kContinue:
      return try_again(
          id, match.summary.own_machine_arn(), order.definition,
          [done](const runtime::TryAgainOutcome& outcome) { done(end_of(outcome.kind)); });
    case BulkAction::kRedrive:
      return engine_.redrive(
          id, {}, [done](const runtime::RedriveOutcome& outcome) { done(end_of(outcome.kind)); });
    case BulkAction::kDelete:
      return erase(id, [done](EraseOutcome outcome) { done(end_of(outcome)); });
  }
}

void Operator::bulk(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  const auto action = action_of(fields.text_or("action", ""));
  if (!action)
    return reply(
        Err{validation_error("action is one of stop, redrive, delete, continue and fail")});
  auto selection = read_selection(fields);
  if (!selection.ok()) return reply(Err{std::move(selection).error()});
  if (selection->statuses.empty()) selection->statuses = default_statuses(*action);
  if (*action == BulkAction::kContinue || *action == BulkAction::kFail) selection->halted = true;
  const auto where = read_where(fields, *selection);
  if (!where.ok()) return reply(Err{where.error()});
  const std::string parameters = selection_text(fields);
  const WallMillis now = engine_.clock().now();
  const auto token = read_page_token(fields, parameters, now);
  if (!token.ok()) return reply(Err{token.error()});
  Place place{selection->started_before.value_or(now + 1), {}};
  if (!token->empty()) {
    const auto read = decode_place(*token);
    if (!read) return reply(Err{service_error("InvalidToken", "Invalid Token: 'Invalid token'")});
    place = *read;
  }
  selection->started_before = place.before;
  const auto most = static_cast<std::size_t>(
      std::clamp<std::int64_t>(fields.integer("limit").value_or(kChunkDefault), 1, kChunkMax));
  auto page =
      std::make_shared<SelectedPage>(select_page(engine_, *selection, *where, place.cursor, most));
  std::string next;
  if (page->next) {
    next = make_page_token(encode(Place{place.before, *page->next}), parameters, now);
  }
  if (fields.flag("dryRun")) return reply(dry_answer(*page, next));
  const BulkOrder order = read_order(fields, *action);
  const auto finished = [reply, page, next](const BulkChunk& chunk) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    write_page(out, *page, next);
    write_count(out, "done", chunk.done);
    write_count(out, "skipped", chunk.skipped);
    write_count(out, "failed", chunk.failed);
    out.end_object();
    reply(json::Value::trusted(std::move(text)));
  };
  // One end is the loop's own, so that the answer comes after it also when there is nothing to do.
  auto chunk = std::make_shared<BulkChunk>(page->matches.size() + 1, finished);
  for (const SelectedPage::Match& match : page->matches) {
    act(order, match, [chunk](BulkEnd end) { chunk->end(end); });
  }
  chunk->end(BulkEnd::kNone);
}

struct Operator::ErasedUntil {
  std::vector<std::string> map_runs;
  std::size_t map_run = 0;
  SelectionCursor cursor{};
};

// The children of its Map Runs first, page by page, so that none is left without a parent.
void Operator::erase(const ExecutionId& id, const std::function<void(EraseOutcome)>& done) {
  auto map_runs = runtime::list_map_runs(engine_.store(), id, engine_.horizon());
  const auto view = map_runs.empty() ? nullptr : engine_.describe(id);
  if (view && view->summary.status == Status::kRunning) return done(EraseOutcome::kRunning);
  erase_children({.map_runs = std::move(map_runs)}, [this, id, done](EraseOutcome outcome) {
    if (outcome != EraseOutcome::kErased) return done(outcome);
    engine_.erase(id, done);
  });
}

void Operator::erase_children(ErasedUntil place, const std::function<void(EraseOutcome)>& done) {
  SelectedPage page;
  while (page.matches.empty()) {
    if (place.map_run == place.map_runs.size()) return done(EraseOutcome::kErased);
    page = runtime::select_executions(engine_.store(), {.owner = place.map_runs[place.map_run]},
                                      place.cursor, kChildrenOfPage, engine_.horizon());
    // Bounded looks that found nothing may come before one that does.
    place.map_run += page.next ? 0 : 1;
    place.cursor = page.next.value_or(SelectionCursor{});
  }
  const auto go_on = [this, place = std::move(place), done](const BulkChunk& ended) {
    if (ended.failed > 0) return done(EraseOutcome::kLost);
    if (ended.skipped > 0) return done(EraseOutcome::kRunning);
    erase_children(place, done);
  };
  auto chunk = std::make_shared<BulkChunk>(page.matches.size(), go_on);
  for (const SelectedPage::Match& match : page.matches) {
    erase(match.id, [chunk](EraseOutcome outcome) { chunk->end(end_of(outcome)); });
  }
}

void Operator::delete_execution(const Call& call, const Reply& reply) {
  auto arn = required_arn(Fields(call.input), "executionArn", "execution");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  erase(runtime::id_of_execution(arn->text), [reply, arn = arn->text](EraseOutcome outcome) {
    switch (outcome) {
      case EraseOutcome::kErased:
        return reply(json::Value::trusted("{}"));
      case EraseOutcome::kNotFound:
        return reply(
            Err{service_error("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'")});
      case EraseOutcome::kRunning:
        return reply(Err{service_error(
            "ExecutionRunning", "The execution, or a Map Run's child of it, runs: stop it first")});
      case EraseOutcome::kLost:
        return reply(Err{not_durable()});
    }
  });
}

}  // namespace pawl::states
