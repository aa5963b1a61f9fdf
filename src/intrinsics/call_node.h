// What an intrinsic call compiles to; internal to the layer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "json/value.h"
#include "jsonpath/query.h"

namespace pawl::intrinsics {

enum class Function {
  kArray,
  kArrayContains,
  kArrayGetItem,
  kArrayLength,
  kArrayPartition,
  kArrayRange,
  kArrayUnique,
  kBase64Decode,
  kBase64Encode,
  kFormat,
  kHash,
  kJsonMerge,
  kJsonToString,
  kMathAdd,
  kMathRandom,
  kStringSplit,
  kStringToJson,
  kUuid,
};

// "States.Array"
std::string_view name_of(Function function);
std::optional<Function> find_function(std::string_view name);

struct Literal {
  json::Kind kind = json::Kind::kNull;
  bool boolean = false;
  std::string text;  // the number's or the string's, escapes resolved
  std::string raw;   // of a string: as written between the quotes
};

struct CallNode;
using Argument = std::variant<Literal, jsonpath::Query, std::shared_ptr<const CallNode>>;

struct CallNode {
  Function function = Function::kArray;
  std::vector<Argument> arguments;
  std::string text;  // of the outermost call: the whole expression as written
};

}  // namespace pawl::intrinsics
