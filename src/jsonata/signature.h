// Function signatures, `<s-n?:s>` (JSONata, "Function Signature Syntax").
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jsonata/errors.h"

namespace pawl::jsonata {

struct Value;
struct Evaluation;

// The types an argument may have, as bits.
using Types = std::uint16_t;
inline constexpr Types kArrayType = 1, kStringType = 2, kNumberType = 4, kBooleanType = 8,
                       kNullType = 16, kFunctionType = 32, kObjectType = 64, kMissingType = 128;

Types type_of(const Value& value);

class Signature {
 public:
  // S0401, S0402; the position is that within `text`, which begins with `<` and must outlive it.
  static Result<Signature, Mistake> compile(std::string_view text);

  // Checks the arguments and appends to `checked` what the function gets: the context where a
  // missing argument allows for it, arrays of one where arrays are wanted. False: T0410 ... T0412
  // is the evaluation's mistake.
  bool check(Evaluation& evaluation, std::span<const Value> arguments, const Value& context,
             std::vector<Value>& checked) const;
  // The same in place, for what most calls are: each parameter has its argument, or is optional and
  // has none. The `given` arguments stand at the front of `arguments`, where there is room for all
  // parameters, and undefined behind them.
  enum class Fit { kFits, kNeedsCheck, kFailed };
  Fit fit(Evaluation& evaluation, std::span<Value> arguments, std::size_t given) const;
  std::size_t parameter_count() const { return parameters_.size(); }

 private:
  struct Parameter {
    Types types = 0;
    bool array = false;     // of type `a`: others become arrays of one
    bool context = false;   // `-`
    bool optional = false;  // `?` or `-`
    bool repeated = false;  // `+`
    Types element = 0;      // of `a<...>`
    char element_symbol = 0;
    bool element_named = false;  // one symbol and no more: a<a<n>> has no word for its items
  };
  // How many arguments each parameter takes; false when they do not fit.
  bool match(std::span<const Types> types, std::size_t parameter, std::size_t argument,
             std::span<std::uint32_t> taken) const;
  // How many arguments the first parameters take together; nothing when they do not fit.
  std::optional<std::size_t> match_first(std::size_t parameter_count, std::span<const Types> types,
                                         std::size_t parameter, std::size_t argument) const;
  std::size_t fits_until(std::span<const Types> types) const;
  bool check_elements(Evaluation& evaluation, const Parameter& parameter, const Value& argument,
                      std::size_t index) const;

  std::vector<Parameter> parameters_;
};

}  // namespace pawl::jsonata
