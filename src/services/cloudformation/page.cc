#include "services/cloudformation/page.h"

namespace pawl::cloudformation {

std::string make_token(std::string_view key) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string token;
  for (const char byte : key) {
    token += kHex[static_cast<unsigned char>(byte) >> 4];
    token += kHex[static_cast<unsigned char>(byte) & 15];
  }
  return token;
}

std::string read_token(std::string_view token) {
  const auto digit = [](char byte) { return byte <= '9' ? byte - '0' : byte - 'a' + 10; };
  std::string key;
  for (std::size_t i = 0; i + 1 < token.size(); i += 2) {
    key.push_back(static_cast<char>((digit(token[i]) << 4 | digit(token[i + 1])) & 0xFF));
  }
  return key;
}

}  // namespace pawl::cloudformation
