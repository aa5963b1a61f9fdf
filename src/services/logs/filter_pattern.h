// CloudWatch Logs' filter patterns: terms and regular expressions, conditions on events that are
// JSON, and on the words of events by their position
// (User Guide, "Filter pattern syntax").
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/node.h"
#include "services/logs/field_pattern.h"
#include "services/logs/value_pattern.h"

namespace pawl::logs {

// `ERROR "no route" -debug ?warn ?fatal`: every plain term, none of the excluded ones, and, where
// there are only optional ones, at least one of them. Terms are found anywhere in the message, as
// they are written.
struct TermPattern {
  std::vector<std::string> wanted;
  std::vector<std::string> excluded;
  std::vector<std::string> optional;
  std::vector<ValuePattern> expressions;  // `%...%`: all of them

  bool matches(std::string_view message) const;
};

// `{ ($.level = "ERROR" || $.latency >= 100) && $.user NOT EXISTS }`.
class JsonCondition {
 public:
  virtual ~JsonCondition() = default;
  virtual bool holds(json::Node event) const = 0;
};

class FilterPattern {
 public:
  // Error: what is wrong with the pattern.
  static Result<FilterPattern, std::string> parse(std::string_view text);

  bool matches(std::string_view message) const;

 private:
  TermPattern terms_;
  std::shared_ptr<const JsonCondition> condition_;
  std::optional<FieldPattern> fields_;
};

// json_condition.cc: `text` is what stands between the braces.
Result<std::shared_ptr<const JsonCondition>, std::string> parse_json_condition(
    std::string_view text);

}  // namespace pawl::logs
