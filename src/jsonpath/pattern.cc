#include "jsonpath/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>

#include "jsonpath/java_regex.h"

namespace pawl::jsonpath {
namespace {

// Per match. A document's text is at most some 256 KiB; honest expressions stay far below.
constexpr std::uint32_t kMatchLimit = 1'000'000;
constexpr std::uint32_t kDepthLimit = 10'000;
constexpr std::uint32_t kHeapLimitKibibytes = 8'192;
constexpr std::size_t kExpressionBytesMax = 65'536;

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeCompileContext {
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
};
struct FreeMatchContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct FreeMatchData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

// PatternSyntaxException.toString(). `index` < 0: it names no place.
Exception syntax_error(std::string_view description, std::ptrdiff_t index,
                       std::string_view expression) {
  std::string text = "java.util.regex.PatternSyntaxException: " + std::string(description);
  if (index >= 0) text += " near index " + std::to_string(index);
  text += "\n" + std::string(expression);
  if (index >= 0 && index < static_cast<std::ptrdiff_t>(java::utf16_length(expression))) {
    text += "\n" + std::string(static_cast<std::size_t>(index), ' ') + "^";
  }
  return {text};
}

// The commonest complaints in Java's words; PCRE2's own for the rest.
Exception translate_error(int code, std::size_t offset, std::string_view expression) {
  const auto at = static_cast<std::ptrdiff_t>(std::min(offset, expression.size()));
  switch (code) {
    case PCRE2_ERROR_QUANTIFIER_INVALID: {
      const std::size_t meta = std::min(offset, expression.size() - 1);
      return syntax_error("Dangling meta character '" + std::string(1, expression[meta]) + "'", at,
                          expression);
    }
    case PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS:
      return syntax_error("Unclosed group",
                          static_cast<std::ptrdiff_t>(java::utf16_length(expression)), expression);
    case PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS:
      return syntax_error("Unmatched closing ')'", at - 2, expression);
    case PCRE2_ERROR_MISSING_SQUARE_BRACKET:
      return syntax_error("Unclosed character class",
                          static_cast<std::ptrdiff_t>(java::utf16_length(expression)) - 1,
                          expression);
    case PCRE2_ERROR_UNKNOWN_ESCAPE:
      return syntax_error("Illegal/unsupported escape sequence", at - 1, expression);
    case PCRE2_ERROR_CLASS_RANGE_ORDER:
      return syntax_error("Illegal character range", at - 1, expression);
    default:
      break;
  }
  unsigned char message[256] = {};
  pcre2_get_error_message(code, message, sizeof message);
  return syntax_error(reinterpret_cast<const char*>(message), at, expression);
}

}  // namespace

struct Pattern::Compiled {
  std::unique_ptr<pcre2_code, FreeCode> code;
  std::unique_ptr<pcre2_match_context, FreeMatchContext> limits;
};

Result<Pattern, Exception> Pattern::compile(std::string_view expression, Letters letters) {
  if (expression.size() > kExpressionBytesMax) {
    return Err{syntax_error("Pattern too large", -1, expression.substr(0, 100))};
  }
  const std::string translated = to_pcre2(expression, letters);
  std::unique_ptr<pcre2_compile_context, FreeCompileContext> context(
      pcre2_compile_context_create(nullptr));
  // Nearest to Java's line terminators, which `.` does not match.
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANY);
  std::uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED |
                          PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
  if (letters == Letters::kEitherCase) options |= PCRE2_CASELESS;

  int error = 0;
  PCRE2_SIZE offset = 0;
  auto compiled = std::make_shared<Compiled>();
  compiled->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()),
                                     translated.size(), options, &error, &offset, context.get()));
  if (!compiled->code) return Err{translate_error(error, offset, expression)};
  compiled->limits.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(compiled->limits.get(), kMatchLimit);
  pcre2_set_depth_limit(compiled->limits.get(), kDepthLimit);
  pcre2_set_heap_limit(compiled->limits.get(), kHeapLimitKibibytes);
  return Pattern(std::move(compiled));
}

Pattern::Outcome Pattern::match(std::string_view text) const {
  const std::unique_ptr<pcre2_match_data, FreeMatchData> data(pcre2_match_data_create(1, nullptr));
  const int result = pcre2_match(compiled_->code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                 text.size(), 0, 0, data.get(), compiled_->limits.get());
  if (result >= 0) return Outcome::kMatches;
  if (result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
      result == PCRE2_ERROR_HEAPLIMIT || result == PCRE2_ERROR_NOMEMORY) {
    return Outcome::kTooMuchWork;
  }
  return Outcome::kDiffers;
}

}  // namespace pawl::jsonpath
