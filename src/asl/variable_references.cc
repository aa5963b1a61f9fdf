// Collects the variables that each state reads, from every field that can hold an expression.
#include <set>

#include "asl/parse.h"

namespace pawl::asl {
namespace {

class Collector {
 public:
  explicit Collector(const State& state) : state_(state) {}

  std::set<std::string> run() && {
    collect(state_.input_path);
    collect(state_.output_path);
    collect(state_.result_selector);
    collect(state_.assign);
    collect(state_.output);
    for (const Catcher& catcher : state_.catchers) {
      collect(catcher.assign);
      collect(catcher.output);
    }
    std::visit([this](const auto& form) { this->collect(form); }, state_.form);
    return std::move(names_);
  }

 private:
  // The leaves: paths, function calls and JSONata; literals read nothing.
  void collect(const jsonpath::Query& query) {
    if (query.source == jsonpath::Query::Source::kVariable) names_.insert(query.variable);
  }
  void collect(const intrinsics::Call& call) {
    call.for_each_query([this](const jsonpath::Query& query) { this->collect(query); });
  }
  void collect(const TemplateJsonata& jsonata) {
    if (!jsonata.compiled.ok()) return;
    for (const std::string& name : jsonata.compiled->free_variables()) {
      if (name != "states") names_.insert(name);
    }
  }
  void collect(const std::string&) {}
  void collect(const json::Node&) {}
  void collect(std::int64_t) {}
  void collect(double) {}
  void collect(bool) {}
  void collect(std::monostate) {}
  void collect(NullPath) {}
  void collect(const TemplateLiteral&) {}

  // What is one of several things, or may be absent.
  template <class... Forms>
  void collect(const std::variant<Forms...>& forms) {
    std::visit([this](const auto& form) { this->collect(form); }, forms);
  }
  template <class Part>
  void collect(const std::optional<Part>& part) {
    if (part) collect(*part);
  }

  // Templates and conditions, down to their leaves.
  void collect(const Template& part) { collect(part.form); }
  void collect(const NumberField& number) { collect(number.form); }
  void collect(const Condition& condition) { collect(condition.form); }
  void collect(const TemplateExpression& part) { collect(part.expression); }
  void collect(const TemplateObject& object) {
    for (const TemplateMember& member : object.members) collect(*member.value);
  }
  void collect(const TemplateArray& array) {
    for (const Template& element : array.elements) collect(element);
  }
  void collect(const DataTest& test) {
    collect(test.variable);
    collect(test.operand);
  }
  void collect(const AndCondition& all) {
    for (const Condition& operand : all.operands) collect(operand);
  }
  void collect(const OrCondition& any) {
    for (const Condition& operand : any.operands) collect(operand);
  }
  void collect(const NotCondition& negation) { collect(*negation.operand); }

  // The state types. The states inside Parallel and Map answer for themselves.
  void collect(const PassState& pass) { collect(pass.parameters); }
  void collect(const SucceedState&) {}
  void collect(const FailState& fail) {
    collect(fail.error);
    collect(fail.cause);
  }
  void collect(const WaitState& wait) {
    collect(wait.seconds);
    collect(wait.timestamp);
  }
  void collect(const TaskState& task) {
    collect(task.parameters);
    collect(task.credentials_role_arn);
    collect(task.timeout_seconds);
    collect(task.heartbeat_seconds);
  }
  void collect(const ChoiceState& choice) {
    for (const ChoiceRule& rule : choice.choices) {
      collect(rule.condition);
      collect(rule.assign);
      collect(rule.output);
    }
  }
  void collect(const ParallelState& parallel) { collect(parallel.parameters); }
  void collect(const MapState& map) {
    collect(map.items_path);
    collect(map.items);
    collect(map.item_selector);
    collect(map.max_concurrency);
    collect(map.tolerated_failure_count);
    collect(map.tolerated_failure_percentage);
    if (map.item_reader) {
      collect(map.item_reader->arguments);
      collect(map.item_reader->max_items);
    }
    if (map.item_batcher) {
      collect(map.item_batcher->items_max);
      collect(map.item_batcher->bytes_max);
      collect(map.item_batcher->batch_input);
    }
    if (map.result_writer) collect(map.result_writer->arguments);
  }

  const State& state_;
  std::set<std::string> names_;
};

}  // namespace

std::map<std::string, std::vector<std::string>> variable_references(const Machine& machine) {
  std::map<std::string, std::vector<std::string>> references;
  for (const auto& [pointer, state] : machine.states) {
    const std::set<std::string> names = Collector(state).run();
    if (!names.empty()) references[state.name].assign(names.begin(), names.end());
  }
  return references;
}

}  // namespace pawl::asl
