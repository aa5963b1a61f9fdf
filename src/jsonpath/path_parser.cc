#include "jsonpath/path_parser.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/ascii.h"
#include "jsonpath/filter_parser.h"
#include "jsonpath/index_parser.h"

namespace pawl::jsonpath {
namespace {

Step step_of(Step::Kind kind) {
  Step step;
  step.kind = kind;
  return step;
}

// The length of the bracket that opens at `at`, up to the end when nothing closes it.
std::size_t bracket_length(std::string_view path, std::size_t at) {
  int nested = 0;
  std::size_t end = at + 1;
  while (end < path.size()) {
    const char current = path[end++];
    if (current == ']' && nested == 0) break;
    if (current == '[') ++nested;
    if (current == ']') --nested;
  }
  return end - at;
}

std::size_t name_length(std::string_view path, std::size_t at) {
  const std::size_t end = path.find_first_of(".[ ", at);
  return std::min(end, path.size()) - at;
}

// `[?]`, `[ ?, ? ]`: how many filters it asks for; 0 when it is something else.
std::int32_t count_placeholders(std::string_view fragment) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  if (!fragment.ends_with(']')) return 0;
  const std::string_view inner = fragment.substr(1, fragment.size() - 2);
  const std::size_t first = inner.find_first_not_of(kBlank);
  if (first == std::string_view::npos || inner[first] != '?') return 0;
  if (inner.find_first_not_of(",? *\t\n\v\f\r") != std::string_view::npos) return 0;
  return static_cast<std::int32_t>(std::count(inner.begin(), inner.end(), '?'));
}

class PathParser {
 public:
  PathParser(std::string path, Numbering& numbering)
      : path_(std::move(path)), numbering_(numbering) {}

  Result<std::vector<Step>, Exception> parse() {
    const auto begins_step = [](char each) { return each == '.' || each == '['; };
    const auto expected = std::count_if(path_.begin(), path_.end(), begins_step) + 1;
    steps_.reserve(std::min(static_cast<std::size_t>(expected), kStepsMax));
    std::size_t at = 0;
    do {
      at = TRY(parse_one(at));
      if (steps_.size() > kStepsMax) {
        return Err{java::invalid_path("A path can not have more than " + std::to_string(kStepsMax) +
                                      " steps")};
      }
    } while (at < path_.size());
    return std::move(steps_);
  }

 private:
  // Reads what begins at `at`; answers where it ends.
  Result<std::size_t, Exception> parse_one(std::size_t at) {
    switch (path_[at]) {
      case ' ':
        return Err{java::invalid_path("Space not allowed in path")};
      case '$':
        steps_.push_back(step_of(Step::Kind::kRoot));
        return at + 1;
      case '[': {
        const std::size_t length = bracket_length(path_, at);
        steps_.push_back(TRY(parse_bracket(std::string_view(path_).substr(at, length))));
        return at + length;
      }
      case '.':
        return parse_after_dot(at + 1);
      case '*':
        steps_.push_back(step_of(Step::Kind::kWildcard));
        return at + 1;
      default:
        return parse_name(at, name_length(path_, at));
    }
  }

  Result<std::size_t, Exception> parse_after_dot(std::size_t at) {
    if (at >= path_.size()) {
      return Err{java::no_char_at(path_, static_cast<std::ptrdiff_t>(at))};
    }
    if (path_[at] == '.') {
      steps_.push_back(step_of(Step::Kind::kScan));
      return at + 1;
    }
    const std::size_t length = name_length(path_, at);
    if (length == 0) return at;
    if (length == 1 && path_[at] == '*') {
      steps_.push_back(step_of(Step::Kind::kWildcard));
      return at + 1;
    }
    return parse_name(at, length);
  }

  Result<std::size_t, Exception> parse_name(std::size_t at, std::size_t length) {
    const std::string_view name = std::string_view(path_).substr(at, length);
    if (name.find_first_of("']") == std::string_view::npos) {
      steps_.push_back(property({std::string(name)}));
    } else {
      const std::string fragment = "['" + std::string(name) + "']";
      steps_.push_back(TRY(parse_names(fragment, 1)));
    }
    return at + length;
  }

  Result<Step, Exception> parse_bracket(std::string_view fragment) {
    if (fragment == "[*]") return step_of(Step::Kind::kWildcard);
    if (const std::int32_t count = count_placeholders(fragment); count > 0) {
      Step step = step_of(Step::Kind::kPlaceholders);
      step.numbers = {count};
      return step;
    }
    for (std::size_t at = 0; at < fragment.size(); ++at) {
      const char current = fragment[at];
      if (current == '?') return parse_filter_step(fragment, at);
      if (current == '\'') return parse_names(fragment, at);
      if (is_digit(current) || current == ':' || current == '-' || current == '@') {
        return parse_indexes(fragment, at);
      }
    }
    return Err{java::invalid_path("Could not analyze path component: " + std::string(fragment))};
  }

  Result<Step, Exception> parse_filter_step(std::string_view fragment, std::size_t at) {
    Step step = step_of(Step::Kind::kFilter);
    const std::string_view text = TRY(filter_bounds(fragment, at));
    step.filter = std::make_shared<const Filter>(TRY(parse_filter(text, numbering_)));
    return step;
  }

  // Names are what stands between one quote and the next; the bracket ends at the first `]`, even
  // in quotes, and a name still open there is dropped.
  Result<Step, Exception> parse_names(std::string_view fragment, std::size_t at) {
    std::vector<std::string> names;
    std::string name;
    bool open = false;
    for (; fragment[at] != ']'; ++at) {
      if (fragment[at] != '\'') {
        if (open) name += fragment[at];
      } else {
        if (open) names.push_back(std::exchange(name, {}));
        open = !open;
      }
      if (at + 1 == fragment.size()) {
        return Err{java::no_char_at(fragment, static_cast<std::ptrdiff_t>(at + 1))};
      }
    }
    return property(std::move(names));
  }

  Step property(std::vector<std::string> names) {
    Step step = step_of(names.size() == 1 ? Step::Kind::kProperty : Step::Kind::kProperties);
    step.hint = numbering_.hints < kHintCount ? numbering_.hints++ : kNoHint;
    if (names.size() == 1) {
      step.name = std::move(names.front());
      return step;
    }
    std::unordered_set<std::string_view> seen;
    step.names = std::move(names);
    for (std::size_t i = 0; i < step.names.size(); ++i) {
      if (seen.insert(step.names[i]).second) step.distinct.push_back(i);
    }
    return step;
  }

  const std::string path_;
  Numbering& numbering_;
  std::vector<Step> steps_;
};

// Fills in what depends on the steps behind: walks from the end.
bool link(std::vector<Step>& steps) {
  bool definite = true;
  bool plain = true;
  for (std::size_t i = steps.size(); i-- > 0;) {
    steps[i].plain_behind = plain && i + 1 < steps.size();
    plain = plain && steps[i].plain();
    definite = definite && steps[i].definite();
    if (i + 1 < steps.size()) steps[i + 1].missing_is_error = definite;
  }
  return definite;
}

}  // namespace

Result<CompiledPath, Exception> parse_path(std::string_view text, Numbering& numbering) {
  CompiledPath compiled;
  compiled.text = text;

  std::string path(java::trim(text));
  if (path.ends_with("..")) return Err{java::invalid_path("A path can not end with a scan.")};
  if (path.empty()) return Err{java::no_char_at("", 0)};
  if (path.front() != '$' && path.front() != '@') path = "$." + path;
  compiled.from_document = path.front() == '$';
  path.front() = '$';
  if (path.size() > 1 && path[1] != '.' && path[1] != '[') {
    return Err{java::invalid_path("Invalid path " + path)};
  }

  compiled.steps = TRY(PathParser(std::move(path), numbering).parse());
  compiled.definite = link(compiled.steps);
  return compiled;
}

}  // namespace pawl::jsonpath
