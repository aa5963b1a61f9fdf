// What a path compiles to. Internal to the layer: path.h is the door.
//
// The steps are Jayway's path tokens one by one, because its odd answers follow from what each
// token does and from which token comes next.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jsonpath/decimal.h"
#include "jsonpath/java.h"
#include "jsonpath/pattern.h"

namespace pawl::jsonpath {

struct CompiledPath;
struct Filter;

struct Step {
  enum class Kind : std::uint8_t {
    kRoot,          // $
    kProperty,      // .name ['name']
    kProperties,    // ['a', 'b']; also [''] gone wrong: no name at all
    kIndex,         // [3]
    kIndexes,       // [0,3]
    kFromLength,    // [(@.length-1)]
    kSliceFrom,     // [2:]
    kSliceTo,       // [:2]
    kSliceBetween,  // [2:4]
    kWildcard,      // * [*]
    kScan,          // ..
    kFilter,        // [?( )]
    kPlaceholders,  // [?] [?,?]: filters that nobody supplied
  };

  Kind kind = Kind::kRoot;
  // Whether a missing member on the way is an error. Jayway calls it "upstream definite", and asks
  // the step before and all steps from there to the end.
  bool missing_is_error = true;
  // Whether only names and single indexes follow, at least one: locate() can go on from here.
  bool plain_behind = false;
  // Where the evaluator remembers at which place it last found `name`; kNoHint: nowhere.
  std::uint8_t hint = 0;
  std::string name;                   // kProperty
  std::vector<std::string> names;     // kProperties
  std::vector<std::size_t> distinct;  // places in `names` where a name stands for the first time
  std::vector<std::int32_t> numbers;  // indexes, bounds; kPlaceholders: how many
  std::shared_ptr<const Filter> filter;

  bool definite() const {
    return kind == Kind::kRoot || kind == Kind::kProperty || kind == Kind::kProperties ||
           kind == Kind::kIndex || kind == Kind::kFromLength;
  }
  bool plain() const {
    return kind == Kind::kProperty || kind == Kind::kIndex || kind == Kind::kFromLength;
  }
  bool takes_arrays() const {
    return kind == Kind::kIndex || kind == Kind::kIndexes || kind == Kind::kFromLength ||
           kind == Kind::kSliceFrom || kind == Kind::kSliceTo || kind == Kind::kSliceBetween;
  }
};

inline constexpr std::size_t kHintCount = 16;
inline constexpr std::uint8_t kNoHint = kHintCount;

struct CompiledPath {
  std::string text;  // as given
  std::vector<Step> steps;
  bool definite = true;
  // Begins with `$`, not with the `@` of a filter.
  bool from_document = true;
  // How many different `$` paths its filters compare with.
  std::size_t document_paths = 0;
};

// One side of a comparison.
struct Operand {
  enum class Kind { kNothing, kText, kPath, kPattern };

  Kind kind = Kind::kNothing;
  std::string text;  // of kText and kPattern, without quotes or slashes
  // kText as comparisons with texts take it: where there is a quote, \' stands for one.
  std::string unescaped;
  // kText as a number, or why it is none.
  std::optional<Result<Decimal, NumberFormatError>> number;
  std::shared_ptr<const CompiledPath> path;  // always definite
  std::size_t document_path = 0;             // number of a `$` path, for the evaluator's cache
  std::optional<Pattern> pattern;
};

enum class Operator { kExists, kIsAbsent, kEq, kNe, kLt, kLe, kGt, kGe, kMatches };

struct Criterion {
  Operand left;
  Operator op = Operator::kExists;
  Operand right;
};

// Holds when all criteria of one of the alternatives hold. Everything is evaluated in this order,
// which is from right to left in the text.
struct Filter {
  std::vector<std::vector<Criterion>> alternatives;
};

// Every \' made a '.
std::string unescape_quotes(std::string_view text);

// "['a', 'b']", "[0]", "[?]": the step as Jayway writes it in messages. The error: Jayway fails to.
Result<std::string, Exception> fragment_of(const Step& step);

}  // namespace pawl::jsonpath
