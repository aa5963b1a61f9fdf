// Stage one of parsing: where tokens begin. Wraps simdjson's first stage, which also checks that
// the text is UTF-8, that quotes are balanced and that strings hold no control characters.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace pawl::json {

// Reusable; not thread-safe.
class Structure {
 public:
  Structure();
  ~Structure();
  Structure(const Structure&) = delete;
  Structure& operator=(const Structure&) = delete;

  // The byte offset of every bracket, comma and colon outside strings, of every opening quote and
  // of every other token's first byte, in order, and after the last one the text's size. Empty when
  // the text is blank or unsound. Valid until the next scan.
  std::span<const std::uint32_t> scan(std::string_view text);

 private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
};

// Texts from here on are refused: offsets are 32 bits wide.
inline constexpr std::size_t kTextBytesMax = 0xFFFF'0000;

}  // namespace pawl::json
