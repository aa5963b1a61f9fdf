// Collects the variables that each state reads, from every field that can hold an expression.
#include <set>

#include "asl/jsonata_scan.h"
#include "asl/parse.h"
#include "asl/query_fields.h"
#include "asl/template.h"

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
    names_.merge(jsonata_variables(jsonata.expression));
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
    for (const auto& part : {map.item_reader, map.item_batcher, map.result_writer}) {
      if (part) collect_uncompiled(*part);
    }
  }

  // ItemReader and its like are kept as they are written.
  void collect_uncompiled(json::Node node) {
    for (const json::Node& element : node) collect_uncompiled(element);
    for (const json::Member& member : node.members()) {
      const std::string_view key = member.key.string();
      if (!member.value.is_string()) {
        collect_uncompiled(member.value);
      } else if (state_.query_language == QueryLanguage::kJsonata) {
        if (member.value.string().starts_with("{%")) {
          names_.merge(jsonata_variables(member.value.string()));
        }
      } else if (is_dynamic_key(key) || key.ends_with("Path")) {
        collect(compile_expression(member.value.string()));
      }
    }
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
