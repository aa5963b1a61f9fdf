// Violations are collected in the order of the model's members; of one value: the regular
// expression, the enumeration, then the bounds.
#include "api/constraints.h"

#include <algorithm>

#include "api/java_text.h"
#include "base/ascii.h"
#include "base/broken_rules.h"
#include "json/number.h"

namespace pawl::api {

namespace {

// An answer has to end somewhere: a list of a million bad elements is not told in full.
constexpr std::size_t kViolationsMax = 100;

std::string at_most(std::string_view what, std::int64_t max) {
  return "Member must have " + std::string(what) + " less than or equal to " + std::to_string(max);
}
std::string at_least(std::string_view what, std::int64_t min) {
  return "Member must have " + std::string(what) + " greater than or equal to " +
         std::to_string(min);
}

bool is_number(ShapeType type) {
  return type == ShapeType::kInteger || type == ShapeType::kLong || type == ShapeType::kFloat ||
         type == ShapeType::kDouble;
}

bool is_listed(const Shape& shape, std::string_view text) {
  return std::find(shape.values.begin(), shape.values.end(), text) != shape.values.end();
}

std::string enumeration_rule(const Shape& shape) {
  std::string rule = "Member must satisfy enum value set: [";
  for (std::size_t i = 0; i < shape.values.size(); ++i) {
    if (i > 0) rule += ", ";
    rule += shape.values[i];
  }
  return rule + "]";
}

std::string pattern_rule(const Shape& shape) {
  return "Member must satisfy regular expression pattern: " + std::string(shape.pattern->text());
}

// Which of its own rules a value breaks; the elements of lists and maps are not looked at.
std::vector<std::string> broken_rules(json::Node node, const Shape& shape) {
  std::vector<std::string> broken;
  const auto& [min, max] = shape.bounds;
  if (is_number(shape.type)) {
    const std::string_view number = node.number_text();
    if (min && json::compare_numbers(number, std::to_string(*min)) < 0) {
      broken.push_back(at_least("value", *min));
    }
    if (max && json::compare_numbers(number, std::to_string(*max)) > 0) {
      broken.push_back(at_most("value", *max));
    }
    return broken;
  }
  if (node.is_string()) {
    if (shape.pattern != nullptr && !shape.pattern->matches(node.string())) {
      broken.push_back(pattern_rule(shape));
    }
    if (!shape.values.empty() && !is_listed(shape, node.string())) {
      broken.push_back(enumeration_rule(shape));
    }
  }
  if (!min && !max) return broken;
  const auto length =
      static_cast<std::int64_t>(node.is_string() ? java_length(node.string()) : node.size());
  if (min && length < *min) broken.push_back(at_least("length", *min));
  if (max && length > *max) broken.push_back(at_most("length", *max));
  return broken;
}

// Every rule of a simple shape, as the message for a list or map of them names them.
std::string all_rules(const Shape& shape) {
  std::vector<std::string> rules;
  const std::string_view what = is_number(shape.type) ? "value" : "length";
  if (shape.bounds.max) rules.push_back(at_most(what, *shape.bounds.max));
  if (shape.bounds.min) rules.push_back(at_least(what, *shape.bounds.min));
  if (shape.pattern != nullptr) rules.push_back(pattern_rule(shape));
  if (!shape.values.empty()) rules.push_back(enumeration_rule(shape));
  std::string text = "[";
  for (std::size_t i = 0; i < rules.size(); ++i) text += (i > 0 ? ", " : "") + rules[i];
  return text + "]";
}

bool is_composite(const Shape& shape) {
  return shape.type == ShapeType::kStructure || shape.type == ShapeType::kList ||
         shape.type == ShapeType::kMap;
}

// Models write Lambda's members with a capital, messages never do.
std::string path_of(const std::string& parent, std::string_view member) {
  std::string path = parent.empty() ? std::string() : parent + ".";
  path += member;
  char& first = path[path.size() - member.size()];
  first = lower_case(first);
  return path;
}

class Checker {
 public:
  void check(json::Node node, const Shape& shape, const std::string& path) {
    if (node.is_null() || violations_.size() >= kViolationsMax) return;
    for (const std::string& rule : broken_rules(node, shape)) add(node, shape, path, rule);
    switch (shape.type) {
      case ShapeType::kStructure:
        return check_structure(node, shape, path);
      case ShapeType::kList:
        return check_list(node, shape, path);
      case ShapeType::kMap:
        return check_map(node, shape, path);
      case ShapeType::kString:
      case ShapeType::kInteger:
      case ShapeType::kLong:
      case ShapeType::kFloat:
      case ShapeType::kDouble:
      case ShapeType::kBoolean:
      case ShapeType::kTimestamp:
      case ShapeType::kBlob:
      case ShapeType::kJson:
        return;
    }
  }

  const std::vector<std::string>& violations() const { return violations_; }

 private:
  void check_structure(json::Node node, const Shape& shape, const std::string& path) {
    for (const Member& member : shape.members) {
      const json::Node* value = node.find(member.name);
      if (value != nullptr && !value->is_null()) {
        // The path is made only where there is something to say or to go into.
        if (!is_composite(*member.shape) && broken_rules(*value, *member.shape).empty()) continue;
        check(*value, *member.shape, path_of(path, member.name));
      } else if (member.presence == Presence::kRequired) {
        violations_.push_back("Value null at '" + path_of(path, member.name) +
                              "' failed to satisfy constraint: Member must not be null");
      }
    }
  }

  void check_list(json::Node node, const Shape& shape, const std::string& path) {
    if (is_composite(*shape.element)) {
      for (std::size_t i = 0; i < node.size() && violations_.size() < kViolationsMax; ++i) {
        check(node.at(i), *shape.element, path + "." + std::to_string(i + 1) + ".member");
      }
      return;
    }
    const bool broken = std::any_of(node.begin(), node.end(), [&](const json::Node& element) {
      return !element.is_null() && !broken_rules(element, *shape.element).empty();
    });
    if (broken)
      add(node, shape, path, "Member must satisfy constraint: " + all_rules(*shape.element));
  }

  void check_map(json::Node node, const Shape& shape, const std::string& path) {
    bool bad_key = false;
    bool bad_value = false;
    for (const json::Member& member : node.members()) {
      bad_key = bad_key || !broken_rules(member.key, *shape.key).empty();
      if (is_composite(*shape.element)) {
        check(member.value, *shape.element,
              path + "." + std::string(member.key.string()) + ".member");
      } else if (!member.value.is_null()) {
        bad_value = bad_value || !broken_rules(member.value, *shape.element).empty();
      }
    }
    if (bad_key)
      add(node, shape, path, "Map keys must satisfy constraint: " + all_rules(*shape.key));
    if (bad_value) {
      add(node, shape, path, "Map value must satisfy constraint: " + all_rules(*shape.element));
    }
  }

  void add(json::Node node, const Shape& shape, const std::string& path, const std::string& rule) {
    std::string text = "Value ";
    if (shape.privacy != Privacy::kSensitive) {
      text += "'";
      print_java_to(node, shape, text);
      text += "' ";
    }
    violations_.push_back(text + "at '" + path + "' failed to satisfy constraint: " + rule);
  }

  std::vector<std::string> violations_;
};

}  // namespace

std::optional<runtime::ServiceError> check_constraints(json::Node input, const Shape& structure) {
  Checker checker;
  checker.check(input, structure, "");
  const std::vector<std::string>& violations = checker.violations();
  if (violations.empty()) return std::nullopt;
  return runtime::ServiceError{
      .code = "ValidationException", .message = violations_text(violations), .members = {}};
}

}  // namespace pawl::api
