// A state machine as plain data: what a definition says, with every path and template compiled.
// Nothing here executes. Fields are named by the States Language's words in snake_case; a field
// that is absent in the definition is an empty optional, unless the language gives it a default.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "asl/condition.h"
#include "asl/distributed.h"
#include "asl/payload.h"
#include "json/value.h"
#include "jsonpath/query.h"

namespace pawl::asl {

enum class QueryLanguage { kJsonPath, kJsonata };
enum class MachineType { kStandard, kExpress };

// Where a state goes when it is done. `next` is a name in the same States block.
struct Transition {
  std::optional<std::string> next;  // empty: End
};

struct Retrier {
  std::vector<std::string> error_equals;
  std::int64_t interval_seconds = 1;
  std::int64_t max_attempts = 3;
  double backoff_rate = 2.0;
  std::optional<std::int64_t> max_delay_seconds;
  enum class Jitter { kNone, kFull } jitter = Jitter::kNone;
};

struct Catcher {
  std::vector<std::string> error_equals;
  std::string next;
  ResultPath result_path;
  std::optional<Template> assign;
  std::optional<Template> output;  // JSONata
};

struct ChoiceRule {
  Condition condition;
  std::string next;
  std::optional<Template> assign;
  std::optional<Template> output;  // JSONata
};

struct ChoiceState {
  std::vector<ChoiceRule> choices;
  std::optional<std::string> default_next;
};

struct PassState {
  std::optional<json::Node> result;
  std::optional<Template> parameters;
};

struct WaitState {
  std::optional<NumberField> seconds;  // Seconds, SecondsPath
  // Timestamp as literal (already checked), TimestampPath, or JSONata.
  std::optional<std::variant<std::string, jsonpath::Query, TemplateJsonata>> timestamp;
};

struct SucceedState {};

struct FailState {
  // Error/ErrorPath, Cause/CausePath: a literal, an expression, or JSONata.
  using Text = std::variant<std::string, Expression, TemplateJsonata>;
  std::optional<Text> error;
  std::optional<Text> cause;
};

// The three ways a task's end is learnt (spec has none; step-functions.md C1).
enum class TaskPattern { kRequestResponse, kSync, kWaitForTaskToken };
struct TaskResource {
  std::string arn;  // as written
  enum class Kind { kLambdaFunction, kActivity, kService } kind = Kind::kService;
  // For kService: `arn:aws:states:::lambda:invoke.waitForTaskToken` gives type "lambda", action
  // "invoke", name "invoke.waitForTaskToken"; `aws-sdk:s3:getObject` gives type "aws-sdk:s3".
  std::string resource_type;
  std::string action;
  std::string resource_name;
  TaskPattern pattern = TaskPattern::kRequestResponse;
  int sync_version = 0;  // 2 for `.sync:2`
};

struct TaskState {
  TaskResource resource;
  std::optional<Template> parameters;  // Parameters, or JSONata Arguments
  std::optional<Template> credentials_role_arn;
  std::optional<NumberField> timeout_seconds;
  std::optional<NumberField> heartbeat_seconds;
};

// StartAt and States of a machine, a branch, or an item processor.
struct Block {
  std::string pointer;  // "", "/States/P/Branches/0", "/States/M/ItemProcessor"
  std::string start_at;
};

struct ParallelState {
  std::vector<Block> branches;
  std::optional<Template> parameters;  // Parameters, or JSONata Arguments
};

struct MapState {
  Block item_processor;
  enum class Mode { kInline, kDistributed } mode = Mode::kInline;
  MachineType execution_type = MachineType::kStandard;  // of a Distributed Map's children
  std::optional<jsonpath::Query> items_path;
  std::optional<Template> items;          // JSONata
  std::optional<Template> item_selector;  // ItemSelector, or legacy Parameters
  std::optional<NumberField> max_concurrency;
  std::optional<NumberField> tolerated_failure_count;
  std::optional<NumberField> tolerated_failure_percentage;
  std::string label;
  std::optional<ItemReader> item_reader;
  std::optional<ItemBatcher> item_batcher;
  std::optional<ResultWriter> result_writer;
};

struct State {
  std::string name;
  std::string pointer;        // JSON pointer of the state: "/States/A"; the durable name of it
  std::string block_pointer;  // of the block that holds it
  QueryLanguage query_language = QueryLanguage::kJsonPath;
  IoPath input_path;
  IoPath output_path;
  ResultPath result_path;
  std::optional<Template> result_selector;
  std::optional<Template> assign;
  std::optional<Template> output;  // JSONata
  std::vector<Retrier> retry;
  std::vector<Catcher> catchers;
  Transition transition;  // unused by Choice, Succeed, Fail
  std::variant<PassState, TaskState, ChoiceState, WaitState, SucceedState, FailState, ParallelState,
               MapState>
      form;
};

struct Machine {
  json::Value definition;  // keeps every node above alive
  QueryLanguage query_language = QueryLanguage::kJsonPath;
  MachineType type = MachineType::kStandard;
  Block top;
  std::optional<std::int64_t> timeout_seconds;
  std::string comment;

  // By JSON pointer; nullptr when there is no such state.
  const State* find(std::string_view pointer) const;
  // The state `name` of a block.
  const State* find(const Block& block, std::string_view name) const;
  const State* sibling(const State& state, std::string_view name) const;

  std::map<std::string, State, std::less<>> states;  // by pointer
};

// JSON pointer of the state `name` in the block at `block_pointer` (RFC 6901 escapes).
std::string state_pointer(std::string_view block_pointer, std::string_view name);

}  // namespace pawl::asl
