// Descriptors and command line of an environment's first process.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "functions/environment.h"
#include "functions/environment_variables.h"

namespace pawl::functions {
namespace {

constexpr int kListenBacklog = 8;
// Connections of one environment: a runtime needs one, its extensions a few more.
constexpr std::size_t kConnectionsMax = 16;

struct Pair {
  FileDescriptor ours;
  FileDescriptor theirs;
};

// Only our end is non-blocking: that flag belongs to each end by itself.
Result<Pair, std::string> socket_pair(int type) {
  int fds[2];
  if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) != 0) {
    return Err{std::string(std::strerror(errno))};
  }
  Pair pair{FileDescriptor(fds[0]), FileDescriptor(fds[1])};
  fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return pair;
}

Result<Pair, std::string> log_pipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return Err{std::string(std::strerror(errno))};
  Pair pair{FileDescriptor(fds[0]), FileDescriptor(fds[1])};
  fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return pair;
}

}  // namespace

Places Environment::places() const {
  if (setting_.namespaces) return {"/var/task", "/var/runtime"};
  return {spec_->code_directory, setting_.runtime_directory};
}

std::vector<std::string> Environment::make_command() const {
  return runtime_command(*spec_, places(), setting_.interpreters);
}

Result<void, std::string> Environment::open_descriptors(Program& program) {
  if (make_command().empty()) {
    return Err{fmt::format("no interpreter for {} was found on PATH", spec_->runtime)};
  }
  Pair runtime = TRY(socket_pair(SOCK_STREAM));
  Pair control = TRY(socket_pair(SOCK_SEQPACKET));
  Pair output = TRY(log_pipe());
  FileDescriptor null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  FileDescriptor standard_error(fcntl(output.theirs.get(), F_DUPFD_CLOEXEC, 0));
  if (!null.open() || !standard_error.open() || !open_listener()) {
    return Err{std::string(std::strerror(errno))};
  }
  program = make_program();
  for (FileDescriptor* fd :
       {&null, &output.theirs, &standard_error, &runtime.theirs, &control.theirs}) {
    program.descriptors.push_back(std::move(*fd));
  }
  log_pipe_ = std::move(output.ours);
  control_ = std::move(control.ours);
  setting_.loop.watch(log_pipe_.get(), EPOLLIN, [this](std::uint32_t) { on_log(); });
  setting_.loop.watch(control_.get(), EPOLLIN, [this](std::uint32_t) { on_control(); });
  add_connection(std::move(runtime.ours));
  return {};
}

// The Runtime API over TCP, for `provided` runtimes: a port of this environment's own.
bool Environment::open_listener() {
  listener_ = FileDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (!listener_.open() || bind(listener_.get(), generic, size) != 0 ||
      listen(listener_.get(), kListenBacklog) != 0 ||
      getsockname(listener_.get(), generic, &size) != 0) {
    return false;
  }
  runtime_api_ = fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
  setting_.loop.watch(listener_.get(), EPOLLIN, [this](std::uint32_t) {
    FileDescriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.open() || connections_.size() >= kConnectionsMax) return;
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    add_connection(std::move(socket));
  });
  return true;
}

void Environment::add_connection(FileDescriptor socket) {
  RuntimeConnection::Owner& self = *this;
  connections_.push_back(
      std::make_unique<RuntimeConnection>(setting_.loop, std::move(socket), self));
}

Program Environment::make_program() {
  tmp_directory_ = "/tmp";
  if (!setting_.namespaces) {
    tmp_directory_ = fmt::format("{}/{}", setting_.tmp_root, id_);
    mkdir(tmp_directory_.c_str(), 0700);
  }
  const Places where = places();
  Program program;
  program.path = setting_.program;
  program.arguments = {"pawl-environment",
                       "code=" + spec_->code_directory,
                       "runtime=" + setting_.runtime_directory,
                       "directory=" + where.task,
                       fmt::format("tmp_mb={}", spec_->tmp_mb),
                       fmt::format("memory_mb={}", spec_->memory_mb)};
  if (setting_.namespaces) program.arguments.emplace_back("namespaces");
  program.arguments.emplace_back("--");
  for (std::string& argument : make_command()) program.arguments.push_back(std::move(argument));
  program.environment = environment_variables(
      *spec_, {where, runtime_api_, setting_.endpoint_url, log_stream_, tmp_directory_,
               program.arguments[program.arguments.size() - make_command().size()]});
  return program;
}

}  // namespace pawl::functions
