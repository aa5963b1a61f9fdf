// Retry and Catch (spec, "Errors"; reference/step-functions.md B7).
#include "asl/query_fields.h"
#include "asl/template.h"
#include "asl/walk.h"
#include "base/limits.h"

namespace pawl::asl {
namespace {

constexpr FieldRule kRetrierFields[] = {{"Comment"},       {"ErrorEquals"}, {"IntervalSeconds"},
                                        {"MaxAttempts"},   {"BackoffRate"}, {"MaxDelaySeconds"},
                                        {"JitterStrategy"}};
constexpr FieldRule kCatcherFields[] = {{"Comment"}, {"ErrorEquals"},
                                        {"Next"},    {"ResultPath", Languages::kJsonPath},
                                        {"Assign"},  {"Output", Languages::kJsonata}};

constexpr std::int64_t kMaxDelaySecondsMax = 31'622'400;  // 366 days

// Where in its list a retrier or catcher stands: States.ALL may only be in the last one.
enum class Rank { kLast, kBeforeOthers };

std::vector<std::string> parse_error_equals(const Fields& fields, Rank rank) {
  std::vector<std::string> names;
  const json::Node* list = fields.filled_array("ErrorEquals");
  if (list == nullptr) return names;
  const Place place = fields.place_of("ErrorEquals");
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (!list->at(i).is_string()) {
      report_wrong_type(fields.diagnostics(), place.element(i), "[STRING]");
      continue;
    }
    names.emplace_back(list->at(i).string());
    if (names.back() == "States.ALL" && (list->size() > 1 || rank != Rank::kLast)) {
      fields.diagnostics().rule(place.element(i),
                                "States.ALL must appear alone and at end of list");
    }
  }
  return names;
}

Retrier parse_retrier(const Fields& fields, Rank rank) {
  fields.require({"ErrorEquals"});
  fields.string("Comment");
  Retrier retrier;
  retrier.error_equals = parse_error_equals(fields, rank);
  // An interval of zero is accepted, although the specification asks for a positive one (A5.1).
  if (const auto seconds = fields.integer("IntervalSeconds", {0, kAwsLimits.wait_seconds_max})) {
    retrier.interval_seconds = *seconds;
  }
  if (const auto attempts = fields.integer("MaxAttempts", {0, kAwsLimits.wait_seconds_max})) {
    retrier.max_attempts = *attempts;
  }
  retrier.backoff_rate = fields.real("BackoffRate", {.min = 1}).value_or(retrier.backoff_rate);
  retrier.max_delay_seconds = fields.integer("MaxDelaySeconds", {1, kMaxDelaySecondsMax});
  if (fields.one_of("JitterStrategy", {"NONE", "FULL"}) == 1) {
    retrier.jitter = Retrier::Jitter::kFull;
  }
  return retrier;
}

Catcher parse_catcher(const Fields& fields, Rank rank) {
  fields.require({"ErrorEquals", "Next"});
  fields.string("Comment");
  Catcher catcher;
  catcher.error_equals = parse_error_equals(fields, rank);
  catcher.next = fields.string("Next").value_or("");
  catcher.result_path = result_path(fields, "ResultPath");
  catcher.assign = assign_field(fields, StatesExtra::kErrorOutput);
  catcher.output = template_field(fields, "Output", StatesExtra::kErrorOutput);
  return catcher;
}

// Parses every object of the list `name` with `parse_one`.
template <class Item, class ParseOne>
std::vector<Item> parse_list(const Fields& fields, std::string_view name,
                             std::span<const FieldRule> rules, ParseOne parse_one) {
  std::vector<Item> items;
  const json::Node* list = fields.array(name);
  if (list == nullptr) return items;
  const Place place = fields.place_of(name);
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Place item_place = place.element(i);
    if (!list->at(i).is_object()) {
      report_wrong_type(fields.diagnostics(), item_place, "[OBJECT]");
      continue;
    }
    const Fields item(fields.diagnostics(), list->at(i), item_place, {rules, fields.language()});
    items.push_back(parse_one(item, i + 1 == list->size() ? Rank::kLast : Rank::kBeforeOthers));
  }
  return items;
}

}  // namespace

std::vector<Retrier> parse_retry(const Walk&, const Fields& fields) {
  return parse_list<Retrier>(fields, "Retry", kRetrierFields, parse_retrier);
}

std::vector<Catcher> parse_catch(const Walk&, const Fields& fields) {
  return parse_list<Catcher>(fields, "Catch", kCatcherFields, parse_catcher);
}

}  // namespace pawl::asl
