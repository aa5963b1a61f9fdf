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
#include "functions/peer_user.h"

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
  if (in_world()) {
    return {"/var/task", "/var/runtime", "/opt", "/var/runtime/node_modules",
            "/var/runtime/python"};
  }
  const std::string layers = spec_->layers_directory.empty() ? "/opt" : spec_->layers_directory;
  return {spec_->code_directory, setting_.runtime_directory, layers, setting_.node_modules,
          setting_.python_modules};
}

const InterpreterInWorld* Environment::interpreter() const {
  switch (runtime_family(spec_->runtime).value_or(RuntimeFamily::kProvided)) {
    case RuntimeFamily::kNode:
      return &setting_.node;
    case RuntimeFamily::kPython:
      return &setting_.python;
    case RuntimeFamily::kProvided:
      return nullptr;
  }
  return nullptr;
}

std::vector<std::string> Environment::make_command() const {
  if (!in_world()) return runtime_command(*spec_, places(), setting_.interpreters);
  return runtime_command(*spec_, places(), {setting_.node.program, setting_.python.program});
}

// What pawl-environment makes a function's world of.
void Environment::add_world(std::vector<std::string>& arguments) const {
  arguments.push_back("world=" + setting_.world.directory);
  if (setting_.isolation == IsolationLevel::kUserNamespace) {
    arguments.emplace_back("user_namespace");
  }
  if (user_) arguments.push_back(fmt::format("user={}", user_->id()));
  for (std::string& group : setting_.groups.arguments(id_)) arguments.push_back(std::move(group));
  const auto add = [&](std::string_view target, std::string_view source) {
    arguments.push_back(fmt::format("bind={}={}", target, source));
  };
  for (const auto& [target, source] : setting_.world.binds) add(target, source);
  add("var/task", spec_->code_directory);
  add("var/runtime", setting_.runtime_directory);
  if (!spec_->layers_directory.empty()) add("opt", spec_->layers_directory);
  if (!setting_.node_modules.empty()) add("var/runtime/node_modules", setting_.node_modules);
  if (!setting_.python_modules.empty()) add("var/runtime/python", setting_.python_modules);
  if (const InterpreterInWorld* found = interpreter()) {
    for (const auto& [target, source] : found->binds) add(target, source);
  }
}

Result<void, std::string> Environment::open_descriptors(Program& program) {
  if (make_command().empty()) {
    return Err{fmt::format("no interpreter for {} was found on PATH", spec_->runtime)};
  }
  if (setting_.users != nullptr) {
    user_ = setting_.users->take(spec_->arn);
    if (!user_) return Err{std::string("no user id is free")};
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
  setting_.loop.watch(listener_.get(), EPOLLIN, [this](std::uint32_t) { accept_connection(); });
  return true;
}

// Those who wait now; whoever goes on connecting is not waited for.
void Environment::accept_all() {
  for (int count = 0; count < kListenBacklog && accept_connection(); ++count) {
  }
}

bool Environment::accept_connection() {
  FileDescriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.open()) return false;
  if (connections_.size() >= kConnectionsMax || !is_own(socket)) return true;
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  add_connection(std::move(socket));
  return true;
}

// Every function of this machine can connect to the port; what is said there is for one alone.
bool Environment::is_own(const FileDescriptor& connection) const {
  return !user_ || peer_user(connection.get()) == user_->id();
}

void Environment::add_connection(FileDescriptor socket) {
  RuntimeConnection::Owner& self = *this;
  connections_.push_back(
      std::make_unique<RuntimeConnection>(setting_.loop, std::move(socket), self));
}

Program Environment::make_program() {
  tmp_directory_ = "/tmp";
  if (!in_world()) {
    tmp_directory_ = fmt::format("{}/{}", setting_.tmp_root, id_);
    mkdir(tmp_directory_.c_str(), 0700);
  }
  const Places where = places();
  Program program;
  program.path = setting_.program;
  program.arguments = {"pawl-environment", "directory=" + where.task,
                       fmt::format("tmp_mb={}", spec_->tmp_mb),
                       fmt::format("memory_mb={}", spec_->memory_mb)};
  if (in_world()) add_world(program.arguments);
  program.arguments.emplace_back("--");
  for (std::string& argument : make_command()) program.arguments.push_back(std::move(argument));
  program.environment = environment_variables(
      *spec_, {where, runtime_api_, setting_.endpoint_url, log_stream_, tmp_directory_,
               program.arguments[program.arguments.size() - make_command().size()], credentials_});
  return program;
}

}  // namespace pawl::functions
