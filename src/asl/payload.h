// The evaluated parts of a definition: expressions, templates, paths, and numbers behind them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "intrinsics/call.h"
#include "json/value.h"
#include "jsonata/expression.h"
#include "jsonpath/query.h"

namespace pawl::asl {

// A JSONPath-mode expression: a path or an intrinsic function call.
using Expression = std::variant<jsonpath::Query, intrinsics::Call>;
const std::string& text_of(const Expression& expression);

// A compiled payload template (spec, "Payload Template"; Parameters, ResultSelector, Assign...).
// Member order of the printed object is the service's: static members in definition order, then
// the `.$` members in java.util.HashMap order (conformance FACTS, "MEMBER ORDER").
struct Template;
struct TemplateMember {
  std::string key;  // without `.$`
  std::unique_ptr<Template> value;
};
struct TemplateObject {
  std::vector<TemplateMember> members;  // in output order
};
struct TemplateArray {
  std::vector<Template> elements;
};
// A `.$` value: `field` is the key as written ("x.$"), which error texts quote.
struct TemplateExpression {
  std::string field;
  Expression expression;
};
// A part without any expression. The node lives in the Machine's document.
struct TemplateLiteral {
  json::Node node;
};
// A JSONata `{% %}` string, compiled.
struct TemplateJsonata {
  std::string expression;  // the text without the braces and the blanks inside them
  std::string field;       // where in its state it stands: "Output/a/b[0]", as error texts name it
  // An expression that does not compile is refused with its definition; in a definition that was
  // stored before, it fails when it is evaluated.
  Result<jsonata::Expression, jsonata::Error> compiled;
};
struct Template {
  std::variant<TemplateLiteral, TemplateObject, TemplateArray, TemplateExpression, TemplateJsonata>
      form;
};

// InputPath and OutputPath: absent means `$`; null means the empty object.
struct NullPath {};
using IoPath = std::variant<std::monostate, NullPath, jsonpath::Query>;
// ResultPath: absent means `$`; null drops the result.
using ResultPath = std::variant<std::monostate, NullPath, jsonpath::Path>;

// A number that may stand literally, behind a path (`...Path`), or as JSONata.
struct NumberField {
  std::variant<std::int64_t, double, jsonpath::Query, TemplateJsonata> form;
};

}  // namespace pawl::asl
