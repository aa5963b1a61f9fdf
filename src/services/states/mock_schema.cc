#include "services/states/mock_schema.h"

#include <cstdint>

#include "base/ensure.h"
#include "json/number.h"
#include "services/states/mock_shapes.h"

namespace pawl::states {

namespace {

using Problem = std::optional<std::string>;

// Reads a shape and the value beside it at once. Shapes are this program's own text: one that does
// not fit its grammar is a bug.
class Checker {
 public:
  explicit Checker(FieldValidation validation) : validation_(validation) {}

  // `shape` is the value's shape and nothing more.
  Problem check(std::string_view shape, json::Node value, const std::string& name) const {
    switch (shape.front()) {
      case 'j':
        return std::nullopt;
      case 's':
      case 't':
      case 'B':
        return check_string(shape, value, name);
      case 'n':
        return check_number(shape, value, name);
      case 'b':
        return value.is_boolean() ? std::nullopt : must_be(name, "a boolean");
      case 'e':
        return check_enumeration(inside(shape.substr(1)), value, name);
      case '[':
        return check_list(inside(shape), value, name);
      case '<':
        return check_map(inside(shape), value, name);
      case '{':
        return check_structure(inside(shape), value, name);
      case '@':
        return check(named_mock_shape(shape.substr(1, shape.find_first_of(",]}>") - 1)), value,
                     name);
      default:
        ENSURE(false, shape);
        return std::nullopt;
    }
  }

 private:
  struct Bounds {
    std::optional<std::int64_t> least;
    std::optional<std::int64_t> most;
  };

  static Problem must_be(const std::string& name, std::string_view what) {
    return "Field '" + name + "' must be " + std::string(what);
  }
  static Problem wrong(const std::string& name, std::string_view what) {
    return "Field '" + name + "' " + std::string(what);
  }

  // The text between the bracket at the beginning and its partner.
  static std::string_view inside(std::string_view shape) {
    int depth = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (std::string_view("[{<(").find(shape[i]) != std::string_view::npos) ++depth;
      if (std::string_view("]}>)").find(shape[i]) != std::string_view::npos) --depth;
      if (depth == 0) return shape.substr(1, i - 1);
    }
    ENSURE(false, shape);
    return {};
  }

  static Bounds bounds(std::string_view shape) {
    if (shape.size() < 2 || shape[1] != '(') return {};
    const std::string_view text = inside(shape.substr(1));
    const std::size_t comma = text.find(',');
    return {json::to_int64(text.substr(0, comma)), json::to_int64(text.substr(comma + 1))};
  }

  static Problem check_string(std::string_view shape, json::Node value, const std::string& name) {
    if (!value.is_string()) return must_be(name, "a string");
    const Bounds limits = bounds(shape);
    const auto length = static_cast<std::int64_t>(value.string().size());
    if (limits.least && length < *limits.least) {
      return wrong(name, "is smaller than the minimum length");
    }
    if (limits.most && length > *limits.most) return wrong(name, "exceeds the maximum length");
    return std::nullopt;
  }

  static Problem check_number(std::string_view shape, json::Node value, const std::string& name) {
    if (!value.is_number()) return must_be(name, "a number");
    const Bounds limits = bounds(shape);
    const double number = json::to_double(value.number_text());
    if (limits.least && number < static_cast<double>(*limits.least)) {
      return wrong(name, "is less than the minimum value");
    }
    if (limits.most && number > static_cast<double>(*limits.most)) {
      return wrong(name, "exceeds the maximum value");
    }
    return std::nullopt;
  }

  static Problem check_enumeration(std::string_view words, json::Node value,
                                   const std::string& name) {
    if (!value.is_string()) return must_be(name, "a string");
    while (!words.empty()) {
      const std::size_t bar = words.find('|');
      if (words.substr(0, bar) == value.string()) return std::nullopt;
      words = bar == std::string_view::npos ? std::string_view() : words.substr(bar + 1);
    }
    return wrong(name, "is not an expected value");
  }

  Problem check_list(std::string_view element, json::Node value, const std::string& name) const {
    if (!value.is_array()) return must_be(name, "an array");
    for (const json::Node& one : value) {
      if (auto problem = check(element, one, name)) return problem;
    }
    return std::nullopt;
  }

  Problem check_map(std::string_view element, json::Node value, const std::string& name) const {
    if (!value.is_object()) return must_be(name, "an object");
    for (const json::Member& member : value.members()) {
      if (auto problem = check(element, member.value, std::string(member.key.string()))) {
        return problem;
      }
    }
    return std::nullopt;
  }

  // Members that the API does not know are nobody's business.
  Problem check_structure(std::string_view members, json::Node value,
                          const std::string& name) const {
    if (!value.is_object()) return must_be(name, "an object");
    while (!members.empty()) {
      const std::size_t colon = members.find(':');
      std::string_view member = members.substr(0, colon);
      members.remove_prefix(colon + 1);
      const std::size_t length = length_of_shape(members);
      const std::string_view shape = members.substr(0, length);
      members.remove_prefix(std::min(members.size(), length + 1));
      const bool required = member.ends_with('*');
      if (required) member.remove_suffix(1);
      const json::Node* found = value.find(member);
      if (found && !found->is_null()) {
        if (auto problem = check(shape, *found, std::string(member))) return problem;
      } else if (required && validation_ == FieldValidation::kStrict) {
        return "Required field '" + std::string(member) + "' is missing";
      }
    }
    return std::nullopt;
  }

  // Up to the comma that ends it.
  static std::size_t length_of_shape(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (std::string_view("[{<(").find(text[i]) != std::string_view::npos) ++depth;
      if (std::string_view("]}>)").find(text[i]) != std::string_view::npos) --depth;
      if (depth == 0 && text[i] == ',') return i;
    }
    return text.size();
  }

  FieldValidation validation_;
};

// Optimized integrations, by the names that the SDK integrations have for their services.
std::string_view service_of(std::string_view resource_type) {
  constexpr std::string_view kSdk = "aws-sdk:";
  if (resource_type.starts_with(kSdk)) {
    resource_type.remove_prefix(kSdk.size());
    return resource_type == "stepfunctions" ? "sfn" : resource_type;
  }
  if (resource_type == "states") return "sfn";
  if (resource_type == "events") return "eventbridge";
  return resource_type;
}

}  // namespace

std::optional<std::string> check_mock(const asl::TaskResource& resource, json::Node result,
                                      FieldValidation validation) {
  if (validation == FieldValidation::kNone) return std::nullopt;
  if (resource.kind != asl::TaskResource::Kind::kService) return std::nullopt;
  // What comes back with a task token is whatever its holder sends.
  if (resource.pattern == asl::TaskPattern::kWaitForTaskToken) return std::nullopt;
  const std::string_view service = service_of(resource.resource_type);
  std::string_view action = resource.action;
  // `.sync` answers what its polling does.
  const bool sync = resource.pattern == asl::TaskPattern::kSync;
  if (sync) action = service == "sfn" ? "describeExecution" : "";
  const std::string_view shape = mock_shape(service, action);
  if (shape.empty()) return std::nullopt;
  if (!result.is_object()) return "Mocked result must be a JSON object.";
  const Problem problem = Checker(validation).check(shape, result, "");
  if (!problem) return std::nullopt;
  return "Mock result schema validation error: " + *problem;
}

}  // namespace pawl::states
