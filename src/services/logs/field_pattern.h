// Filter patterns on the words of an event by their position:
// `[ip, user, ..., request = *.html*, status = 4* || status = 5*, bytes > 1000]`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/logs/value_pattern.h"

namespace pawl::logs {

class FieldPattern {
 public:
  // `text` is what stands between the brackets. Error: what is wrong with it.
  static Result<FieldPattern, std::string> parse(std::string_view text);

  // The message has as many words as the pattern has fields, where no `...` stands for the rest,
  // and each meets the conditions at its position. Text in quotes or brackets is one word.
  bool matches(std::string_view message) const;

 private:
  struct Test {
    Operator how = Operator::kEqual;
    ValuePattern value;
    std::optional<double> number;

    bool holds(std::string_view word) const;
  };
  struct Field {
    std::vector<std::vector<Test>> alternatives;  // none: any word

    bool holds(std::string_view word) const;
  };
  static Result<Field, std::string> parse_field(std::string_view& rest);

  std::vector<Field> fields_;
  std::optional<std::size_t> ellipsis_;  // stands before this field
};

}  // namespace pawl::logs
