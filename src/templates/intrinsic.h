// Which objects of a template are calls of its functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/node.h"
#include "templates/error.h"

namespace pawl::templates {

enum class Function : std::uint8_t {
  kRef,
  kGetAtt,
  kSub,
  kJoin,
  kSplit,
  kSelect,
  kIf,
  kBase64,
  kFindInMap,
  kImportValue,
  kCidr,
  kGetAZs,
  kTransform,
  kLength,
  kToJsonString,
  // Of conditions only.
  kEquals,
  kAnd,
  kOr,
  kNot,
  kCondition,
};

struct Intrinsic {
  Function function;
  json::Node argument;
};

// The call that an object with one member is, or nothing. `Condition` is none here: policies have
// such members.
std::optional<Intrinsic> intrinsic_of(json::Node node);

// A resource and an attribute of it: `["A", "B.C"]` or "A.B.C". The attribute may be a function.
struct AttributeReference {
  std::string_view resource;
  json::Node attribute;
};
Result<AttributeReference, TemplateError> attribute_reference(json::Node argument);

// A piece of Fn::Sub's text: characters as they are, or the name within `${}`.
struct SubPiece {
  enum class Kind : std::uint8_t { kText, kName } kind;
  std::string text;
};
Result<std::vector<SubPiece>, TemplateError> split_sub(std::string_view text);

// Fn::Sub's argument: its text, and the map of further names, which may be null.
struct SubArgument {
  std::string_view text;
  json::Node names;
};
Result<SubArgument, TemplateError> sub_argument(json::Node argument);

// Whether the call has the arguments that its function takes. What they name and evaluate to is
// another matter.
Result<void, TemplateError> check_shape(const Intrinsic& call);

// "AWS::Region" and its like.
bool is_pseudo_parameter(std::string_view name);

}  // namespace pawl::templates
