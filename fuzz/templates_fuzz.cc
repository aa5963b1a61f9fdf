// A template in JSON or YAML: refused, or read, expanded, bound to its defaults and evaluated; the
// same way twice, and what the transform makes is a template again.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "templates/document.h"
#include "templates/evaluate.h"
#include "templates/references.h"
#include "templates/transform.h"

namespace {

using namespace pawl::templates;  // NOLINT: a target is all about one layer
namespace json = pawl::json;

Knowledge knowledge() {
  Knowledge known;
  known.resource =
      [](const std::string& resource,
         const std::string& attribute) -> pawl::Result<std::optional<json::Value>, TemplateError> {
    return std::optional(json::Value::of(json::Node::string("<" + resource + attribute + ">")));
  };
  return known;
}

pawl::Result<std::string, TemplateError> evaluated(const std::string& text) {
  const auto stored = [](const std::string&) { return "stored"; };
  const Surroundings surroundings{.account = "123456789012",
                                  .region = "eu-west-1",
                                  .stack_name = "s",
                                  .stack_id = "arn:s",
                                  .notification_arns = {}};
  const TransformInput input{.given = std::map<std::string, std::string>(),
                             .stored = stored,
                             .surroundings = surroundings};
  const json::Value expanded = TRY(apply_transforms(TRY(read_document(text)), input));
  // What is expanded is read as any other document.
  ENSURE(json::Value::parse(json::print(expanded.root())).ok());
  const Template parsed = TRY(parse_template(expanded));
  const ParameterValues parameters = TRY(bind_parameters(parsed, {}, stored));
  TRY(check_rules(parsed, parameters, surroundings));
  const ConditionValues conditions = TRY(evaluate_conditions(parsed, parameters, surroundings));
  const Knowledge known = knowledge();
  const Scope scope{parsed, parameters, surroundings, conditions, known};
  std::string out;
  json::Arena arena;
  for (const std::string& name : TRY(creation_order(parsed))) {
    out += json::print(TRY(evaluate(arena, scope, parsed.resource(name)->properties)).node);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto first = evaluated(text);
  const auto second = evaluated(text);
  ENSURE(first.ok() == second.ok());
  if (first.ok()) {
    ENSURE(*first == *second);
  } else {
    ENSURE(first.error().message == second.error().message);
    ENSURE(!first.error().message.empty());
  }
  return 0;
}
