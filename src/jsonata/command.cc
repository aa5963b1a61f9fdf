#include "jsonata/command.h"

#include <algorithm>
#include <cmath>
#include <istream>
#include <iterator>
#include <ostream>
#include <vector>

#include "json/kind_name.h"
#include "json/number.h"
#include "json/value.h"
#include "json/writer.h"

namespace pawl::jsonata {
namespace {

// One request, and how its messages are worded.
struct Request {
  std::string_view expression;
  std::optional<json::Node> input;
  std::vector<Binding> bindings;
  Budget budget;
  std::string_view field;  // empty: plain messages
  std::string_view state = "S";
};

// Whole documents are measured with; recursion has what the stack surely holds.
constexpr int kDepthMax = 3'000;
constexpr std::int64_t kMillisecondsMax = 10'000;
constexpr std::size_t kBytesMax = 1u << 30;

json::Node states_of(json::Node input, json::Arena& arena) {
  json::ObjectBuilder states(arena);
  states.set("input", input);
  return states.finish();
}

std::optional<Request> read_request(json::Node node, Dialect dialect, json::Arena& arena) {
  const json::Node* expression = node.find("expr");
  if (expression == nullptr || !expression->is_string()) return std::nullopt;
  Request request;
  request.expression = expression->string();
  request.budget.depth_max = kDepthMax;
  request.budget.milliseconds_max = kMillisecondsMax;
  request.budget.bytes_max = kBytesMax;
  if (const json::Node* data = node.find("data")) request.input = *data;
  if (const json::Node* bindings = node.find("bindings")) {
    for (const json::Member& member : bindings->members()) {
      request.bindings.push_back({member.key.string(), member.value});
    }
  }
  const auto limit = [&node](std::string_view name) -> std::optional<double> {
    const json::Node* found = node.find(name);
    if (found == nullptr || !found->is_number()) return std::nullopt;
    return std::clamp(json::to_double(found->number_text()), 0.0, 1e9);
  };
  if (const auto depth = limit("depth")) request.budget.depth_max = static_cast<int>(*depth);
  if (const auto milliseconds = limit("timelimit")) {
    request.budget.milliseconds_max = static_cast<std::int64_t>(*milliseconds);
  }
  if (dialect != Dialect::kStepFunctions) return request;
  if (const json::Node* states = node.find("states")) {
    request.bindings.push_back({"states", *states});
  } else if (const json::Node* input = node.find("states_input")) {
    request.bindings.push_back({"states", states_of(*input, arena)});
  }
  const json::Node* field = node.find("field");
  if (field != nullptr && field->is_string()) request.field = field->string();
  const json::Node* state = node.find("state");
  if (state != nullptr && state->is_string()) request.state = state->string();
  return request;
}

// The cause of States.QueryEvaluationError; `what` follows the name of the field.
std::string cause(const Request& request, std::string_view what) {
  return "An error occurred while executing the state '" + std::string(request.state) +
         "' (entered at the event id #2). The JSONata expression '" +
         std::string(request.expression) + "' specified for the field '" +
         std::string(request.field) + "' " + std::string(what);
}

std::string evaluation_message(const Error& error) {
  return error.code.empty()
             ? "threw an error during evaluation: " + error.message
             : "threw an error during evaluation. " + error.code + ": " + error.message;
}

class AnswerWriter {
 public:
  AnswerWriter(const Request& request, std::string& out) : request_(request), writer_(out) {}

  void answer(const Result<Answer, Error>& answer) {
    if (!answer.ok()) {
      error(answer.error(), request_.field.empty()
                                ? answer.error().message
                                : cause(request_, evaluation_message(answer.error())));
      return;
    }
    if (!request_.field.empty() && !is_usable(*answer)) return;
    writer_.begin_object();
    switch (answer->kind) {
      case Answer::Kind::kUndefined:
        writer_.key("undefined").boolean(true);
        break;
      case Answer::Kind::kFunction:
        writer_.key("function").boolean(true);
        break;
      case Answer::Kind::kNonFinite:
        writer_.key("nonfinite").string(answer->node.string());
        break;
      case Answer::Kind::kValue:
        writer_.key("result").node(answer->node);
        break;
    }
    writer_.end_object();
  }

  void error(const Error& error, std::string_view message) {
    writer_.begin_object().key("error").begin_object();
    if (!error.code.empty()) writer_.key("code").string(error.code);
    if (error.token) writer_.key("token").raw(*error.token);
    if (error.position) {
      writer_.key("position").integer(static_cast<std::int64_t>(*error.position));
    }
    writer_.key("message").string(message);
    if (error.value && json_is_complete(*error.value)) writer_.key("value").raw(*error.value);
    if (error.function_name) writer_.key("functionName").string(*error.function_name);
    writer_.end_object().end_object();
  }

 private:
  // Long values are cut.
  static bool json_is_complete(const std::string& text) {
    json::Arena arena;
    return json::parse_into(arena, text).ok();
  }

  // What a state cannot use is an error there.
  bool is_usable(const Answer& answer) {
    if (answer.kind == Answer::Kind::kUndefined) return refuse("returned nothing (undefined).");
    if (answer.kind == Answer::Kind::kFunction) {
      return refuse("returned an unsupported result type.");
    }
    const std::string_view expected = request_.field == "Items"                ? "array"
                                      : request_.field.ends_with("/Condition") ? "boolean"
                                                                               : "";
    if (expected.empty() || answer.kind != Answer::Kind::kValue ||
        json::name_of(answer.node.kind()) == expected) {
      return true;
    }
    return refuse("returned an unexpected result type. Expected '" + std::string(expected) +
                  "', but was '" + std::string(json::name_of(answer.node.kind())) +
                  "' for value: " + json::print(answer.node));
  }
  bool refuse(std::string_view what) {
    error({}, cause(request_, what));
    return false;
  }

  const Request& request_;
  json::Writer writer_;
};

Result<Answer, Error> evaluate(const Expression& expression, const Request& request,
                               CommandWorld world, json::Arena& arena) {
  const Scope scope{request.input, request.bindings, world.clock.wall_now(), world.rng,
                    request.budget};
  return expression.evaluate(scope, arena);
}

// What CreateStateMachine says of an expression that does not compile.
std::string definition_message(const Error& error) {
  const std::string_view kind =
      error.message.starts_with("Reference to ") ? "UNSUPPORTED" : "INVALID";
  return std::string(kind) + "_JSONATA_EXPRESSION: " + error.message;
}

int run_single(const CommandOptions& options, CommandWorld world, std::istream& in,
               std::ostream& out, std::ostream& errors) {
  const auto expression = Expression::compile(*options.expression, options.dialect);
  if (!expression.ok()) {
    errors << expression.error().code << ": " << expression.error().message << '\n';
    return 1;
  }
  const std::string document((std::istreambuf_iterator<char>(in)), {});
  json::Arena arena;
  Request request;
  request.expression = *options.expression;
  const auto root = json::parse_into(arena, document);
  if (!root.ok() && document.find_first_not_of(" \t\r\n") != std::string::npos) {
    errors << "the input is no JSON: " << root.error().message << '\n';
    return 1;
  }
  if (root.ok()) {
    request.input = *root;
    // As a state sees its input.
    request.bindings.push_back({"states", states_of(*root, arena)});
  }
  const auto answer = evaluate(*expression, request, world, arena);
  if (!answer.ok()) {
    errors << answer.error().code << ": " << answer.error().message << '\n';
    return 1;
  }
  switch (answer->kind) {
    case Answer::Kind::kValue:
      out << json::print(answer->node) << '\n';
      return 0;
    case Answer::Kind::kNonFinite:
      out << answer->node.string() << '\n';
      return 0;
    case Answer::Kind::kUndefined:
      errors << "returned nothing (undefined)\n";
      return 1;
    case Answer::Kind::kFunction:
      errors << "returned a function\n";
      return 1;
  }
  return 1;
}

}  // namespace

std::optional<std::string> answer_line(std::string_view line, Dialect dialect, CommandWorld world) {
  json::Arena arena;
  const auto node = json::parse_into(arena, line);
  if (!node.ok()) return std::nullopt;
  const auto request = read_request(*node, dialect, arena);
  if (!request) return std::nullopt;
  std::string out;
  AnswerWriter writer(*request, out);
  const auto expression = Expression::compile(request->expression, dialect);
  if (expression.ok()) {
    writer.answer(evaluate(*expression, *request, world, arena));
  } else {
    const Error& error = expression.error();
    writer.error(error,
                 dialect == Dialect::kStepFunctions ? definition_message(error) : error.message);
  }
  return out;
}

int run_jsonata_command(const CommandOptions& options, CommandWorld world, std::istream& in,
                        std::ostream& out, std::ostream& errors) {
  if (options.expression) return run_single(options, world, in, out, errors);
  int exit_code = 0;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    if (const auto answer = answer_line(line, options.dialect, world)) {
      out << *answer << '\n' << std::flush;
    } else {
      errors << "line " << number << " is no request {\"expr\": TEXT}\n";
      exit_code = 1;
    }
  }
  return exit_code;
}

}  // namespace pawl::jsonata
