// JSON on its way through a state, and the evaluation of paths, intrinsic functions and payload
// templates against it (step-functions.md B2).
#pragma once

#include <optional>
#include <string_view>

#include "machine/context_object.h"
#include "machine/work.h"

namespace pawl::machine {

// Either a document as it came, whose text survives byte for byte, or something selected from one
// or built, which is printed anew (conformance FACTS, "Text and number forms").
class Payload {
 public:
  Payload(json::Value whole) : whole_(std::move(whole)) {}
  // The node must live until value() was asked for.
  Payload(json::Node built) : built_(built) {}

  json::Node node() const { return whole_ ? whole_->root() : built_; }
  // The same document again, or a new one.
  json::Value value() const { return whole_ ? *whole_ : json::Value::of(built_); }
  // The text as error messages quote it.
  std::string text() const { return whole_ ? std::string(whole_->text()) : json::print(built_); }

 private:
  std::optional<json::Value> whole_;
  json::Node built_;
};

// Evaluates the expressions of one state. Context Object and variables are made on first use.
class Evaluation {
 public:
  explicit Evaluation(const Work& work) : work_(work) {}
  // For ItemSelector: `$$.Map.Item` is the item to come, not the one that the strand runs in.
  Evaluation(const Work& work, MapItem item) : work_(work), item_(item) {}
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  const Work& work() const { return work_; }
  json::Arena& arena() { return arena_; }
  // Shows a value on its way to TestState.
  void note(Stage stage, const Payload& payload) const;

  Result<json::Node, jsonpath::PathError> query(const jsonpath::Query& query, json::Node input);
  // For path fields other than a template's (InputPath, OutputPath, ItemsPath ...).
  Result<json::Node, Failure> select(const jsonpath::Query& query, json::Node input);
  // `field` is the name that the error text gives: "value.$", "ErrorPath".
  Result<json::Node, Failure> expression(const asl::Expression& expression, std::string_view field,
                                         const Payload& input);
  // A template in either query language; JSONata reads `$states` instead of `input`.
  Result<json::Node, Failure> instantiate(const asl::Template& form, const Payload& input);

  // jsonata.cc. What `$states` shows besides the state's input and the Context Object.
  void show_result(json::Node result) { result_ = result; }
  void show_error_output(json::Node error_output) { error_output_ = error_output; }
  // Every value that JSON can say; everything else is a failure.
  Result<json::Node, Failure> jsonata(const asl::TemplateJsonata& form);
  Result<json::Node, Failure> jsonata(const asl::TemplateJsonata& form, json::Kind kind);
  Failure unexpected_type(const asl::TemplateJsonata& form, std::string_view expected,
                          json::Node found) const;
  Result<std::int64_t, Failure> integer(const asl::TemplateJsonata& form);
  Result<double, Failure> real(const asl::TemplateJsonata& form);

 private:
  json::Node states();
  const json::Value* find_variable(std::string_view name) const;
  EvaluationFailed jsonata_failure(const asl::TemplateJsonata& form, std::string_view what) const;

  Result<json::Node, Failure> object(const asl::TemplateObject& form, const Payload& input);
  Result<json::Node, Failure> array(const asl::TemplateArray& form, const Payload& input);
  Result<json::Node, Failure> call(const intrinsics::Call& call, const Payload& input);
  Fault path_fault(const jsonpath::Query& query, std::string_view field, const Payload& input,
                   const jsonpath::PathError& error) const;
  json::Node context();
  json::Node variables();
  jsonpath::Scope scope_for(const jsonpath::Query& query, json::Node input);

  const Work& work_;
  std::optional<MapItem> item_;
  json::Arena arena_;
  std::optional<json::Node> context_;
  std::optional<json::Node> variables_;
  std::optional<json::Node> states_;
  std::optional<json::Node> result_;
  std::optional<json::Node> error_output_;
};

}  // namespace pawl::machine
