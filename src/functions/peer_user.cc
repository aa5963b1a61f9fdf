#include "functions/peer_user.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "base/file_descriptor.h"

namespace pawl::functions {
namespace {

struct Request {
  nlmsghdr header;
  inet_diag_req_v2 body;
};

// The connection as its other end has it: from there to here.
std::optional<Request> make_request(int connection) {
  sockaddr_in ours{};
  sockaddr_in theirs{};
  socklen_t size = sizeof ours;
  if (getsockname(connection, reinterpret_cast<sockaddr*>(&ours), &size) != 0) return std::nullopt;
  size = sizeof theirs;
  if (getpeername(connection, reinterpret_cast<sockaddr*>(&theirs), &size) != 0) {
    return std::nullopt;
  }
  Request request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.body.sdiag_family = AF_INET;
  request.body.sdiag_protocol = IPPROTO_TCP;
  request.body.idiag_states = ~0u;
  request.body.id.idiag_sport = theirs.sin_port;
  request.body.id.idiag_dport = ours.sin_port;
  request.body.id.idiag_src[0] = theirs.sin_addr.s_addr;
  request.body.id.idiag_dst[0] = ours.sin_addr.s_addr;
  request.body.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  request.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return request;
}

}  // namespace

std::optional<std::uint32_t> peer_user(int connection) {
  const auto request = make_request(connection);
  const FileDescriptor kernel(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!request || !kernel.open()) return std::nullopt;
  if (send(kernel.get(), &*request, sizeof *request, 0) != sizeof *request) return std::nullopt;
  alignas(nlmsghdr) std::array<char, 8192> answer{};
  // The kernel has answered before send() returned.
  const ssize_t length = recv(kernel.get(), answer.data(), answer.size(), MSG_DONTWAIT);
  const std::size_t wanted = NLMSG_LENGTH(sizeof(inet_diag_msg));
  if (length < static_cast<ssize_t>(wanted)) return std::nullopt;
  nlmsghdr header{};
  std::memcpy(&header, answer.data(), sizeof header);
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) return std::nullopt;
  inet_diag_msg found{};
  std::memcpy(&found, answer.data() + NLMSG_HDRLEN, sizeof found);
  return found.idiag_uid;
}

}  // namespace pawl::functions
