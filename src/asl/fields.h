// Reads the fields of one object of a definition and says what is wrong with them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asl/diagnostics.h"
#include "asl/field_table.h"
#include "asl/model.h"

namespace pawl::asl {

// Bounds of a number field, both allowed.
struct IntegerRange {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};
struct RealRange {
  double min = 0;
  double max = std::numeric_limits<double>::max();
};

// Reports that a value has another type than its field takes. `type` is in the service's spelling:
// "[STRING]", "Integer".
void report_wrong_type(Diagnostics& diagnostics, const Place& place, std::string_view type);

class Fields {
 public:
  // Reports the members that `shape` does not allow; no reader sees them. Fields of the other query
  // language are reported at `state` (mostly the object itself). `object` must be an object; it and
  // the places must outlive this.
  Fields(Diagnostics& diagnostics, json::Node object, const Place& place, const Shape& shape,
         const Place& state);
  Fields(Diagnostics& diagnostics, json::Node object, const Place& place, const Shape& shape)
      : Fields(diagnostics, object, place, shape, place) {}

  Diagnostics& diagnostics() const { return diagnostics_; }
  QueryLanguage language() const { return language_; }
  const Place& place() const { return place_; }
  Place place_of(std::string_view name) const { return place_.member(name); }

  // The field's value, or nullptr.
  const json::Node* find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // Whether the object has the field, allowed or not: one that was refused is not missing too.
  bool written(std::string_view name) const { return object_.find(name) != nullptr; }
  // The allowed members, as they are written.
  const std::vector<json::Member>& members() const { return allowed_; }

  // These three look at what is written.
  // "These fields are required: [...]", unless all are there.
  void require(std::initializer_list<std::string_view> names) const;
  void at_most_one_of(std::initializer_list<std::string_view> names) const;
  void exactly_one_of(std::initializer_list<std::string_view> names) const;

  // Each answers nothing when the field is absent or of another type; the latter is reported.
  std::optional<std::string> string(std::string_view name) const;
  std::optional<bool> boolean(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name, IntegerRange range) const;
  std::optional<double> real(std::string_view name, RealRange range) const;
  const json::Node* object(std::string_view name) const;
  const json::Node* array(std::string_view name) const;
  // An array with at least one element.
  const json::Node* filled_array(std::string_view name) const;
  // Index of the value among `values`; another value is reported.
  std::optional<std::size_t> one_of(std::string_view name,
                                    std::initializer_list<std::string_view> values) const;

 private:
  const json::Node* of_kind(std::string_view name, json::Kind kind, std::string_view type) const;

  Diagnostics& diagnostics_;
  json::Node object_;
  const Place& place_;
  QueryLanguage language_;
  std::vector<json::Member> allowed_;
};

}  // namespace pawl::asl
