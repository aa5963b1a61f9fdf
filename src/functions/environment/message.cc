#include "functions/environment/message.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace pawl::functions::environment {
namespace {

bool send_message(const Message& message) {
  return send(kControlFd, &message, sizeof message, MSG_NOSIGNAL) == sizeof message;
}

}  // namespace

bool report(MessageKind kind, std::int32_t value) { return send_message({kind, value, {}}); }

void fail(const char* step, int error) {
  Message message{kFailed, error, {}};
  std::strncpy(message.step, step, sizeof message.step - 1);
  send_message(message);
  _exit(1);
}

bool server_lives() {
  pollfd control{kControlFd, POLLIN, 0};
  return poll(&control, 1, 0) == 0;
}

}  // namespace pawl::functions::environment
