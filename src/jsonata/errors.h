// The one table of messages, in jsonata-js's words, and how their gaps are filled.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "jsonata/expression.h"
#include "jsonata/failure.h"

namespace pawl::jsonata {

// A mistake while it travels: what its message will name. Gaps hold JSON texts.
struct Mistake {
  std::string code;
  std::optional<std::string> token;
  std::optional<std::uint32_t> position;  // byte of the expression's text
  std::optional<std::string> value;
  std::optional<std::string> value2;
  std::optional<std::string> exponent;       // of D3061
  std::optional<std::string> type;           // of T0412
  std::optional<std::string> function_name;  // of D3140, plain text
  std::optional<std::string> message;        // of D3137, D3141 and what has no code, plain text
  int index = 0;                             // of T0410 ... T0412, from 1
};

// A Mistake in a box, for functions that recurse: their frames stay small.
class Refusal {
 public:
  Refusal(Mistake mistake) : mistake_(std::make_unique<Mistake>(std::move(mistake))) {}
  Mistake& mistake() { return *mistake_; }
  Mistake take() && { return std::move(*mistake_); }

 private:
  std::unique_ptr<Mistake> mistake_;
};

// The text as a JSON string, as JSON.stringify has it: the digits of escapes are small letters.
std::string json_text(std::string_view text);
void append_json_text(std::string_view text, std::string& out);

// The template of a code; empty for a code that is not ours.
std::string_view message_template(std::string_view code);

// `text` is the expression, which the position counts in.
Error to_error(const Mistake& mistake, std::string_view text);

// What a pure function of the library says.
Mistake to_mistake(const Failure& failure);

}  // namespace pawl::jsonata
