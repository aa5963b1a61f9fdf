// $match, $contains, $split, $replace, by text, pattern or matcher function (JSONata, "Regular
// Expressions").
#include <cmath>

#include "jsonata/callback.h"
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"
#include "jsonata/nodes.h"
#include "jsonata/number_text.h"
#include "jsonata/regex.h"
#include "jsonata/text_functions.h"

namespace pawl::jsonata {
namespace {

std::uint32_t steps_max(const Evaluation& evaluation) {
  return evaluation.scope.budget.regex_steps_max;
}

// The pattern that a function argument is, nullptr for a matcher that the user wrote.
const Regex* regex_of(const Value& matcher) {
  const Function* function = matcher.is_function() ? matcher.function() : nullptr;
  while (function != nullptr && function->kind == Function::Kind::kClosure) {
    function = function->inner;
  }
  return function != nullptr && function->kind == Function::Kind::kRegex ? function->regex
                                                                         : nullptr;
}

struct Matched {
  std::string_view text;
  double start = 0.0;  // in UTF-16 units
  double end = 0.0;
  std::vector<Value> groups;
};

enum class Found { kMatch, kNothing, kFailed };

// One match after the other, of a pattern or of a user's matcher: a function of a text to
// {match, start, end, groups, next}, in which `next` is a function to the next one.
class Matches {
 public:
  Matches(Evaluation& evaluation, std::string_view text, const Value& matcher)
      : evaluation_(evaluation), text_(text), matcher_(matcher), regex_(regex_of(matcher)) {
    if (regex_ != nullptr) subject_.emplace(text);
  }

  Found next(Matched& matched) {
    if (!evaluation_.spend()) return Found::kFailed;
    return regex_ != nullptr ? next_of_regex(matched) : next_of_function(matched);
  }

 private:
  Found next_of_regex(Matched& matched) {
    const std::uint32_t steps = steps_max(evaluation_);
    const auto found =
        started_ ? regex_->find_next(*subject_, from_, steps) : regex_->find(*subject_, steps);
    if (!found.ok()) return evaluation_.fail(found.error()), Found::kFailed;
    started_ = true;
    if (!found->has_value()) return Found::kNothing;
    const RegexMatch& match = **found;
    matched.text = kept(match.whole);
    matched.start = static_cast<double>(subject_->utf16_index(match.whole.begin));
    matched.end = static_cast<double>(subject_->utf16_index(match.whole.end));
    matched.groups.clear();
    for (const auto& group : match.groups) {
      matched.groups.push_back(group ? Value::string(kept(*group)) : Value::undefined());
    }
    from_ = match.whole.end;
    return Found::kMatch;
  }

  // The piece in memory that outlives the subject.
  std::string_view kept(TextRange range) {
    const std::string_view piece = subject_->piece(range);
    return subject_->is_original() ? piece : evaluation_.arena.copy(piece);
  }

  Found next_of_function(Matched& matched) {
    Value result;
    if (!started_) {
      const Value text = Value::string(text_);
      result = apply_function(evaluation_, matcher_, {&text, 1}, Value::null());
    } else {
      if (!next_.is_function()) return Found::kNothing;
      result = apply_function(evaluation_, next_, {}, Value::null());
    }
    started_ = true;
    if (result.is_failed()) return Found::kFailed;
    result = unwrap(result);
    if (result.is_undefined()) return Found::kNothing;
    return read(result, matched) ? Found::kMatch : Found::kFailed;
  }

  bool read(const Value& result, Matched& matched) {
    const auto member = [&result](std::string_view name) {
      const Value* found = result.is_object() ? result.find(name) : nullptr;
      return found != nullptr ? *found : Value::undefined();
    };
    const Value start = member("start");
    const Value end = member("end");
    const Value groups = member("groups");
    next_ = member("next");
    if (!start.is_number() || !end.is_number() || !groups.is_array() || !next_.is_function()) {
      return evaluation_.fail("T1010"), false;
    }
    matched.start = start.to_real();
    matched.end = end.to_real();
    const Value match = member("match");
    matched.text = match.is_string() ? match.text() : std::string_view();
    matched.groups.assign(groups.begin(), groups.end());
    return true;
  }

  Evaluation& evaluation_;
  const std::string_view text_;
  const Value matcher_;
  const Regex* const regex_;
  std::optional<RegexSubject> subject_;
  std::size_t from_ = 0;
  bool started_ = false;
  Value next_;
};

Value match_object(Evaluation& evaluation, const Matched& matched) {
  const Entry entries[] = {
      {Value::string("match"), Value::string(matched.text)},
      {Value::string("index"), Value::number(matched.start)},
      {Value::string("groups"), VALUE(evaluation.array(matched.groups, 0))},
  };
  return evaluation.object(entries);
}

double limit_of(const Value& limit) { return limit.is_undefined() ? HUGE_VAL : limit.to_real(); }

Value match(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  const double limit = limit_of(call[2]);
  if (limit < 0) return call.evaluation.fail("D3040", call[2]);
  ScratchList found(call.evaluation);
  Matches matches(call.evaluation, call[0].text(), call[1]);
  Matched matched;
  Found next = limit > 0 ? matches.next(matched) : Found::kNothing;
  for (double count = 0; next == Found::kMatch && count < limit; ++count) {
    found->push_back(VALUE(match_object(call.evaluation, matched)));
    // Looked for before the limit is: it may be refused even so.
    next = matches.next(matched);
  }
  if (next == Found::kFailed) return Value::failed();
  return call.evaluation.array(*found, Value::kSequence);
}

Value contains_match(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  if (call[1].is_undefined()) return call[1];
  if (call[1].is_string()) return Value::boolean(contains(call[0].text(), call[1].text()));
  if (const Regex* regex = regex_of(call[1])) {
    const auto found = regex->contained_in(call[0].text(), steps_max(call.evaluation));
    return found.ok() ? Value::boolean(*found) : call.evaluation.fail(found.error());
  }
  Matched matched;
  const Found found = Matches(call.evaluation, call[0].text(), call[1]).next(matched);
  return found == Found::kFailed ? Value::failed() : Value::boolean(found == Found::kMatch);
}

std::optional<double> optional_limit(const Value& limit) {
  if (limit.is_undefined()) return std::nullopt;
  return limit.to_real();
}

// The byte at which the UTF-16 unit `index` of the text begins.
std::size_t byte_of_unit(std::string_view text, double index) {
  std::size_t byte = 0;
  for (double units = 0; byte < text.size() && units < index;) {
    const auto lead = static_cast<unsigned char>(text[byte]);
    units += lead >= 0xF0 ? 2 : 1;
    byte += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }
  return std::min(byte, text.size());
}

Value split_by_function(const Invocation& call) {
  const std::string_view text = call[0].text();
  const double limit = limit_of(call[2]);
  ScratchList parts(call.evaluation);
  Matches matches(call.evaluation, text, call[1]);
  const auto wants_more = [&] { return static_cast<double>(parts->size()) < limit; };
  std::size_t from = 0;
  Matched matched;
  Found next = limit > 0 ? matches.next(matched) : Found::kNothing;
  while (next == Found::kMatch && wants_more()) {
    const std::size_t to = std::max(from, byte_of_unit(text, matched.start));
    parts->push_back(Value::string(text.substr(from, to - from)));
    from = std::max(to, byte_of_unit(text, matched.end));
    next = matches.next(matched);
  }
  if (next == Found::kFailed) return Value::failed();
  if (wants_more()) parts->push_back(Value::string(text.substr(from)));
  return call.evaluation.array(*parts, 0);
}

Value split_text(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  if (limit_of(call[2]) < 0) return call.evaluation.fail("D3020", call[2]);
  ScratchList parts(call.evaluation);
  if (call[1].is_function()) {
    const Regex* regex = regex_of(call[1]);
    if (regex == nullptr) return split_by_function(call);
    RegexSubject subject(call[0].text());
    const auto ranges = regex->split(subject, optional_limit(call[2]), steps_max(call.evaluation));
    if (!ranges.ok()) return call.evaluation.fail(ranges.error());
    for (const TextRange range : *ranges) {
      const std::string_view piece = subject.piece(range);
      parts->push_back(
          Value::string(subject.is_original() ? piece : call.evaluation.arena.copy(piece)));
    }
    return call.evaluation.array(*parts, 0);
  }
  const std::string_view separator = call[1].is_undefined() ? std::string_view() : call[1].text();
  if (!separator.empty() && call[2].is_undefined()) {
    // The parts are parts of the text.
    std::string_view rest = call[0].text();
    for (std::size_t at; (at = rest.find(separator)) != std::string_view::npos;) {
      parts->push_back(Value::string(rest.substr(0, at)));
      rest.remove_prefix(at + separator.size());
    }
    parts->push_back(Value::string(rest));
    return call.evaluation.array(*parts, 0);
  }
  for (const std::string& part : split(call[0].text(), separator, optional_limit(call[2]))) {
    parts->push_back(VALUE(call.evaluation.string(part)));
  }
  return call.evaluation.array(*parts, 0);
}

// $1 and so on; $$ is $. A number that names no group is shortened until it does.
void append_template(std::string_view replacement, const Matched& matched, std::string& out) {
  for (std::size_t at = 0; at < replacement.size(); ++at) {
    if (replacement[at] != '$' || at + 1 == replacement.size()) {
      out += replacement[at];
      continue;
    }
    if (replacement[at + 1] == '$') {
      out += '$';
      ++at;
      continue;
    }
    std::size_t digits = 0;
    const std::size_t digits_max = std::to_string(matched.groups.size()).size();
    std::size_t group = 0;
    while (digits < digits_max && at + 1 + digits < replacement.size() &&
           replacement[at + 1 + digits] >= '0' && replacement[at + 1 + digits] <= '9') {
      group = group * 10 + static_cast<std::size_t>(replacement[at + 1 + digits] - '0');
      ++digits;
    }
    if (digits > 1 && group > matched.groups.size()) {
      group /= 10;
      --digits;
    }
    if (digits == 0) {
      out += '$';
      continue;
    }
    at += digits;
    if (group == 0) {
      out += matched.text;
    } else if (group <= matched.groups.size() && matched.groups[group - 1].is_string()) {
      out += matched.groups[group - 1].text();
    }
  }
}

// What the match is replaced by: by the template, or by what the function answers.
bool append_replacement(const Invocation& call, const Matched& matched, std::string& out) {
  if (call[2].is_string()) {
    append_template(call[2].text(), matched, out);
    return true;
  }
  const Entry entries[] = {
      {Value::string("match"), Value::string(matched.text)},
      {Value::string("start"), Value::number(matched.start)},
      {Value::string("end"), Value::number(matched.end)},
      {Value::string("groups"), call.evaluation.array(matched.groups, 0)},
  };
  const Value object = call.evaluation.object(entries);
  if (object.is_failed()) return false;
  const Value result =
      unwrap(apply_function(call.evaluation, call[2], {&object, 1}, Value::null()));
  if (result.is_failed()) return false;
  if (!result.is_string()) return call.evaluation.fail("D3012", result), false;
  out += result.text();
  return true;
}

Value replace_matches(const Invocation& call) {
  const std::string_view text = call[0].text();
  const double limit = limit_of(call[3]);
  std::string out;
  Matches matches(call.evaluation, text, call[1]);
  std::size_t from = 0;
  Matched matched;
  Found next = limit > 0 ? matches.next(matched) : Found::kNothing;
  for (double count = 0; next == Found::kMatch && count < limit; ++count) {
    const std::size_t to = std::max(from, byte_of_unit(text, matched.start));
    out += text.substr(from, to - from);
    if (!append_replacement(call, matched, out)) return Value::failed();
    from = std::max(to, byte_of_unit(text, matched.end));
    if (!call.evaluation.has_room(out.size())) return Value::failed();
    next = matches.next(matched);
  }
  if (next == Found::kFailed) return Value::failed();
  out += text.substr(from);
  return call.evaluation.string(out);
}

Value replace_text(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  if (call[1].is_string() && call[1].size() == 0) return call.evaluation.fail("D3010", call[1]);
  if (limit_of(call[3]) < 0) return call.evaluation.fail("D3011", call[3]);
  const std::string_view text = call[0].text();
  if (call[1].is_string() && (call[2].is_string() || call[2].is_undefined())) {
    const std::string_view by = call[2].is_string() ? call[2].text() : "undefined";
    return call.evaluation.string(replace(text, call[1].text(), by, optional_limit(call[3])));
  }
  if (call[1].is_undefined() || call[2].is_undefined()) return call[0];
  if (call[1].is_string()) {
    if (!contains(text, call[1].text()) || limit_of(call[3]) == 0) return call[0];
    return call.evaluation.fail("D3012", call[2]);
  }
  const Regex* regex = regex_of(call[1]);
  if (regex == nullptr || !call[2].is_string()) return replace_matches(call);
  const auto replaced =
      regex->replace(text, call[2].text(), optional_limit(call[3]), steps_max(call.evaluation));
  return replaced.ok() ? call.evaluation.string(*replaced) : call.evaluation.fail(replaced.error());
}

constexpr Native kFunctions[] = {
    {"match", "<s-f<s:o>n?:a<o>>", 3, match},
    {"contains", "<s-(sf):b>", 2, contains_match},
    {"split", "<s-(sf)n?:a<s>>", 3, split_text},
    {"replace", "<s-(sf)(sf)n?:s>", 4, replace_text},
};

// What RegExp.prototype.exec makes of its argument.
Value searched_text(Evaluation& evaluation, const Value& value) {
  switch (value.tag()) {
    case Tag::kUndefined:
      return Value::string("undefined");
    case Tag::kNull:
      return Value::string("null");
    case Tag::kBoolean:
      return Value::string(value.truth() ? "true" : "false");
    case Tag::kReal:
    case Tag::kNumberText:
      return evaluation.string(number_text(value.to_real()).view());
    default:
      return value;
  }
}

}  // namespace

std::span<const Native> match_functions() { return kFunctions; }

// /pattern/ called as a function: of a text, and where to begin, to its first match.
Value apply_regex(Evaluation& evaluation, const Function& function,
                  std::span<const Value> arguments) {
  const Value text = searched_text(evaluation, arguments.empty() ? Value() : arguments[0]);
  if (!text.is_string()) return Value::undefined();
  Matched matched;
  switch (Matches(evaluation, text.text(), Value::of(&function)).next(matched)) {
    case Found::kFailed:
      return Value::failed();
    case Found::kNothing:
      return Value::undefined();
    case Found::kMatch:
      break;
  }
  const Entry entries[] = {
      {Value::string("match"), Value::string(matched.text)},
      {Value::string("start"), Value::number(matched.start)},
      {Value::string("end"), Value::number(matched.end)},
      {Value::string("groups"), VALUE(evaluation.array(matched.groups, 0))},
  };
  return evaluation.object(entries);
}

}  // namespace pawl::jsonata
