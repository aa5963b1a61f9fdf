// Passing over a value that nobody looks at: all of it is checked, nothing is built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pawl::json {

// RFC 8259 section 6.
bool is_number(std::string_view text);

// Over the token offsets of `Structure::scan(text)`.
class Skimmer {
 public:
  // Points to a token's offset; the text's size stands behind the last.
  using Token = const std::uint32_t*;

  void start(const char* text, Token last) {
    text_ = text;
    last_ = last;
  }
  // Keeps no more room than this.
  void trim(std::size_t bytes);

  // The token behind the value that begins at `at`, or nullptr where parsing would refuse it. It
  // may nest so deep. Escapes in strings are not looked at: check_escapes().
  Token skim(Token at, std::size_t depth_max);
  // Whether the strings among these tokens hold none but JSON's escapes.
  bool check_escapes(Token first, Token end);

 private:
  Token skim_container(Token at, std::size_t depth_max);

  const char* text_ = nullptr;
  Token last_ = nullptr;
  std::vector<char> around_;  // the brackets that end what is open, but for the innermost
  std::vector<char> plain_;   // where escapes are decoded to, which nobody reads
};

}  // namespace pawl::json
