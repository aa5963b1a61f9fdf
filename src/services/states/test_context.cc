#include "services/states/test_context.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "asl/parse.h"
#include "json/writer.h"
#include "machine/timestamps.h"
#include "services/states/fields.h"

namespace pawl::states {

namespace {

using runtime::ServiceError;

enum class Kind { kAny, kString, kNumber, kObject };
struct ContextMember {
  std::string_view name;
  Kind kind;
  std::span<const ContextMember> members = {};
};

constexpr std::array<ContextMember, 7> kExecution = {{{"Id", Kind::kString},
                                                      {"Input", Kind::kAny},
                                                      {"Name", Kind::kString},
                                                      {"RedriveCount", Kind::kNumber},
                                                      {"RedriveTime", Kind::kString},
                                                      {"RoleArn", Kind::kString},
                                                      {"StartTime", Kind::kString}}};
constexpr std::array<ContextMember, 3> kState = {
    {{"EnteredTime", Kind::kString}, {"Name", Kind::kString}, {"RetryCount", Kind::kNumber}}};
constexpr std::array<ContextMember, 2> kStateMachine = {
    {{"Id", Kind::kString}, {"Name", Kind::kString}}};
constexpr std::array<ContextMember, 1> kTask = {{{"Token", Kind::kString}}};
constexpr std::array<ContextMember, 4> kContext = {{{"Execution", Kind::kObject, kExecution},
                                                    {"State", Kind::kObject, kState},
                                                    {"StateMachine", Kind::kObject, kStateMachine},
                                                    {"Task", Kind::kObject, kTask}}};

ServiceError invalid(const std::string& what) {
  return validation_error("Invalid Context object provided: " + what);
}

bool has_kind(json::Node value, Kind kind) {
  switch (kind) {
    case Kind::kAny:
      return true;
    case Kind::kString:
      return value.is_string();
    case Kind::kNumber:
      return value.is_number();
    case Kind::kObject:
      return value.is_object();
  }
  return false;
}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kAny:
      return "any value";
    case Kind::kString:
      return "a string";
    case Kind::kNumber:
      return "a number";
    case Kind::kObject:
      return "an object";
  }
  return "";
}

::pawl::Result<void, ServiceError> check_members(json::Node object, const std::string& path,
                                                 std::span<const ContextMember> allowed) {
  for (const json::Member& member : object.members()) {
    const std::string name(member.key.string());
    const auto known = std::find_if(allowed.begin(), allowed.end(),
                                    [&](const ContextMember& one) { return one.name == name; });
    if (known == allowed.end()) return Err{invalid("Field '" + name + "' is not allowed")};
    if (!has_kind(member.value, known->kind)) {
      return Err{invalid(path + name + " must be " + std::string(name_of(known->kind)))};
    }
    if (known->kind == Kind::kObject) {
      TRY(check_members(member.value, path + name + ".", known->members));
    }
  }
  return {};
}

bool waits_for_somebody(const asl::State& state) {
  const auto* task = std::get_if<asl::TaskState>(&state.form);
  return task && task->resource.pattern != asl::TaskPattern::kRequestResponse;
}

bool counts_retries(const asl::State& state) {
  return std::holds_alternative<asl::TaskState>(state.form) ||
         std::holds_alternative<asl::ParallelState>(state.form) ||
         std::holds_alternative<asl::MapState>(state.form);
}

}  // namespace

::pawl::Result<json::Value, ServiceError> read_test_context(std::string_view context,
                                                            const asl::State& state) {
  auto parsed = json::Value::parse(std::string(context));
  if (!parsed.ok() || !parsed->root().is_object()) {
    return Err{invalid("Context object must be a valid JSON object")};
  }
  const json::Node root = parsed->root();
  if (root.find("Map")) {
    return Err{invalid("'Map' field is not supported when mocking a Context object")};
  }
  if (root.find("Task") && !waits_for_somebody(state)) {
    return Err{
        invalid("Context object contains 'Task' when state is not a Task state with a '.sync' or "
                "'.waitForTaskToken' service integration pattern")};
  }
  TRY(check_members(root, "", kContext));
  return std::move(parsed).value();
}

json::Value make_test_context(const TestRequest& request, WallMillis now) {
  const asl::State& state = *request.subject.state;
  const machine::Identity& identity = request.identity;
  const std::string time = machine::print_timestamp(now);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Execution").begin_object();
  out.key("Id").string(identity.execution_arn).key("Input").raw(request.input.text());
  out.key("Name").string(identity.execution_name).key("RoleArn");
  if (identity.role_arn.empty()) {
    out.null();
  } else {
    out.string(identity.role_arn);
  }
  out.key("StartTime").string(time).end_object().key("StateMachine").begin_object();
  out.key("Id").string(identity.state_machine_arn);
  out.key("Name").string(identity.state_machine_name).end_object();
  out.key("State").begin_object().key("Name").string(asl::kSingleStateName);
  out.key("EnteredTime").string(time);
  if (counts_retries(state)) out.key("RetryCount").integer(request.retrier_retry_count);
  out.end_object();
  if (waits_for_somebody(state)) {
    out.key("Task").begin_object().key("Token").string(identity.execution_name).end_object();
  }
  if (state.block_pointer.ends_with("/ItemProcessor") ||
      state.block_pointer.ends_with("/Iterator")) {
    out.key("Map").begin_object().key("Item").begin_object();
    out.key("Index").integer(0).key("Value").raw(request.input.text());
    out.end_object().end_object();
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::states
