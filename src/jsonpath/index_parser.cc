#include "jsonpath/index_parser.h"

#include "base/ascii.h"

namespace pawl::jsonpath {
namespace {

class IndexParser {
 public:
  IndexParser(std::string_view fragment, std::size_t at) : fragment_(fragment), at_(at) {}

  Result<Step, Exception> parse() {
    const bool from_length = current() == '@';
    if (from_length) {
      TRY(parse_length_function());
    } else {
      TRY(parse_numbers());
    }
    if (!buffer_.empty()) TRY(take_number());
    Step step;
    step.kind = kind(from_length);
    step.numbers = std::move(numbers_);
    return step;
  }

 private:
  char current() const { return fragment_[at_]; }

  Result<void, Exception> advance() {
    if (++at_ < fragment_.size()) return {};
    return Err{java::no_char_at(fragment_, static_cast<std::ptrdiff_t>(at_))};
  }

  Result<void, Exception> take_number() {
    numbers_.push_back(TRY(java::parse_int(buffer_)));
    buffer_.clear();
    return {};
  }

  // `@.length - 1)`: blanks and parentheses do not count, up to the minus.
  Result<void, Exception> parse_length_function() {
    TRY(advance());
    TRY(advance());
    while (current() != '-') {
      if (current() != ' ' && current() != '(' && current() != ')') buffer_ += current();
      TRY(advance());
    }
    if (buffer_ != "size" && buffer_ != "length") {
      return Err{java::invalid_path("Invalid function: @." + buffer_ +
                                    ". Supported functions are: [(@.length - n)] and "
                                    "[(@.size() - n)]")};
    }
    buffer_.clear();
    while (current() != ')') {
      if (current() != ' ') buffer_ += current();
      TRY(advance());
    }
    return {};
  }

  // Numbers, commas and colons, until something else comes. Behind a slice one more character is
  // skipped whatever it is; that is how a step (`[1:5:2]`) passes and does nothing.
  Result<void, Exception> parse_numbers() {
    while (is_digit(current()) || current() == ',' || current() == ' ' || current() == ':' ||
           current() == '-') {
      if (current() == ':') {
        TRY(parse_slice());
      } else if (current() == ',') {
        TRY(take_number());
        sequence_ = true;
      } else if (current() != ' ') {
        buffer_ += current();
      }
      if (current() == ']') break;
      TRY(advance());
    }
    return {};
  }

  Result<void, Exception> parse_slice() {
    const bool tail = buffer_.empty();
    if (!tail) TRY(take_number());
    TRY(advance());
    while (is_digit(current()) || current() == ' ' || current() == '-') {
      if (current() != ' ') buffer_ += current();
      TRY(advance());
    }
    if (!tail && buffer_.empty()) {
      slice_from_ = true;
      return {};
    }
    (tail ? slice_to_ : slice_between_) = true;
    return take_number();
  }

  Step::Kind kind(bool from_length) const {
    if (numbers_.size() == 1 && !slice_to_ && !slice_from_ && !from_length) {
      return Step::Kind::kIndex;
    }
    if (sequence_) return Step::Kind::kIndexes;
    if (slice_from_) return Step::Kind::kSliceFrom;
    if (slice_to_) return Step::Kind::kSliceTo;
    if (slice_between_) return Step::Kind::kSliceBetween;
    ENSURE(from_length, fragment_);
    return Step::Kind::kFromLength;
  }

  std::string_view fragment_;
  std::size_t at_;
  std::string buffer_;
  std::vector<std::int32_t> numbers_;
  bool sequence_ = false;
  bool slice_from_ = false;
  bool slice_to_ = false;
  bool slice_between_ = false;
};

}  // namespace

Result<Step, Exception> parse_indexes(std::string_view fragment, std::size_t at) {
  return IndexParser(fragment, at).parse();
}

}  // namespace pawl::jsonpath
