// Fn::Cidr. Addresses of both versions are 128 bits here, those of version 4 the lowest 32.
#include <arpa/inet.h>
#include <fmt/format.h>

#include "json/number.h"
#include "templates/evaluate.h"

namespace pawl::templates {

namespace {

__extension__ using Address = unsigned __int128;

struct Block {
  int family;
  int width;
  Address first;
  std::int64_t prefix;
};

std::optional<Block> parse_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string address(text.substr(0, slash));
  const auto prefix = json::to_int64(text.substr(slash + 1));
  const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  const int width = family == AF_INET ? 32 : 128;
  unsigned char bytes[16] = {};
  if (!prefix || *prefix < 0 || *prefix > width || inet_pton(family, address.c_str(), bytes) != 1) {
    return std::nullopt;
  }
  Block block{family, width, 0, *prefix};
  for (int i = 0; i < width / 8; ++i) block.first = (block.first << 8) | bytes[i];
  const auto host_bits = static_cast<unsigned>(width - static_cast<int>(*prefix));
  block.first = host_bits >= 128 ? 0 : (block.first >> host_bits) << host_bits;
  return block;
}

std::string printed(const Block& block, Address address, std::int64_t prefix) {
  unsigned char bytes[16] = {};
  for (int i = block.width / 8 - 1; i >= 0; --i) {
    bytes[i] = static_cast<unsigned char>(address & 0xFF);
    address >>= 8;
  }
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(block.family, bytes, text, sizeof text);
  return fmt::format("{}/{}", text, prefix);
}

}  // namespace

Result<std::vector<std::string>, std::string> subnets_of(std::string_view text, std::int64_t count,
                                                         std::int64_t bits) {
  constexpr std::int64_t kCountMax = 256;
  const auto block = parse_block(text);
  if (!block) return Err{fmt::format("ipBlock '{}' is not a CIDR block", text)};
  if (count < 1 || count > kCountMax) {
    return Err{fmt::format("count {} is not between 1 and {}", count, kCountMax)};
  }
  if (bits < 1 || bits > block->width - block->prefix || bits >= 128) {
    return Err{fmt::format("cidrBits {} do not fit into '{}'", bits, text)};
  }
  const Address size = static_cast<Address>(1) << static_cast<unsigned>(bits);
  const auto room = block->width - block->prefix - bits;
  if (room < 9 && count > (std::int64_t{1} << room)) {
    return Err{fmt::format("'{}' has no room for {} subnets", text, count)};
  }
  std::vector<std::string> subnets;
  for (std::int64_t i = 0; i < count; ++i) {
    subnets.push_back(
        printed(*block, block->first + static_cast<Address>(i) * size, block->width - bits));
  }
  return subnets;
}

}  // namespace pawl::templates
