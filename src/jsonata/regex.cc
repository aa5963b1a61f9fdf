#include "jsonata/regex.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "jsonata/number_text.h"
#include "jsonata/regex_syntax.h"
#include "jsonata/text_functions.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

constexpr std::uint32_t kDepthMax = 10'000;
constexpr std::uint32_t kHeapKibibytesMax = 8'192;
constexpr std::size_t kStackBytesMin = 64u << 10;
constexpr std::size_t kStackBytesMax = 32u << 20;
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

struct FreeStack {
  void operator()(pcre2_jit_stack* stack) const { pcre2_jit_stack_free(stack); }
};

// What one match writes to.
struct Scratch {
  std::unique_ptr<pcre2_match_data, FreeMatchData> data;
  std::unique_ptr<pcre2_match_context, FreeMatchContext> limits;
  std::unique_ptr<pcre2_jit_stack, FreeStack> stack;  // once the machine's own was too small
};

std::string message_of(int code) {
  unsigned char message[256] = {};
  pcre2_get_error_message(code, message, sizeof message);
  return reinterpret_cast<const char*>(message);
}

std::uint32_t options_of(std::string_view flags) {
  std::uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY |
                          PCRE2_MATCH_UNSET_BACKREF | PCRE2_ALLOW_EMPTY_CLASS |
                          PCRE2_NEVER_BACKSLASH_C;
  if (flags.find('i') != std::string_view::npos) options |= PCRE2_CASELESS;
  return options;
}

}  // namespace

// ---- The subject.

RegexSubject::RegexSubject(std::string_view text) : text_(text) {
  if (!has_pairs(text)) return;
  units_ = with_surrogates(text);
  text_ = units_;
}

std::string_view RegexSubject::piece(TextRange range) {
  const std::string_view part = text_.substr(range.begin, range.end - range.begin);
  if (is_original()) return part;
  return pieces_.emplace_back(with_whole_characters(part));
}

std::size_t RegexSubject::utf16_index(std::size_t offset) const {
  return utf16_offset(text_, offset);
}

// ---- The expression.

struct Regex::Compiled {
  std::unique_ptr<pcre2_code, FreeCode> code;
  // One match's scratch, kept for the next: whoever takes it leaves nothing behind meanwhile.
  mutable std::atomic<Scratch*> spare = nullptr;

  ~Compiled() { delete spare.load(); }

  std::unique_ptr<Scratch> take_scratch() const {
    if (Scratch* kept = spare.exchange(nullptr)) return std::unique_ptr<Scratch>(kept);
    auto scratch = std::make_unique<Scratch>();
    scratch->data.reset(pcre2_match_data_create_from_pattern(code.get(), nullptr));
    scratch->limits.reset(pcre2_match_context_create(nullptr));
    pcre2_set_depth_limit(scratch->limits.get(), kDepthMax);
    pcre2_set_heap_limit(scratch->limits.get(), kHeapKibibytesMax);
    return scratch;
  }
  void put_back(std::unique_ptr<Scratch> scratch) const {
    delete spare.exchange(scratch.release());
  }

  // What pcre2_match answers.
  int match(Scratch& scratch, std::string_view text, std::size_t from,
            std::uint32_t steps_max) const {
    pcre2_set_match_limit(scratch.limits.get(), steps_max);
    const auto run = [&] {
      return pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                         PCRE2_NO_UTF_CHECK, scratch.data.get(), scratch.limits.get());
    };
    const int result = run();
    if (result != PCRE2_ERROR_JIT_STACKLIMIT || scratch.stack != nullptr) return result;
    scratch.stack.reset(pcre2_jit_stack_create(kStackBytesMin, kStackBytesMax, nullptr));
    pcre2_jit_stack_assign(scratch.limits.get(), nullptr, scratch.stack.get());
    return run();
  }
};

Result<Regex, std::string> Regex::compile(std::string_view body, std::string_view flags) {
  if (body.size() > kExpressionBytesMax) return Err{std::string("Regular expression too large")};
  const auto has = [flags](char flag) { return flags.find(flag) != std::string_view::npos; };
  const std::string pattern =
      TRY(to_pcre2(body, has('i') ? Letters::kEitherCase : Letters::kAsWritten,
                   has('m') ? Lines::kMany : Lines::kOne));

  const std::unique_ptr<pcre2_compile_context, FreeCompileContext> context(
      pcre2_compile_context_create(nullptr));
  pcre2_set_compile_extra_options(context.get(), PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES);
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto compiled = std::make_shared<Compiled>();
  compiled->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                     options_of(flags), &error, &offset, context.get()));
  if (compiled->code == nullptr) return Err{message_of(error)};
  pcre2_jit_compile(compiled->code.get(),
                    PCRE2_JIT_COMPLETE);  // where it fails, matching is slower
  return Regex(std::move(compiled));
}

namespace {

// The whole match of a search that succeeded; D1004 when it is empty, U1001 when it gave up.
Result<std::optional<TextRange>, Failure> whole_match(int result, const PCRE2_SIZE* offsets) {
  if (result == PCRE2_ERROR_NOMATCH) return std::optional<TextRange>();
  if (result < 0) return Err{Failure{"U1001"}};
  // \K, which could put the begin behind the end, does not pass the translation.
  if (offsets[0] == offsets[1]) return Err{Failure{"D1004"}};
  return std::optional(TextRange{offsets[0], offsets[1]});
}

}  // namespace

Result<std::optional<RegexMatch>, Failure> Regex::find(const RegexSubject& subject,
                                                       std::size_t from,
                                                       std::uint32_t steps_max) const {
  auto scratch = compiled_->take_scratch();
  const int result = compiled_->match(*scratch, subject.text(), from, steps_max);
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(scratch->data.get());
  const auto whole = TRY(whole_match(result, offsets));
  std::optional<RegexMatch> match;
  if (whole) {
    match.emplace().whole = *whole;
    const std::size_t count = pcre2_get_ovector_count(scratch->data.get());
    match->groups.resize(count - 1);
    for (std::size_t group = 1; group < count; ++group) {
      if (offsets[2 * group] == PCRE2_UNSET) continue;
      match->groups[group - 1] = TextRange{offsets[2 * group], offsets[2 * group + 1]};
    }
  }
  compiled_->put_back(std::move(scratch));
  return match;
}

Result<bool, Failure> Regex::contained_in(std::string_view text, std::uint32_t steps_max) const {
  const RegexSubject subject(text);
  auto scratch = compiled_->take_scratch();
  const int result = compiled_->match(*scratch, subject.text(), 0, steps_max);
  const auto whole = TRY(whole_match(result, pcre2_get_ovector_pointer(scratch->data.get())));
  compiled_->put_back(std::move(scratch));
  return whole.has_value();
}

Result<std::vector<TextRange>, Failure> Regex::split(const RegexSubject& subject,
                                                     std::optional<double> limit,
                                                     std::uint32_t steps_max) const {
  std::vector<TextRange> parts;
  std::size_t begin = 0;
  const auto wanted = [&] { return !limit || static_cast<double>(parts.size()) < *limit; };
  while (wanted()) {
    const auto match = TRY(find(subject, begin, steps_max));
    if (!match) {
      parts.push_back({begin, subject.text().size()});
      break;
    }
    parts.push_back({begin, match->whole.begin});
    begin = match->whole.end;
  }
  return parts;
}

namespace {

// How much of `digits`, at most as many as the number of groups has, names a group.
std::size_t group_digits(std::string_view digits, std::size_t groups) {
  std::size_t size = 0;
  const std::size_t size_max = groups == 0 ? 1 : std::to_string(groups).size();
  while (size < size_max && size < digits.size() && digits[size] >= '0' && digits[size] <= '9') {
    ++size;
  }
  if (size > 1 && size == size_max &&
      parse_integer_prefix(digits.substr(0, size)) > static_cast<double>(groups)) {
    --size;
  }
  return size;
}

// `$$` is a dollar, `$0` the match, `$11` the eleventh group, or where there is none the first and
// "1"; a dollar before anything else is itself.
void append_replacement(std::string_view replacement, std::string_view text,
                        const RegexMatch& match, std::string& out) {
  const auto append = [&](TextRange range) {
    out += text.substr(range.begin, range.end - range.begin);
  };
  while (!replacement.empty()) {
    const std::size_t dollar = std::min(replacement.find('$'), replacement.size());
    out += replacement.substr(0, dollar);
    if (dollar == replacement.size()) return;
    replacement.remove_prefix(dollar + 1);
    if (replacement.starts_with('$')) {
      out += '$';
      replacement.remove_prefix(1);
    } else if (replacement.starts_with('0')) {
      append(match.whole);
      replacement.remove_prefix(1);
    } else if (const std::size_t size = group_digits(replacement, match.groups.size()); size > 0) {
      const double number = parse_integer_prefix(replacement.substr(0, size));
      replacement.remove_prefix(size);
      const auto index = static_cast<std::size_t>(number) - 1;
      if (index < match.groups.size() && match.groups[index]) append(*match.groups[index]);
    } else {
      out += '$';
    }
  }
}

}  // namespace

Result<std::string, Failure> Regex::replace(std::string_view text, std::string_view replacement,
                                            std::optional<double> limit,
                                            std::uint32_t steps_max) const {
  const RegexSubject subject(text);
  std::string out;
  std::size_t begin = 0;
  for (double count = 0; !limit || count < *limit; ++count) {
    const auto match = TRY(find(subject, begin, steps_max));
    if (!match) break;
    out += subject.text().substr(begin, match->whole.begin - begin);
    append_replacement(replacement, subject.text(), *match, out);
    begin = match->whole.end;
  }
  out += subject.text().substr(begin);
  return subject.is_original() ? out : with_whole_characters(out);
}

}  // namespace pawl::jsonata
