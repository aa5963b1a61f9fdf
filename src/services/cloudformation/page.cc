#include "services/cloudformation/page.h"

#include "base/hex.h"

namespace pawl::cloudformation {

std::string make_token(std::string_view key) { return encode_hex(key); }

std::string read_token(std::string_view token) {
  return decode_hex(token).value_or(std::string(token));
}

}  // namespace pawl::cloudformation
