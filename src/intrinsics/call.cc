#include "intrinsics/call.h"

#include <array>
#include <utility>

#include "intrinsics/call_node.h"
#include "intrinsics/call_parser.h"
#include "intrinsics/invocation.h"

namespace pawl::intrinsics {
namespace {

struct Entry {
  std::string_view name;
  Function function;
  Answer (*run)(Invocation&);
};

// In the order of Function.
constexpr std::array<Entry, 18> kFunctions{{
    {"States.Array", Function::kArray, array},
    {"States.ArrayContains", Function::kArrayContains, array_contains},
    {"States.ArrayGetItem", Function::kArrayGetItem, array_get_item},
    {"States.ArrayLength", Function::kArrayLength, array_length},
    {"States.ArrayPartition", Function::kArrayPartition, array_partition},
    {"States.ArrayRange", Function::kArrayRange, array_range},
    {"States.ArrayUnique", Function::kArrayUnique, array_unique},
    {"States.Base64Decode", Function::kBase64Decode, base64_decode},
    {"States.Base64Encode", Function::kBase64Encode, base64_encode},
    {"States.Format", Function::kFormat, format},
    {"States.Hash", Function::kHash, hash},
    {"States.JsonMerge", Function::kJsonMerge, json_merge},
    {"States.JsonToString", Function::kJsonToString, json_to_string},
    {"States.MathAdd", Function::kMathAdd, math_add},
    {"States.MathRandom", Function::kMathRandom, math_random},
    {"States.StringSplit", Function::kStringSplit, string_split},
    {"States.StringToJson", Function::kStringToJson, string_to_json},
    {"States.UUID", Function::kUuid, uuid},
}};

const Entry& entry_of(Function function) {
  const Entry& entry = kFunctions[static_cast<std::size_t>(function)];
  ENSURE(entry.function == function);
  return entry;
}

class Evaluator {
 public:
  Evaluator(const jsonpath::Scope& scope, json::Arena& arena, Rng& rng)
      : scope_(scope), arena_(arena), rng_(rng) {}

  Answer evaluate(const CallNode& call) {
    Invocation invocation{call, {}, arena_, rng_};
    for (const Argument& argument : call.arguments) {
      invocation.arguments.push_back(
          TRY(std::visit([this](const auto& each) { return value_of(each); }, argument)));
    }
    return entry_of(call.function).run(invocation);
  }

 private:
  Answer value_of(const Literal& literal) {
    switch (literal.kind) {
      case json::Kind::kBoolean:
        return json::Node::boolean(literal.boolean);
      case json::Kind::kNumber:
        return arena_.number(literal.text);
      case json::Kind::kString:
        return arena_.string(literal.text);
      case json::Kind::kNull:
      case json::Kind::kArray:
      case json::Kind::kObject:
        break;
    }
    return json::Node::null();
  }

  Answer value_of(const std::shared_ptr<const CallNode>& call) { return evaluate(*call); }

  // Unlike in payload templates, an index out of range is not found here. A path of the Context
  // Object is shown as the path into it, and always together with the state's input.
  Answer value_of(const jsonpath::Query& query) {
    auto found = jsonpath::evaluate(query, scope_, arena_, jsonpath::Provider::kMap);
    if (found.ok()) return *found;
    std::string message = found.error().message;
    if (found.error().kind == jsonpath::PathError::Kind::kNotFound) {
      const bool context = query.source == jsonpath::Query::Source::kContext;
      message = "The JsonPath argument for the field '" +
                (context ? query.path.text() : query.text) + "' could not be found in the input '" +
                json::print(scope_.input) + "'";
    }
    return Err{Failure{Failure::Stage::kArgument, std::move(message)}};
  }

  const jsonpath::Scope& scope_;
  json::Arena& arena_;
  Rng& rng_;
};

}  // namespace

std::string_view name_of(Function function) { return entry_of(function).name; }

std::optional<Function> find_function(std::string_view name) {
  for (const Entry& entry : kFunctions) {
    if (entry.name == name) return entry.function;
  }
  return std::nullopt;
}

Result<Call, CompileError> Call::compile(std::string_view text) {
  return Call(std::make_shared<const CallNode>(TRY(parse_call(text))));
}

const std::string& Call::text() const { return node_->text; }

Result<json::Node, EvalError> Call::evaluate(const jsonpath::Scope& scope, json::Arena& arena,
                                             Rng& rng) const {
  Answer answer = Evaluator(scope, arena, rng).evaluate(*node_);
  if (answer.ok()) return *answer;
  const Failure& failure = answer.error();
  if (failure.stage == Failure::Stage::kArgument) {
    return Err{
        EvalError{"The function '" + text() + "' had the following error: " + failure.message}};
  }
  return Err{EvalError{"There was an error while evaluating the intrinsic function: " + text() +
                       ". " + failure.message}};
}

void Call::visit_queries(const CallNode& node, QueryVisitor& visitor) {
  for (const Argument& argument : node.arguments) {
    if (const auto* query = std::get_if<jsonpath::Query>(&argument)) visitor(*query);
    if (const auto* call = std::get_if<std::shared_ptr<const CallNode>>(&argument)) {
      visit_queries(**call, visitor);
    }
  }
}

}  // namespace pawl::intrinsics
