#include "jsonata/regex.h"

#include <algorithm>
#include <atomic>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "jsonata/regex_syntax.h"
#include "jsonata/text_functions.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

constexpr std::uint32_t kDepthMax = 10'000;
constexpr std::uint32_t kHeapKibibytesMax = 8'192;
constexpr std::size_t kStackBytesMin = 64u << 10;
constexpr std::size_t kStackBytesMax = 32u << 20;
// When machine code pays: after so many bytes of text, a match itself counting for some.
constexpr std::size_t kFastBytesMin = 4'096;
constexpr std::size_t kBytesPerMatch = 128;
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
  std::uint32_t steps_max = 0;                        // what `limits` says
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
  return pieces_.emplace_front(with_whole_characters(part));
}

std::size_t RegexSubject::utf16_index(std::size_t offset) const {
  return utf16_offset(text_, offset);
}

// ---- The expression.

namespace {

using Code = std::unique_ptr<pcre2_code, FreeCode>;

Result<Code, std::string> compile_pattern(std::string_view pattern, std::uint32_t options) {
  const std::unique_ptr<pcre2_compile_context, FreeCompileContext> context(
      pcre2_compile_context_create(nullptr));
  pcre2_set_compile_extra_options(context.get(), PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES);
  int error = 0;
  PCRE2_SIZE offset = 0;
  Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options,
                          &error, &offset, context.get()));
  if (code == nullptr) return Err{message_of(error)};
  return code;
}

// Whether PCRE2 takes all that the translation lets pass: it refuses only lookbehinds of no fixed
// length, and what is too deep or too large for it.
bool is_sure_to_compile(std::string_view body) {
  constexpr std::size_t kBytesMax = 1'000;
  constexpr std::ptrdiff_t kGroupsMax = 100;
  constexpr std::size_t kCopiesMax = 100;
  if (body.size() > kBytesMax || body.find("(?<") != std::string_view::npos) return false;
  if (std::count(body.begin(), body.end(), '(') > kGroupsMax) return false;
  std::size_t copies = 1;
  for (std::size_t at = body.find('{'); at < body.size(); at = body.find('{', at + 1)) {
    std::size_t largest = 1;
    for (std::size_t value = 0, i = at + 1; i < body.size() && body[i] != '}'; ++i) {
      value = body[i] >= '0' && body[i] <= '9' && value <= kCopiesMax
                  ? value * 10 + static_cast<std::size_t>(body[i] - '0')
                  : 0;
      largest = std::max(largest, value);
    }
    copies *= largest;
    if (copies > kCopiesMax) return false;
  }
  return true;
}

}  // namespace

struct Regex::Compiled {
  std::string source;  // as it was written
  std::string pattern;
  std::uint32_t options = 0;
  // Made at the first match where that cannot fail: most of the time that compiling takes.
  mutable std::atomic<pcre2_code*> made = nullptr;
  // The same as machine code, which is made when there is enough to match: it takes longer than
  // all the rest of compiling an expression.
  mutable std::atomic<pcre2_code*> fast = nullptr;
  mutable std::atomic<bool> is_machine_code = false;
  mutable std::atomic<std::size_t> bytes_matched = 0;
  // One match's scratch, kept for the next: whoever takes it leaves nothing behind meanwhile.
  mutable std::atomic<Scratch*> spare = nullptr;

  ~Compiled() {
    delete spare.load();
    pcre2_code_free(fast.load());
    pcre2_code_free(made.load());
  }

  // nullptr: PCRE2 refuses the pattern.
  const pcre2_code* code() const {
    if (const pcre2_code* known = made.load(std::memory_order_acquire)) return known;
    auto compiled = compile_pattern(pattern, options);
    if (!compiled.ok()) return nullptr;
    pcre2_code* none = nullptr;
    if (made.compare_exchange_strong(none, compiled->get(), std::memory_order_acq_rel)) {
      return compiled->release();
    }
    return none;  // another thread's
  }

  // The code to match the text with, when there is no machine code: this may make it.
  const pcre2_code* code_for(std::string_view text) const {
    const pcre2_code* const slow = code();
    const std::size_t bytes = text.size() + kBytesPerMatch;
    if (bytes_matched.fetch_add(bytes, std::memory_order_relaxed) + bytes < kFastBytesMin) {
      return slow;
    }
    Code copy(pcre2_code_copy(slow));
    if (copy == nullptr) return slow;
    // Where it fails, matching is slower.
    if (pcre2_jit_compile(copy.get(), PCRE2_JIT_COMPLETE) == 0) {
      is_machine_code.store(true, std::memory_order_relaxed);
    }
    pcre2_code* none = nullptr;
    if (fast.compare_exchange_strong(none, copy.get(), std::memory_order_acq_rel)) {
      return copy.release();
    }
    return none;  // another thread's
  }

  std::unique_ptr<Scratch> take_scratch() const {
    if (Scratch* kept = spare.exchange(nullptr)) return std::unique_ptr<Scratch>(kept);
    auto scratch = std::make_unique<Scratch>();
    scratch->data.reset(code() != nullptr ? pcre2_match_data_create_from_pattern(code(), nullptr)
                                          : pcre2_match_data_create(1, nullptr));
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
    if (scratch.steps_max != steps_max) {
      pcre2_set_match_limit(scratch.limits.get(), steps_max);
      scratch.steps_max = steps_max;
    }
    const pcre2_code* const machine = fast.load(std::memory_order_acquire);
    const pcre2_code* const chosen = machine != nullptr ? machine : code_for(text);
    if (chosen == nullptr) return PCRE2_ERROR_MATCHLIMIT;
    const auto* const subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    const auto run = [&] {
      // The same without checks of arguments, where there is machine code.
      return machine != nullptr && is_machine_code.load(std::memory_order_relaxed)
                 ? pcre2_jit_match(chosen, subject, text.size(), from, 0, scratch.data.get(),
                                   scratch.limits.get())
                 : pcre2_match(chosen, subject, text.size(), from, PCRE2_NO_UTF_CHECK,
                               scratch.data.get(), scratch.limits.get());
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
  std::string pattern = TRY(to_pcre2(body, has('i') ? Letters::kEitherCase : Letters::kAsWritten,
                                     has('m') ? Lines::kMany : Lines::kOne));
  auto compiled = std::make_shared<Compiled>();
  compiled->source = body;
  compiled->pattern = std::move(pattern);
  compiled->options = options_of(flags);
  if (!is_sure_to_compile(body)) {
    compiled->made = TRY(compile_pattern(compiled->pattern, compiled->options)).release();
  }
  return Regex(std::move(compiled));
}

// One match after the other in one text; what it writes to is borrowed for as long.
class Regex::Search {
 public:
  Search(const Compiled& compiled, std::string_view text, std::uint32_t steps_max)
      : compiled_(compiled),
        text_(text),
        steps_max_(steps_max),
        scratch_(compiled.take_scratch()) {}
  ~Search() { compiled_.put_back(std::move(scratch_)); }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  // Whether there is a match, which whole() and groups() then tell.
  Result<bool, Failure> find() { return find_from(0); }
  // The same for the one behind `from`, where the last one ended: one of no characters would be
  // found for ever.
  Result<bool, Failure> find_next(std::size_t from) {
    if (from >= text_.size() || !TRY(find_from(from))) return false;
    // \K, which could put the begin behind the end, does not pass the translation.
    if (offsets()[0] == offsets()[1]) return Err{Failure{"D1004", compiled_.source}};
    return true;
  }

  TextRange whole() const { return {offsets()[0], offsets()[1]}; }
  std::size_t group_count() const { return pcre2_get_ovector_count(scratch_->data.get()) - 1; }
  // The group of that number, from 1.
  std::optional<TextRange> group(std::size_t number) const {
    const PCRE2_SIZE* pair = offsets() + 2 * number;
    if (pair[0] == PCRE2_UNSET) return std::nullopt;
    return TextRange{pair[0], pair[1]};
  }
  RegexMatch match() const {
    RegexMatch match{whole(), {}};
    match.groups.reserve(group_count());
    for (std::size_t number = 1; number <= group_count(); ++number) {
      match.groups.push_back(group(number));
    }
    return match;
  }
  std::string_view text(TextRange range) const {
    return text_.substr(range.begin, range.end - range.begin);
  }

  // `$$` is a dollar, `$0` the match, `$11` the eleventh group, or where there is none the first
  // and "1"; a dollar before anything else is itself.
  void append_replacement(std::string_view replacement, std::string& out) const {
    while (!replacement.empty()) {
      const std::size_t dollar = std::min(replacement.find('$'), replacement.size());
      out += replacement.substr(0, dollar);
      if (dollar == replacement.size()) return;
      replacement.remove_prefix(dollar + 1);
      const char next = replacement.empty() ? '\0' : replacement.front();
      if (next == '$' || next == '0') {
        out += next == '$' ? "$" : text(whole());
        replacement.remove_prefix(1);
      } else if (next >= '1' && next <= '9') {
        const GroupNumber number = read_number(replacement);
        replacement.remove_prefix(number.digits);
        if (number.value <= group_count()) out += text(group(number.value).value_or(TextRange{}));
      } else {
        out += '$';
      }
    }
  }

 private:
  struct GroupNumber {
    std::size_t value = 0;
    std::size_t digits = 0;
  };

  // As many digits as the number of groups has, one less when that is no group.
  GroupNumber read_number(std::string_view digits) const {
    GroupNumber number;
    for (std::size_t power = 1; power == 1 || power <= group_count(); power *= 10) {
      if (number.digits == digits.size()) break;
      const char digit = digits[number.digits];
      if (digit < '0' || digit > '9') break;
      const std::size_t longer = number.value * 10 + static_cast<std::size_t>(digit - '0');
      if (power > 1 && power * 10 > group_count() && longer > group_count()) break;
      number = {longer, number.digits + 1};
    }
    return number;
  }

  Result<bool, Failure> find_from(std::size_t from) {
    const int result = compiled_.match(*scratch_, text_, from, steps_max_);
    if (result == PCRE2_ERROR_NOMATCH) return false;
    if (result < 0) return Err{Failure{"U1001"}};
    return true;
  }

  const PCRE2_SIZE* offsets() const { return pcre2_get_ovector_pointer(scratch_->data.get()); }

  const Compiled& compiled_;
  std::string_view text_;
  std::uint32_t steps_max_;
  std::unique_ptr<Scratch> scratch_;
};

Result<std::optional<RegexMatch>, Failure> Regex::find(const RegexSubject& subject,
                                                       std::uint32_t steps_max) const {
  Search search(*compiled_, subject.text(), steps_max);
  if (!TRY(search.find())) return std::optional<RegexMatch>();
  return std::optional(search.match());
}

Result<std::optional<RegexMatch>, Failure> Regex::find_next(const RegexSubject& subject,
                                                            std::size_t from,
                                                            std::uint32_t steps_max) const {
  Search search(*compiled_, subject.text(), steps_max);
  if (!TRY(search.find_next(from))) return std::optional<RegexMatch>();
  return std::optional(search.match());
}

Result<bool, Failure> Regex::contained_in(std::string_view text, std::uint32_t steps_max) const {
  const RegexSubject subject(text);
  return Search(*compiled_, subject.text(), steps_max).find();
}

// The next match is looked for before the limit is: it may be refused even so.
Result<std::vector<TextRange>, Failure> Regex::split(const RegexSubject& subject,
                                                     std::optional<double> limit,
                                                     std::uint32_t steps_max) const {
  std::vector<TextRange> parts;
  if (limit && !(*limit > 0)) return parts;
  Search search(*compiled_, subject.text(), steps_max);
  const auto wants_more = [&] { return !limit || static_cast<double>(parts.size()) < *limit; };
  std::size_t begin = 0;
  bool found = TRY(search.find());
  while (found && wants_more()) {
    parts.push_back({begin, search.whole().begin});
    begin = search.whole().end;
    found = TRY(search.find_next(begin));
  }
  if (wants_more()) parts.push_back({begin, subject.text().size()});
  return parts;
}

Result<std::string, Failure> Regex::replace(std::string_view text, std::string_view replacement,
                                            std::optional<double> limit,
                                            std::uint32_t steps_max) const {
  if (limit && !(*limit > 0)) return std::string(text);
  const RegexSubject subject(text);
  std::string out;
  std::size_t begin = 0;
  Search search(*compiled_, subject.text(), steps_max);
  bool found = TRY(search.find());
  for (double count = 0; found && (!limit || count < *limit); ++count) {
    out += search.text({begin, search.whole().begin});
    search.append_replacement(replacement, out);
    begin = search.whole().end;
    found = TRY(search.find_next(begin));
  }
  out += subject.text().substr(begin);
  return subject.is_original() ? out : with_whole_characters(out);
}

}  // namespace pawl::jsonata
