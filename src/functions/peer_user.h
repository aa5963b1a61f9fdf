// Who is at the other end of a connection from this machine.
#pragma once

#include <cstdint>
#include <optional>

namespace pawl::functions {

// The user of the process that opened an accepted IPv4 connection over loopback, asked of the
// kernel (sock_diag(7)). Nothing where it does not say.
std::optional<std::uint32_t> peer_user(int connection);

}  // namespace pawl::functions
