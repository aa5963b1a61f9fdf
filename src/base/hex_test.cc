#include "base/hex.h"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(Hex, IsReadAsItWasWritten) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(encode_hex({"\x00\x09\xAF\xff", 4}), "0009afff");
  EXPECT_EQ(decode_hex(encode_hex(all)), all);
  EXPECT_EQ(decode_hex("aFAf"), "\xAF\xAF");
  EXPECT_EQ(decode_hex(""), "");
}

TEST(Hex, RefusesWhatIsNone) {
  for (const char* text : {"a", "0g", "g0", " 0", "0x", "00 ", "/0", ":0", "@0", "`0"}) {
    EXPECT_EQ(decode_hex(text), std::nullopt) << text;
  }
}

TEST(Hex, WritesUuids) {
  EXPECT_EQ(uuid_text("\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef"),
            "01234567-89ab-cdef-0123-456789abcdef");
}

}  // namespace
}  // namespace pawl
