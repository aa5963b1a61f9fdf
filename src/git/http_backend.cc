#include "git/http_backend.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace pawl::git {

namespace {

constexpr std::size_t kHeadersMax = 16'384;

GitError failed(const std::string& what, int error) {
  return {GitError::Kind::kFailed, what + ": " + std::strerror(error)};
}

std::vector<std::string> environment_of(const HttpBackendRequest& request, std::size_t body_bytes) {
  std::vector<std::string> environment{
      "GIT_HTTP_EXPORT_ALL=1", "GIT_PROJECT_ROOT=" + request.repository,
      "PATH_INFO=" + request.path, "REQUEST_METHOD=" + request.method,
      "QUERY_STRING=" + request.query, "CONTENT_TYPE=" + request.content_type,
      "CONTENT_LENGTH=" + std::to_string(body_bytes),
      "HTTP_CONTENT_ENCODING=" + request.content_encoding, "GIT_PROTOCOL=" + request.protocol,
      // Nobody's settings but the repository's own.
      "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
      // Repositories may belong to who ran Pawl before.
      "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
      "PATH=" + std::string(std::getenv("PATH") ? std::getenv("PATH") : "/usr/bin:/bin")};
  if (!request.user.empty()) environment.push_back("REMOTE_USER=" + request.user);
  return environment;
}

class SpawnSettings {
 public:
  SpawnSettings(int body, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, body, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    sigset_t reset;
    sigemptyset(&reset);
    sigaddset(&reset, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &reset);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

GitResult<pid_t> spawn(const std::vector<std::string>& environment, int body, int output) {
  const SpawnSettings settings(body, output);
  std::vector<char*> variables;
  for (const std::string& variable : environment) {
    variables.push_back(const_cast<char*>(variable.c_str()));
  }
  variables.push_back(nullptr);
  std::array<char*, 3> arguments{const_cast<char*>("git"), const_cast<char*>("http-backend"),
                                 nullptr};
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, "git", settings.actions(), settings.attributes(),
                                 arguments.data(), variables.data());
  if (error != 0) return Err{failed("git cannot be started", error)};
  return pid;
}

// Waits for its end; after `patience` it and what it started are killed.
GitResult<void> wait_for(pid_t pid, std::chrono::seconds patience) {
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  pollfd ended{process, POLLIN, 0};
  const bool late =
      process < 0 || ::poll(&ended, 1, static_cast<int>(patience.count() * 1'000)) == 0;
  if (late) ::kill(-pid, SIGKILL);
  if (process >= 0) ::close(process);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (late) return Err{GitError{GitError::Kind::kFailed, "git took too long"}};
  return {};
}

}  // namespace

GitResult<HttpBackendAnswer> parse_cgi_headers(std::string_view output) {
  HttpBackendAnswer answer;
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = output.find("\r\n", at);
    if (end == std::string_view::npos) {
      return Err{GitError{GitError::Kind::kFailed, "git answered without headers"}};
    }
    const std::string_view line = output.substr(at, end - at);
    at = end + 2;
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) {
      return Err{GitError{GitError::Kind::kFailed, "git answered a malformed header"}};
    }
    const std::string name(line.substr(0, colon));
    const std::string value(line.substr(colon + 2));
    if (name == "Status") {
      answer.status = std::atoi(value.c_str());
    } else {
      answer.headers.emplace_back(name, value);
    }
  }
  answer.body_offset = at;
  return answer;
}

GitResult<HttpBackendAnswer> run_http_backend(const HttpBackendRequest& request, int body,
                                              int output, std::chrono::seconds patience) {
  struct stat facts{};
  if (::fstat(body, &facts) != 0 || ::lseek(body, 0, SEEK_SET) != 0) {
    return Err{failed("the request's body cannot be read", errno)};
  }
  const pid_t pid =
      TRY(spawn(environment_of(request, static_cast<std::size_t>(facts.st_size)), body, output));
  TRY(wait_for(pid, patience));
  std::string head(kHeadersMax, '\0');
  const ssize_t count = ::pread(output, head.data(), head.size(), 0);
  if (count < 0) return Err{failed("git's answer cannot be read", errno)};
  return parse_cgi_headers(std::string_view(head).substr(0, static_cast<std::size_t>(count)));
}

}  // namespace pawl::git
