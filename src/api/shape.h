// The shapes of a service's operations as data: what AWS's API models say about every member of
// an input, and where on the wire it stands. A ServiceModel owns its shapes; everything else
// points at them. Built once, read by all threads.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/pattern.h"

namespace pawl::api {

struct Shape;

enum class ShapeType : std::uint8_t {
  kString,
  kInteger,  // 32 bits
  kLong,     // 64 bits
  kFloat,
  kDouble,
  kBoolean,
  kTimestamp,
  kBlob,
  kJson,  // any JSON value, embedded: Lambda's payload
  kStructure,
  kList,
  kMap,  // keys are strings
};

constexpr bool is_whole_number(ShapeType type) {
  return type == ShapeType::kInteger || type == ShapeType::kLong;
}

enum class Presence : std::uint8_t { kOptional, kRequired };
enum class Privacy : std::uint8_t { kOpen, kSensitive };  // sensitive: no message shows the value
enum class Location : std::uint8_t {
  kBody,
  kPath,
  kQuery,
  kHeader,  // of a map: all fields whose names begin with the wire name
  kStatus,
  kPayload,
  kAttribute,  // of the XML element that the structure is
};
enum class ListForm : std::uint8_t { kWrapped, kFlattened };  // in the query protocol and in XML

struct Member {
  std::string_view name;
  const Shape* shape;
  Presence presence = Presence::kOptional;
  Location location = Location::kBody;
  std::string_view wire_name = {};  // of the header, query parameter or XML element; empty: name
};

// Bounds of a number's value; of the length of a string (in UTF-16 units, as Java counts), list or
// map.
struct Bounds {
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
};

struct Shape {
  ShapeType type = ShapeType::kString;
  std::string_view name = {};  // of a structure: printed in messages that show it
  Bounds bounds;
  const Pattern* pattern = nullptr;
  std::vector<std::string_view> values = {};  // of an enumeration, in AWS's order
  Privacy privacy = Privacy::kOpen;
  std::vector<Member> members = {};
  const Shape* element = nullptr;  // of a list, or the value of a map
  const Shape* key = nullptr;      // of a map
  ListForm form = ListForm::kWrapped;
  std::string_view element_name = "member";  // of a wrapped list in XML

  const Member* find(std::string_view member) const;
};

struct StringRule {
  std::optional<std::int64_t> min = {};
  std::optional<std::int64_t> max = {};
  std::string_view pattern = {};
  Privacy privacy = Privacy::kOpen;
};

// The shapes of one service. Names and patterns given must be literals.
class Shapes {
 public:
  const Shape* string(StringRule rule = {});
  const Shape* enumeration(std::initializer_list<std::string_view> values);
  const Shape* integer(Bounds bounds = {});
  const Shape* number(ShapeType type, Bounds bounds = {});
  const Shape* boolean();
  const Shape* blob(Privacy privacy = Privacy::kOpen);
  const Shape* json();
  const Shape* timestamp();
  const Shape* structure(std::string_view name, std::vector<Member> members);
  const Shape* list(const Shape* element, Bounds bounds = {}, ListForm form = ListForm::kWrapped);
  // Wrapped, of elements with that name.
  const Shape* list_of(const Shape* element, std::string_view element_name);
  // Its members are still to be given: a structure that others name before.
  Shape* declare_structure(std::string_view name);
  const Shape* map(const Shape* key, const Shape* value);

 private:
  const Shape* add(Shape shape);

  std::deque<Shape> shapes_;
  std::deque<Pattern> patterns_;
};

// The order in which AWS prints an enumeration's values: by the low five bits of Java's
// String.hashCode, later ones first within a bucket. Agrees with every recorded message.
std::vector<std::string_view> in_message_order(std::initializer_list<std::string_view> values);

}  // namespace pawl::api
