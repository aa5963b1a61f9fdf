// jsonata_bench BENCH.json DATA-FOLDER [ID [PHASE]]: how long compiling and evaluating each
// expression takes, over small.json and large.json as $states.input, and from the input's bytes to
// the answer's. One JSON line an expression and size, with the keys of the peer's bench;
// nanoseconds are those of the best batch. `sha` tells whether two engines' answers are the same.
// PHASE (eval, e2e or compile) measures that alone, for a profiler to look at.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/ensure.h"
#include "best_time.h"
#include "json/number.h"
#include "json/selection.h"
#include "json/value.h"
#include "json/writer.h"
#include "jsonata/expression.h"

namespace {

namespace json = pawl::json;
using pawl::jsonata::Answer;
using pawl::jsonata::Binding;
using pawl::jsonata::Dialect;
using pawl::jsonata::Expression;

constexpr double kNanosecondsPerMeasurement = 2e8;
constexpr std::size_t kHashCharacters = 16;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  ENSURE(in.good(), path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The value with sorted keys and numbers as doubles print, which the hash is taken of.
std::string canonical(json::Node node) {
  if (node.is_number()) {
    return json::ecmascript_number_text(json::to_double(node.number_text()));
  }
  std::vector<std::string> parts;
  if (node.is_array()) {
    for (const json::Node& element : node) parts.push_back(canonical(element));
  } else if (node.is_object()) {
    for (const json::Member& member : node.members()) {
      parts.push_back(json::print(member.key) + ":" + canonical(member.value));
    }
    std::sort(parts.begin(), parts.end());
  } else {
    return json::print(node);
  }
  std::string text(1, node.is_array() ? '[' : '{');
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i > 0 ? "," : "") + parts[i];
  return text + (node.is_array() ? ']' : '}');
}

struct Data {
  std::string name;
  std::string input;
  std::string context;
};

json::Node states_of(json::Node input, json::Node context, json::Arena& arena) {
  return arena.object(
      {{json::Node::string("input"), input}, {json::Node::string("context"), context}});
}

Answer evaluate(const Expression& expression, json::Node states, json::Arena& arena) {
  pawl::SeededRng rng(1);
  const Binding binding{"states", states};
  const auto answer =
      expression.evaluate({.input = {}, .bindings = {&binding, 1}, .now = 0, .rng = rng}, arena);
  ENSURE(answer.ok(), expression.text(), answer.error().message);
  return *answer;
}

// As a client would: it builds what the expression looks at, and checks all else.
std::size_t bytes_to_bytes(const Expression& expression, const Data& data,
                           const json::Selection& wanted, json::Node context) {
  json::Arena arena;
  const json::Node input = json::parse_into(arena, data.input, wanted).value();
  std::string out;
  json::print_to(evaluate(expression, states_of(input, context, arena), arena).node, out);
  return out.size();
}

void report(const std::string& id, const std::string& text, const Data& data,
            std::string_view phase) {
  json::Arena arena;
  const json::Node context = json::parse_into(arena, data.context).value();
  const json::Node input = json::parse_into(arena, data.input).value();
  const json::Node states = states_of(input, context, arena);
  const Expression expression = Expression::compile(text, Dialect::kStepFunctions).value();
  const Answer answer = evaluate(expression, states, arena);

  const auto measure = [phase](std::string_view name, const auto& body) {
    return phase.empty() || phase == name
               ? pawl::bench::best_nanoseconds(body, kNanosecondsPerMeasurement)
               : 0.0;
  };
  const double eval = measure("eval", [&] {
    json::Arena fresh;
    return static_cast<std::size_t>(evaluate(expression, states, fresh).kind);
  });
  const json::Selection states_wanted = expression.states_selection();
  const json::Selection* const named = states_wanted.member("input");
  const json::Selection wanted = named != nullptr ? *named : json::Selection::nothing();
  const double whole =
      measure("e2e", [&] { return bytes_to_bytes(expression, data, wanted, context); });
  const double compile = measure(
      "compile", [&] { return Expression::compile(text, Dialect::kStepFunctions)->text().size(); });
  std::string line;
  json::Writer writer(line);
  writer.begin_object().key("id").string(id).key("size").string(data.name);
  writer.key("eval_min_ns").integer(static_cast<long>(eval));
  writer.key("e2e_ns").integer(static_cast<long>(whole));
  writer.key("compile_ns").integer(static_cast<long>(compile));
  const auto hash = pawl::hex_digest(canonical(answer.node), "SHA-256");
  writer.key("sha").string(hash->substr(0, kHashCharacters)).end_object();
  std::puts(line.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: jsonata_bench BENCH.json DATA-FOLDER [ID [PHASE]]\n", stderr);
    return 2;
  }
  const std::string folder = argv[2];
  const std::string context = read_file(folder + "/context.json");
  const json::Value bench = json::Value::parse(read_file(argv[1])).value();
  for (const json::Node& each : *bench.root().find("expressions")) {
    const std::string id(each.find("id")->string());
    if (argc > 3 && id != argv[3]) continue;
    for (const std::string name : {"small", "large"}) {
      report(id, std::string(each.find("expr")->string()),
             {name, read_file(folder + "/" + name + ".json"), context}, argc > 4 ? argv[4] : "");
    }
  }
  return 0;
}
