// String functions without patterns (JSONata, "String Functions").
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"
#include "jsonata/letter_case.h"
#include "jsonata/stringify.h"
#include "jsonata/text_encoding.h"
#include "jsonata/text_functions.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

Value string(const Invocation& call) {
  const Value& value = call[0];
  if (value.is_undefined() || value.is_string()) return value;
  if (is_integer_text(value)) return Value::string(value.text());
  const bool indented = call[1].is_boolean() && call[1].truth();
  if (!indented && (value.is_array() || value.is_object()) && !value.has(Value::kBuilt)) {
    // A document's part that was spelled as it would be printed.
    const std::string_view text = std::bit_cast<json::Node>(value).ecmascript_text();
    if (!text.empty()) return Value::string(text);
  }
  std::string text;
  if (!append_string(call.evaluation, value, indented ? Layout::kIndented : Layout::kCompact,
                     text)) {
    return Value::failed();
  }
  return call.evaluation.string(text);
}

Value length(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  return Value::number(static_cast<double>(character_count(call[0].text())));
}

Value substring_of(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  const std::string_view text = call[0].text();
  // From nowhere, as ECMAScript's slice has it: all of the text, or with a length nothing of it.
  const double start = call[1].is_undefined() ? std::nan("") : call[1].to_real();
  if (call[2].is_undefined()) return Value::string(substring(text, start));
  return Value::string(substring(text, start, call[2].to_real()));
}

Value before(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  if (call[1].is_undefined()) return call[0];
  return Value::string(substring_before(call[0].text(), call[1].text()));
}

Value after(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  if (call[1].is_undefined()) return call[0];
  return Value::string(substring_after(call[0].text(), call[1].text()));
}

// ASCII letters' other case is 0x20 away.
template <char first, char last, std::string (*function)(std::string_view)>
Value in_other_case(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  const std::string_view text = call[0].text();
  if (text.empty()) return call[0];
  if (!is_ascii(text)) return call.evaluation.string(function(text));
  if (!call.evaluation.has_room(text.size())) return Value::failed();
  auto* const characters = static_cast<char*>(call.evaluation.arena.allocate(text.size()));
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool changes = text[i] >= first && text[i] <= last;
    characters[i] = static_cast<char>(text[i] ^ (changes ? 0x20 : 0));
  }
  return Value::string({characters, text.size()});
}

// Most texts have nothing to trim.
Value trimmed(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  bool blank_before = true;
  bool is_trim = true;
  for (const char character : call[0].text()) {
    const bool blank =
        character == ' ' || character == '\t' || character == '\n' || character == '\r';
    is_trim &= !blank || (character == ' ' && !blank_before);
    blank_before = blank;
  }
  if (is_trim && (!blank_before || call[0].size() == 0)) return call[0];
  return call.evaluation.string(trim(call[0].text()));
}

template <std::string (*function)(std::string_view)>
Value apply_to_text(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  return call.evaluation.string(function(call[0].text()));
}

// The same for ASCII, of which each byte is a character; nothing for all else.
std::optional<Value> pad_ascii(Evaluation& evaluation, const Value& value, double width,
                               std::string_view padding) {
  constexpr double kWidthMax = 1e6;
  const std::string_view text = value.text();
  const double wanted = std::fabs(width);
  if (!(wanted <= kWidthMax) || padding.size() != 1 || !is_ascii(padding) || !is_ascii(text)) {
    return std::nullopt;
  }
  const auto size = static_cast<std::size_t>(wanted);
  if (size <= text.size()) return value;
  if (!evaluation.has_room(size)) return Value::failed();
  auto* const characters = static_cast<char*>(evaluation.arena.allocate(size));
  const std::size_t missing = size - text.size();
  std::memset(characters + (width > 0 ? text.size() : 0), padding[0], missing);
  std::copy(text.begin(), text.end(), characters + (width > 0 ? 0 : missing));
  return Value::string({characters, size});
}

Value pad_text(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  const double width = call[1].is_undefined() ? 0.0 : call[1].to_real();
  const std::string_view padding =
      call[2].is_undefined() || call[2].size() == 0 ? std::string_view(" ") : call[2].text();
  if (const auto padded = pad_ascii(call.evaluation, call[0], width, padding)) return *padded;
  const double characters = std::isfinite(width) ? std::fabs(width) : 0.0;
  constexpr double kBytesOfCharacterMax = 4.0;
  if (characters > 1e15 ||
      !call.evaluation.has_room(static_cast<std::size_t>(characters * kBytesOfCharacterMax))) {
    call.evaluation.has_room(call.evaluation.scope.budget.bytes_max + 1);
    return Value::failed();
  }
  return call.evaluation.string(pad(call[0].text(), width, padding));
}

// The URL functions fail for text that is not well formed; the message names the function.
template <std::optional<std::string> (*function)(std::string_view)>
Value convert_url(const Invocation& call, std::string_view name) {
  if (call[0].is_undefined()) return call[0];
  const std::optional<std::string> converted = function(call[0].text());
  if (converted) return call.evaluation.string(*converted);
  call.evaluation.fail("D3140", call[0]);
  call.evaluation.mistake.function_name = std::string(name);
  return Value::failed();
}

Value url_encoded(const Invocation& call) { return convert_url<encode_url>(call, "encodeUrl"); }
Value url_component_encoded(const Invocation& call) {
  return convert_url<encode_url_component>(call, "encodeUrlComponent");
}
Value url_decoded(const Invocation& call) { return convert_url<decode_url>(call, "decodeUrl"); }
Value url_component_decoded(const Invocation& call) {
  return convert_url<decode_url_component>(call, "decodeUrlComponent");
}

Value join(const Invocation& call) {
  const Value& texts = call[0];
  if (texts.is_undefined()) return texts;
  const std::string_view separator = call[1].is_undefined() ? std::string_view() : call[1].text();
  std::size_t size = 0;
  for (const Value& text : texts) size += text.size() + separator.size();
  if (size == 0) return Value::string("");
  if (!call.evaluation.has_room(size)) return Value::failed();
  auto* const joined = static_cast<char*>(call.evaluation.arena.allocate(size));
  char* end = joined;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    if (i > 0) end = std::copy(separator.begin(), separator.end(), end);
    const std::string_view text = texts.elements()[i].text();
    end = std::copy(text.begin(), text.end(), end);
  }
  return Value::string({joined, static_cast<std::size_t>(end - joined)});
}

constexpr Native kFunctions[] = {
    {"string", "<x-b?:s>", 1, string},
    {"length", "<s-:n>", 1, length},
    {"substring", "<s-nn?:s>", 3, substring_of},
    {"substringBefore", "<s-s:s>", 2, before},
    {"substringAfter", "<s-s:s>", 2, after},
    {"uppercase", "<s-:s>", 1, in_other_case<'a', 'z', to_uppercase>},
    {"lowercase", "<s-:s>", 1, in_other_case<'A', 'Z', to_lowercase>},
    {"trim", "<s-:s>", 1, trimmed},
    {"pad", "<s-ns?:s>", 3, pad_text},
    {"join", "<a<s>s?:s>", 2, join},
    {"base64encode", "<s-:s>", 1, apply_to_text<base64_encode>},
    {"base64decode", "<s-:s>", 1, apply_to_text<base64_decode>},
    {"encodeUrl", "<s-:s>", 1, url_encoded},
    {"encodeUrlComponent", "<s-:s>", 1, url_component_encoded},
    {"decodeUrl", "<s-:s>", 1, url_decoded},
    {"decodeUrlComponent", "<s-:s>", 1, url_component_decoded},
};

}  // namespace

std::span<const Native> string_functions() { return kFunctions; }

}  // namespace pawl::jsonata
