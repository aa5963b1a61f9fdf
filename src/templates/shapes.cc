// The arguments that each function takes, in CloudFormation's words where they are others. Checked
// with a template and again before a call is evaluated, so that no path evaluates a malformed one.
#include "templates/intrinsic.h"

namespace pawl::templates {

namespace {

using json::Node;
using Checked = Result<void, TemplateError>;

Checked demand(bool good, const char* message) {
  if (good) return {};
  return template_error(message);
}

bool is_list_of(Node argument, std::size_t least, std::size_t most) {
  return argument.is_array() && argument.size() >= least && argument.size() <= most;
}

bool has_text_first(Node argument) { return argument.at(0).is_string(); }

}  // namespace

Result<void, TemplateError> check_shape(const Intrinsic& call) {
  const Node argument = call.argument;
  switch (call.function) {
    case Function::kRef:
      return demand(argument.is_string(),
                    "Template error: every Ref object must have a single String value.");
    case Function::kGetAtt:
      TRY(attribute_reference(argument));
      return {};
    case Function::kSub:
      TRY(sub_argument(argument));
      return {};
    case Function::kIf:
      return demand(is_list_of(argument, 3, 3) && has_text_first(argument),
                    "Template error: Fn::If requires a list argument with three elements");
    case Function::kFindInMap:
      return demand(is_list_of(argument, 3, 4),
                    "Template error: every Fn::FindInMap object requires three parameters, the map "
                    "name, map key and the attribute for return value");
    case Function::kJoin:
      return demand(is_list_of(argument, 2, 2) && has_text_first(argument),
                    "Template error: every Fn::Join object requires two parameters, (1) a string "
                    "delimiter and (2) a list of strings to be joined or a function that returns a "
                    "list of strings (such as Fn::GetAZs) to be joined.");
    case Function::kSplit:
      return demand(is_list_of(argument, 2, 2) && has_text_first(argument),
                    "Template error: every Fn::Split object requires two parameters, (1) a string "
                    "delimiter and (2) a string to be split or a function that returns a string to "
                    "be split.");
    case Function::kSelect:
      return demand(is_list_of(argument, 2, 2),
                    "Template error: Fn::Select requires a list argument with two elements: an "
                    "integer index and a list");
    case Function::kBase64:
    case Function::kImportValue:
    case Function::kCidr:
    case Function::kGetAZs:
    case Function::kTransform:
    case Function::kLength:
    case Function::kToJsonString:
    case Function::kEquals:
    case Function::kAnd:
    case Function::kOr:
    case Function::kNot:
    case Function::kCondition:
      break;
  }
  return {};
}

}  // namespace pawl::templates
