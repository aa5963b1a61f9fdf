// What pawl-environment tells the server over the control socket (SOCK_SEQPACKET, one struct a
// message). The server says nothing back: it kills by closing its end.
#pragma once

#include <cstdint>

namespace pawl::functions::environment {

inline constexpr int kRuntimeFd = 3;  // the Runtime API, for our own bootstraps
inline constexpr int kControlFd = 4;

enum MessageKind : std::int32_t {
  kReady = 1,       // a probe: everything asked for is allowed here
  kMemory = 2,      // value: the highest use seen so far, in KiB
  kOverMemory = 3,  // value: the use that broke the limit, in KiB; kExited follows
  kExited = 4,      // value: the runtime's wait status
  kFailed = 5,      // value: errno; `step` says of what
};

struct Message {
  std::int32_t kind;
  std::int32_t value;
  char step[24];
};

// False when the server is gone.
bool report(MessageKind kind, std::int32_t value);
[[noreturn]] void fail(const char* step, int error);
// Looks at the control socket: is its other end still open?
bool server_lives();

}  // namespace pawl::functions::environment
