// PCRE2 behind our interface.
#include "api/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/ensure.h"

namespace pawl::api {

namespace {
// The patterns of the models need a few steps a character; this ends those that go astray.
constexpr std::uint32_t kMatchStepsMax = 1'000'000;
constexpr std::uint32_t kMatchHeapKibibytesMax = 16 * 1024;
}  // namespace

struct Pattern::Code {
  pcre2_code* code = nullptr;
  pcre2_match_context* context = nullptr;
};

Pattern::Pattern(std::string_view text) : text_(text), code_(std::make_unique<Code>()) {
  int error = 0;
  std::size_t offset = 0;
  code_->code =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                    PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error, &offset, nullptr);
  ENSURE(code_->code != nullptr, text, error, offset);
  code_->context = pcre2_match_context_create(nullptr);
  ENSURE(code_->context != nullptr);
  pcre2_set_match_limit(code_->context, kMatchStepsMax);
  pcre2_set_heap_limit(code_->context, kMatchHeapKibibytesMax);
}

Pattern::~Pattern() {
  pcre2_match_context_free(code_->context);
  pcre2_code_free(code_->code);
}

bool Pattern::matches(std::string_view subject) const {
  pcre2_match_data* match = pcre2_match_data_create(1, nullptr);
  ENSURE(match != nullptr);
  const int found = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(subject.data()),
                                subject.size(), 0, PCRE2_NO_UTF_CHECK, match, code_->context);
  pcre2_match_data_free(match);
  return found >= 0;
}

}  // namespace pawl::api
