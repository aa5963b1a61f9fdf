#include "jsonpath/filter_parser.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pawl::jsonpath {
namespace {

constexpr std::string_view kAnd = "&&";
constexpr std::string_view kOr = "||";

// In the order in which they are looked for: the first one found anywhere in the text is the
// operator, quotes or not.
constexpr std::array<std::pair<std::string_view, Operator>, 7> kOperators{{
    {"==", Operator::kEq},
    {">=", Operator::kGe},
    {"<=", Operator::kLe},
    {"!=", Operator::kNe},
    {"<", Operator::kLt},
    {">", Operator::kGt},
    {"=~", Operator::kMatches},
}};

bool is_conjunction(std::string_view text, std::size_t at) {
  return text.substr(at, 2) == kAnd || text.substr(at, 2) == kOr;
}

// Pieces between and including `&&` and `||`, wherever they stand.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (is_conjunction(text, at) || (at >= 2 && is_conjunction(text, at - 2))) {
      pieces.push_back(text.substr(begin, at - begin));
      begin = at;
    }
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

// Drops what opens in front and closes behind; running off the text is an exception.
Result<std::string_view, Exception> clean(std::string_view text) {
  std::size_t begin = 0;
  for (;; ++begin) {
    if (begin >= text.size()) {
      return Err{java::no_char_at(text, static_cast<std::ptrdiff_t>(begin))};
    }
    if (std::string_view("[?( ").find(text[begin]) == std::string_view::npos) break;
  }
  std::size_t end = text.size();
  while (text[end - 1] == ')' || text[end - 1] == ' ') {
    if (--end == 0) return Err{java::no_char_at(text, -1)};
  }
  if (end < begin) return Err{java::no_substring(text, begin, end)};
  return text.substr(begin, end - begin);
}

bool is_path(std::string_view text) {
  return text.starts_with('$') || text.starts_with('@') || text.starts_with("!@");
}

bool is_quoted(std::string_view text) { return text.starts_with('\'') && text.ends_with('\''); }

bool is_pattern(std::string_view text) {
  return text.starts_with('/') && (text.ends_with('/') || text.ends_with("/i"));
}

Result<Operand, Exception> parse_path_operand(std::string_view text, Numbering& numbering) {
  if (numbering.depth >= kFilterDepthMax) {
    return Err{java::invalid_path("Filters are nested too deeply")};
  }
  Operand operand;
  operand.kind = Operand::Kind::kPath;
  ++numbering.depth;
  Result<CompiledPath, Exception> path = parse_path(text, numbering);
  --numbering.depth;
  if (!path.ok()) return Err{java::invalid_path(path.error().text)};
  if (!path->definite) {
    return Err{java::invalid_path("the predicate path: " + std::string(text) + " is not definite")};
  }
  if (path->from_document) {
    auto& known = numbering.document_paths;
    const auto place = std::find(known.begin(), known.end(), path->text);
    operand.document_path = static_cast<std::size_t>(place - known.begin());
    if (place == known.end()) known.push_back(path->text);
  }
  operand.path = std::make_shared<const CompiledPath>(std::move(path).value());
  return operand;
}

Result<Operand, Exception> parse_pattern_operand(std::string_view text) {
  const std::size_t last = text.rfind('/');
  if (last < 1) return Err{java::no_substring(text, 1, last)};
  const Letters letters = text.ends_with('i') ? Letters::kEitherCase : Letters::kAsWritten;
  Operand operand;
  operand.kind = Operand::Kind::kPattern;
  operand.text = text.substr(1, last - 1);
  operand.pattern = TRY(Pattern::compile(operand.text, letters));
  return operand;
}

Result<Operand, Exception> parse_text_operand(std::string_view text) {
  if (is_quoted(text)) {
    if (text.size() == 1) return Err{java::no_substring(text, 1, 0)};
    text = text.substr(1, text.size() - 2);
  }
  Operand operand;
  operand.kind = Operand::Kind::kText;
  operand.text = text;
  operand.unescaped = unescape_quotes(text);
  operand.number = parse_decimal(text);
  return operand;
}

Result<Operand, Exception> parse_operand(std::string_view text, Numbering& numbering) {
  if (is_path(text)) return parse_path_operand(text, numbering);
  if (is_pattern(text)) return parse_pattern_operand(text);
  return parse_text_operand(text);
}

Result<Criterion, Exception> parse_criterion(std::string_view text, Numbering& numbering) {
  Criterion criterion;
  std::string_view left = java::trim(text);
  std::optional<std::string_view> right;
  for (const auto& [sign, op] : kOperators) {
    const std::size_t at = text.find(sign);
    if (at == std::string_view::npos) continue;
    left = java::trim(text.substr(0, at));
    right = java::trim(text.substr(at + sign.size()));
    criterion.op = op;
    break;
  }

  const bool negated = is_path(left) && left.front() == '!';
  criterion.left = TRY(parse_operand(negated ? left.substr(1) : left, numbering));
  if (right) {
    if (is_path(*right) && right->front() == '!') {
      return Err{java::invalid_path(
          "Invalid negation! Can only be used for existence check e.g [?(!@.foo)]")};
    }
    criterion.right = TRY(parse_operand(*right, numbering));
  } else if (criterion.left.kind == Operand::Kind::kPath) {
    criterion.op = negated ? Operator::kIsAbsent : Operator::kExists;
  } else {
    return Err{java::unsupported_operation("CriteriaType  can not be parsed")};
  }
  return criterion;
}

// Strips `[?(` and `)]`, each with its own complaint.
Result<std::string_view, Exception> unwrap(std::string_view text) {
  text = java::trim(text);
  if (!text.starts_with('[') || !text.ends_with(']')) {
    return Err{
        java::invalid_path("Filter must start with '[' and end with ']'. " + std::string(text))};
  }
  text = java::trim(text.substr(1, text.size() - 2));
  if (!text.starts_with('?')) {
    return Err{
        java::invalid_path("Filter must start with '[?' and end with ']'. " + std::string(text))};
  }
  text = java::trim(text.substr(1));
  if (!text.starts_with('(') || !text.ends_with(')')) {
    return Err{
        java::invalid_path("Filter must start with '[?(' and end with ')]'. " + std::string(text))};
  }
  return java::trim(text.substr(1, text.size() - 2));
}

// Both stacks are emptied from the right, so that `||` binds weaker than `&&`.
Result<Filter, Exception> assemble(std::string_view text, std::vector<std::string_view> operators,
                                   std::vector<Criterion> criteria) {
  const Exception empty_stack{"java.util.EmptyStackException"};
  const auto pop = [&criteria] {
    Criterion last = std::move(criteria.back());
    criteria.pop_back();
    return last;
  };
  Filter filter;
  if (criteria.empty()) return Err{empty_stack};
  filter.alternatives.emplace_back().push_back(pop());
  while (!operators.empty()) {
    const bool is_or = operators.back() == kOr;
    operators.pop_back();
    if (criteria.empty()) {
      if (!is_or) return Err{empty_stack};
      return Err{java::invalid_path("Invalid operators " + std::string(text))};
    }
    if (is_or) filter.alternatives.emplace_back();
    filter.alternatives.back().push_back(pop());
  }
  if (!criteria.empty()) return Err{java::invalid_path("Invalid operators " + std::string(text))};
  return filter;
}

}  // namespace

std::string unescape_quotes(std::string_view text) {
  std::string unescaped(text);
  for (std::size_t at = 0; (at = unescaped.find("\\'", at)) != std::string::npos; ++at) {
    unescaped.erase(at, 1);
  }
  return unescaped;
}

Result<std::string_view, Exception> filter_bounds(std::string_view fragment, std::size_t at) {
  const std::size_t start = fragment.rfind('[', at);
  ENSURE(start != std::string_view::npos, fragment);
  char before = ' ';
  bool quoted = false;
  int square = 0;
  int round = 0;
  std::size_t end = start;
  for (bool closed = false; !closed; ++end) {
    if (end >= fragment.size()) {
      return Err{java::no_char_at(fragment, static_cast<std::ptrdiff_t>(end))};
    }
    const char current = fragment[end];
    if (current == '\'') {
      if (before != '\\') quoted = !quoted;
    } else if (!quoted) {
      round += (current == '(') - (current == ')');
      square += (current == '[') - (current == ']');
      closed = current == ']' && round == 0;
    }
    before = current;
  }
  if (round != 0 || square != 0) {
    return Err{java::invalid_path("Filter brackets are not balanced")};
  }
  return fragment.substr(start, end - start);
}

Result<Filter, Exception> parse_filter(std::string_view text, Numbering& numbering) {
  text = TRY(unwrap(text));
  std::vector<std::string_view> operators;
  std::vector<Criterion> criteria;
  for (const std::string_view piece : split(text)) {
    const std::string_view trimmed = java::trim(piece);
    if (trimmed == kAnd || trimmed == kOr) {
      operators.push_back(trimmed);
    } else {
      criteria.push_back(TRY(parse_criterion(TRY(clean(trimmed)), numbering)));
    }
  }
  return assemble(text, std::move(operators), std::move(criteria));
}

}  // namespace pawl::jsonpath
