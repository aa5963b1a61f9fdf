// What all states have in common, and the way to their types.
#include "asl/field_table.h"
#include "asl/query_fields.h"
#include "asl/template.h"
#include "asl/walk.h"
#include "base/limits.h"

namespace pawl::asl {
namespace {

constexpr std::string_view kTypes = "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]";

std::optional<StateType> type_of(const Walk& walk, json::Node state, const Place& place) {
  const json::Node* type = state.find("Type");
  if (type == nullptr) {
    walk.diagnostics.broken(place, "These fields are required: [Type]");
    return std::nullopt;
  }
  const auto named = type->is_string() ? state_type_named(type->string()) : std::nullopt;
  if (!named) {
    walk.diagnostics.broken(
        place.member("Type"),
        "The field 'Type' should have one of these values: " + std::string(kTypes));
  }
  return named;
}

// A state's own QueryLanguage, else the machine's; states inside a Map or Parallel do not inherit
// theirs (B1.3).
QueryLanguage language_of(const Walk& walk, json::Node state) {
  const json::Node* own = state.find("QueryLanguage");
  return own == nullptr ? walk.machine.query_language : query_language_written(*own);
}

// The service says this in place of what it would say of each field of the other language.
bool goes_back_to_jsonpath(const Walk& walk, QueryLanguage language, const Place& place) {
  if (walk.machine.query_language == language || language == QueryLanguage::kJsonata) return false;
  walk.diagnostics.rule_of_field(
      place, place.member("QueryLanguage"),
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  return true;
}

Transition transition_of(const Fields& fields) {
  fields.exactly_one_of({"Next", "End"});
  Transition transition;
  transition.next = fields.string("Next");
  // "End": false is as good as none.
  if (fields.boolean("End") == false && !transition.next) {
    fields.diagnostics().broken(
        fields.place(), "This object should have only one of the following fields: [Next, End]");
  }
  return transition;
}

bool has_result(StateType type) {
  return type == StateType::kTask || type == StateType::kParallel || type == StateType::kMap;
}

// The fields that carry data in and out of a state, as far as its type and language have them.
void parse_data_fields(const Walk& walk, const Fields& fields, StateType type, State& state) {
  const StatesExtra extra = has_result(type) ? StatesExtra::kResult : StatesExtra::kNone;
  state.input_path = io_path(fields, "InputPath");
  state.output_path = io_path(fields, "OutputPath");
  state.result_path = result_path(fields, "ResultPath");
  state.result_selector = template_field(fields, "ResultSelector");
  state.assign = assign_field(fields, extra);
  state.output = template_field(fields, "Output", extra);
  state.retry = parse_retry(walk, fields);
  state.catchers = parse_catch(walk, fields);
}

void parse_form(const Walk& walk, const Fields& fields, StateType type, State& state) {
  switch (type) {
    case StateType::kTask:
      state.form = parse_task(walk, fields);
      break;
    case StateType::kWait:
      state.form = parse_wait(walk, fields);
      break;
    case StateType::kPass:
      state.form = parse_pass(walk, fields);
      break;
    case StateType::kSucceed:
      state.form = SucceedState{};
      break;
    case StateType::kFail:
      state.form = parse_fail(walk, fields);
      break;
    case StateType::kChoice:
      state.form = parse_choice(walk, fields);
      break;
    case StateType::kParallel:
      state.form = parse_parallel(walk, fields);
      break;
    case StateType::kMap:
      state.form = parse_map(walk, fields);
      break;
  }
}

// Each state holds the path to it, so that nesting costs memory by its square.
bool is_too_deep(const Walk& walk, std::size_t pointer_bytes, const Place& place) {
  constexpr std::size_t kBytesMax = kAwsLimits.state_pointers_bytes_max;
  if (walk.state_pointer_bytes > kBytesMax) return true;
  walk.state_pointer_bytes += pointer_bytes;
  if (walk.state_pointer_bytes <= kBytesMax) return false;
  walk.diagnostics.broken(place, "The states are too deeply nested", code::kTooDeep);
  return true;
}

bool moves_on(StateType type) {
  return type != StateType::kChoice && type != StateType::kSucceed && type != StateType::kFail;
}

}  // namespace

void parse_state(const Walk& walk, json::Node node, const Place& place,
                 const std::string& block_pointer, std::string_view name) {
  if (!node.is_object()) return report_wrong_type(walk.diagnostics, place, "[OBJECT]");
  const std::optional<StateType> type = type_of(walk, node, place);
  if (!type || is_too_deep(walk, block_pointer.size() + name.size(), place)) return;

  State state;
  state.name = name;
  state.pointer = state_pointer(block_pointer, name);
  state.block_pointer = block_pointer;
  state.query_language = language_of(walk, node);
  Shape shape = state_shape(*type, state.query_language);
  if (goes_back_to_jsonpath(walk, state.query_language, place)) {
    shape.other_language = Shape::OtherLanguage::kPassedOver;
  }
  const Fields fields(walk.diagnostics, node, place, shape);
  check_query_language(fields);
  fields.string("Comment");
  if (moves_on(*type)) state.transition = transition_of(fields);
  parse_data_fields(walk, fields, *type, state);
  parse_form(walk, fields, *type, state);
  walk.machine.states.insert_or_assign(state.pointer, std::move(state));
}

}  // namespace pawl::asl
