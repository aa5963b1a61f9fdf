#include "jsonata/signature.h"

#include <algorithm>
#include <array>
#include <optional>

#include "jsonata/evaluation.h"
#include "jsonata/stringify.h"

namespace pawl::jsonata {
namespace {

constexpr std::size_t kShownBytesMax = 10'000;
constexpr Types kAnyJson =
    kArrayType | kStringType | kNumberType | kBooleanType | kNullType | kObjectType | kMissingType;

std::optional<Types> type_of_symbol(char symbol) {
  switch (symbol) {
    case 'a':
      return kArrayType;
    case 's':
      return kStringType;
    case 'n':
      return kNumberType;
    case 'b':
      return kBooleanType;
    case 'l':
      return kNullType;
    case 'f':
      return kFunctionType;
    case 'o':
      return kObjectType;
    case 'm':
      return kMissingType;
    default:
      return std::nullopt;
  }
}

// Where the bracket closes that opens at `open`.
std::size_t closing(std::string_view text, std::size_t open, char opening, char closing) {
  int depth = 1;
  std::size_t at = open + 1;
  for (; at < text.size(); ++at) {
    if (text[at] == opening) ++depth;
    if (text[at] == closing && --depth == 0) break;
  }
  return at;
}

std::string_view plural(char symbol) {
  switch (symbol) {
    case 'a':
      return "arrays";
    case 'b':
      return "booleans";
    case 'f':
      return "functions";
    case 'n':
      return "numbers";
    case 'o':
      return "objects";
    case 's':
      return "strings";
    default:
      return {};
  }
}

Err<Mistake> refuse(std::string_view code, std::size_t offset, std::string value) {
  Mistake mistake;
  mistake.code = code;
  mistake.position = static_cast<std::uint32_t>(offset);
  mistake.value = std::move(value);
  return Err{std::move(mistake)};
}

}  // namespace

namespace {

// By tag; what is no value counts as missing.
constexpr std::array<Types, 16> kTypes = [] {
  std::array<Types, 16> types{};
  types.fill(kMissingType);
  const auto set = [&types](Tag tag, Types type) { types[static_cast<std::size_t>(tag)] = type; };
  set(Tag::kNull, kNullType);
  set(Tag::kBoolean, kBooleanType);
  set(Tag::kNumberText, kNumberType);
  set(Tag::kReal, kNumberType);
  set(Tag::kString, kStringType);
  set(Tag::kArray, kArrayType);
  set(Tag::kObject, kObjectType);
  set(Tag::kFunction, kFunctionType);
  return types;
}();

}  // namespace

Types type_of(const Value& value) { return kTypes[static_cast<std::size_t>(value.tag())]; }

Result<Signature, Mistake> Signature::compile(std::string_view text) {
  Signature signature;
  char last_symbol = 0;
  for (std::size_t at = 1; at < text.size() && text[at] != ':'; ++at) {
    const char symbol = text[at];
    Parameter parameter;
    switch (symbol) {
      case 's':
      case 'n':
      case 'b':
      case 'l':
      case 'o':
        parameter.types = *type_of_symbol(symbol) | kMissingType;
        break;
      case 'a':
        parameter.types = kAnyJson | kFunctionType;
        parameter.array = true;
        break;
      case 'f':
        parameter.types = kFunctionType;
        break;
      case 'j':
        parameter.types = kAnyJson;
        break;
      case 'x':
        parameter.types = kAnyJson | kFunctionType;
        break;
      case '(': {
        const std::size_t end = closing(text, at, '(', ')');
        const std::string_view choice = text.substr(at + 1, end - at - 1);
        if (choice.find('<') != std::string_view::npos) {
          return refuse("S0402", at, json_text(choice));
        }
        parameter.types = kMissingType;
        for (const char each : choice) parameter.types |= type_of_symbol(each).value_or(0);
        at = end;
        break;
      }
      case '-':
      case '?':
      case '+':
        if (signature.parameters_.empty()) continue;
        (symbol == '+' ? signature.parameters_.back().repeated
                       : signature.parameters_.back().optional) = true;
        if (symbol == '-') signature.parameters_.back().context = true;
        continue;
      case '<': {
        if (last_symbol != 'a' && last_symbol != 'f') {
          return refuse("S0401", at, last_symbol == 0 ? "undefined" : json_text({&last_symbol, 1}));
        }
        const std::size_t end = closing(text, at, '<', '>');
        if (last_symbol == 'a' && end > at + 1) {
          signature.parameters_.back().element_symbol = text[at + 1];
          signature.parameters_.back().element_named = end == at + 2;
          signature.parameters_.back().element = type_of_symbol(text[at + 1]).value_or(0);
        }
        at = end;
        continue;
      }
      default:
        continue;
    }
    last_symbol = symbol;
    signature.parameters_.push_back(parameter);
  }
  return signature;
}

namespace {

// How many of the types at the front are among the wanted, `most` at most.
std::size_t count_fitting(std::span<const Types> types, Types wanted, std::size_t most) {
  std::size_t count = 0;
  while (count < std::min(most, types.size()) && (types[count] & wanted) != 0) ++count;
  return count;
}

}  // namespace

// As a regular expression matches: each parameter takes as much as it can, and gives back what the
// others need.
bool Signature::match(std::span<const Types> types, std::size_t parameter, std::size_t argument,
                      std::span<std::uint32_t> taken) const {
  if (parameter == parameters_.size()) return argument == types.size();
  const Parameter& wanted = parameters_[parameter];
  const std::size_t most =
      count_fitting(types.subspan(argument), wanted.types, wanted.repeated ? types.size() : 1);
  const std::size_t least = wanted.optional ? 0 : 1;
  for (std::size_t take = most + 1; take-- > least;) {
    taken[parameter] = static_cast<std::uint32_t>(take);
    if (match(types, parameter + 1, argument + take, taken)) return true;
  }
  return false;
}

std::optional<std::size_t> Signature::match_first(std::size_t parameter_count,
                                                  std::span<const Types> types,
                                                  std::size_t parameter,
                                                  std::size_t argument) const {
  if (parameter == parameter_count) return argument;
  const Parameter& wanted = parameters_[parameter];
  const std::size_t most =
      count_fitting(types.subspan(argument), wanted.types, wanted.repeated ? types.size() : 1);
  const std::size_t least = wanted.optional ? 0 : 1;
  for (std::size_t take = most + 1; take-- > least;) {
    const auto end = match_first(parameter_count, types, parameter + 1, argument + take);
    if (end) return end;
  }
  return std::nullopt;
}

// The argument that does not fit: the one behind those that the longest row of parameters takes
// which fits at all. Later parameters may take what earlier ones left, so it can lie further on.
std::size_t Signature::fits_until(std::span<const Types> types) const {
  std::size_t good = 0;
  for (std::size_t count = 1; count <= parameters_.size(); ++count) {
    const auto end = match_first(count, types, 0, 0);
    if (!end) break;
    good = *end;
  }
  return good;
}

namespace {

bool refuse_argument(Evaluation& evaluation, std::string_view code, const Value& value,
                     std::size_t index) {
  Mistake mistake;
  mistake.code = code;
  if (!value.is_undefined()) mistake.value = shown_text(value, kShownBytesMax);
  mistake.index = static_cast<int>(index + 1);
  evaluation.fail(std::move(mistake));
  return false;
}

}  // namespace

// a<n>: an array all of whose items are of the type, or one such item.
bool Signature::check_elements(Evaluation& evaluation, const Parameter& parameter,
                               const Value& argument, std::size_t index) const {
  if (parameter.element_symbol == 0) return true;
  bool fits = true;
  if (!argument.is_array()) {
    fits = (type_of(argument) & parameter.element) != 0;
  } else {
    for (const Value& item : argument) fits = fits && (type_of(item) & parameter.element) != 0;
  }
  if (fits) return true;
  refuse_argument(evaluation, "T0412", argument, index);
  const std::string_view type = plural(parameter.element_symbol);
  if (!type.empty() && parameter.element_named) evaluation.mistake.type = json_text(type);
  return false;
}

Signature::Fit Signature::fit(Evaluation& evaluation, std::span<Value> arguments,
                              std::size_t given) const {
  if (given > parameters_.size()) return Fit::kNeedsCheck;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& parameter = parameters_[i];
    const bool simple = i < given ? (type_of(arguments[i]) & parameter.types) != 0
                                  : parameter.optional && !parameter.context;
    if (!simple || parameter.repeated) return Fit::kNeedsCheck;
  }
  for (std::size_t i = 0; i < given; ++i) {
    Value& argument = arguments[i];
    if (!parameters_[i].array || argument.is_undefined()) continue;
    if (!check_elements(evaluation, parameters_[i], argument, i)) return Fit::kFailed;
    if (!argument.is_array()) argument = evaluation.array({&argument, 1}, 0);
    if (argument.is_failed()) return Fit::kFailed;
  }
  return Fit::kFits;
}

bool Signature::check(Evaluation& evaluation, std::span<const Value> arguments,
                      const Value& context, std::vector<Value>& checked) const {
  constexpr std::size_t kFewArguments = 8;
  std::array<Types, kFewArguments> few;
  std::vector<Types> many;
  if (arguments.size() > kFewArguments) many.resize(arguments.size());
  const std::span<Types> types(many.empty() ? few.data() : many.data(), arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) types[i] = type_of(arguments[i]);
  std::array<std::uint32_t, kFewArguments> few_taken{};
  std::vector<std::uint32_t> many_taken;
  if (parameters_.size() > kFewArguments) many_taken.resize(parameters_.size());
  const std::span<std::uint32_t> taken(many_taken.empty() ? few_taken.data() : many_taken.data(),
                                       parameters_.size());
  if (!match(types, 0, 0, taken)) {
    const std::size_t bad = fits_until(types);
    return refuse_argument(evaluation, "T0410",
                           bad < arguments.size() ? arguments[bad] : Value::undefined(), bad);
  }
  std::size_t argument = 0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& parameter = parameters_[i];
    if (taken[i] == 0) {
      if (parameter.context) {
        if ((type_of(context) & parameter.types) == 0) {
          return refuse_argument(evaluation, "T0411", context, argument);
        }
        checked.push_back(context);
      } else {
        checked.push_back(argument < arguments.size() ? arguments[argument] : Value::undefined());
        ++argument;
      }
    }
    for (std::uint32_t each = 0; each < taken[i]; ++each, ++argument) {
      // What was skipped counts as taken, so this may lie behind the last one.
      Value value = argument < arguments.size() ? arguments[argument] : Value::undefined();
      if (parameter.array && !value.is_undefined()) {
        if (!check_elements(evaluation, parameter, value, argument)) return false;
        if (!value.is_array()) {
          value = evaluation.array({&value, 1}, 0);
          if (value.is_failed()) return false;
        }
      }
      checked.push_back(value);
    }
  }
  return true;
}

}  // namespace pawl::jsonata
