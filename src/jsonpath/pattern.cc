#include "jsonpath/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "jsonpath/java_regex.h"
#include "jsonpath/regex_reader.h"

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
struct FreeMatchContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct FreeMatchData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

// What Java may accept and PCRE2 does not (a number of repetitions beyond 65535, too deep a
// nesting).
Exception beyond_pcre2(int code, std::string_view expression) {
  unsigned char message[256] = {};
  pcre2_get_error_message(code, message, sizeof message);
  return RegexError{reinterpret_cast<const char*>(message), -1}.exception(expression);
}

}  // namespace

struct Pattern::Compiled {
  std::unique_ptr<pcre2_code, FreeCode> code;
  std::unique_ptr<pcre2_match_context, FreeMatchContext> limits;
};

Result<Pattern, Exception> Pattern::compile(std::string_view expression, Letters letters) {
  if (expression.size() > kExpressionBytesMax) {
    return Err{RegexError{"Pattern too large", -1}.exception(expression.substr(0, 100))};
  }
  const auto translated = to_pcre2(expression, letters);
  if (!translated) return Err{translated.error()};
  const std::uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_ANCHORED |
                                PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C;

  int error = 0;
  PCRE2_SIZE offset = 0;
  auto compiled = std::make_shared<Compiled>();
  compiled->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated->data()),
                                     translated->size(), options, &error, &offset, nullptr));
  if (!compiled->code) return Err{beyond_pcre2(error, expression)};
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
