// What JSON calls the kinds of its values (RFC 8259 section 3), for messages.
#pragma once

#include <string_view>

#include "json/node.h"

namespace pawl::json {

constexpr std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBoolean:
      return "boolean";
    case Kind::kNumber:
      return "number";
    case Kind::kString:
      return "string";
    case Kind::kArray:
      return "array";
    case Kind::kObject:
      break;
  }
  return "object";
}

}  // namespace pawl::json
