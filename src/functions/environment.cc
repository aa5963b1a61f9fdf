// The life of an environment from its first process to its last; setup and invocations have files
// of their own.
#include "functions/environment.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/utc_text.h"
#include "functions/environment/message.h"
#include "functions/error_payload.h"

namespace pawl::functions {
namespace {

// AWS gives initialisation this long before the function's own timeout begins to run.
constexpr MonotonicMicros kInitMicrosMax = 10'000'000;

std::string log_stream_name(WallMillis now, const std::string& version, const std::string& id) {
  std::string day = iso_time_millis(now).substr(0, 10);
  std::replace(day.begin(), day.end(), '-', '/');
  return fmt::format("{}/[{}]{}", day, version, id);
}

}  // namespace

Environment::Environment(EnvironmentSetting& setting, SharedSpec spec, std::string id, Owner& owner)
    : setting_(setting),
      spec_(std::move(spec)),
      id_(std::move(id)),
      log_stream_(log_stream_name(setting.clock.wall_now(), spec_->version, id_)),
      owner_(owner),
      log_file_(setting.logs.file(spec_->account, spec_->region, spec_->name)),
      lines_(log_file_.line_bytes_max()) {}

Environment::~Environment() {
  disarm_deadline();
  for (const FileDescriptor* fd : {&process_, &control_, &log_pipe_, &listener_}) {
    if (fd->open()) setting_.loop.forget(fd->get());
  }
}

void Environment::start() {
  started_ = monotonic_now();
  // The account's number, where nobody gives out keys: Pawl takes it for one.
  credentials_ = {spec_->account, "pawl", "pawl"};
  if (!setting_.find_credentials) return launch();
  Loop& loop = setting_.loop;
  setting_.find_credentials(spec_, [this, &loop](Credentials credentials) {
    loop.post([this, credentials = std::move(credentials)]() mutable {
      if (!credentials.access_key.empty()) credentials_ = std::move(credentials);
      // Stopped meanwhile.
      if (state_ == State::kEnded) return owner_.on_gone(*this);
      launch();
    });
  });
}

void Environment::launch() {
  Program program;
  const auto opened = open_descriptors(program);
  if (!opened.ok()) {
    end(StartFailure{"Runtime.InvalidEntrypoint", opened.error(), {}});
    setting_.loop.post([this] { owner_.on_gone(*this); });
    return;
  }
  arm_deadline(started_ + kInitMicrosMax + spec_->timeout_seconds * MonotonicMicros{1'000'000});
  Loop& loop = setting_.loop;
  setting_.spawner.start(std::move(program),
                         [this, &loop](int pid) { loop.post([this, pid] { on_spawned(pid); }); });
}

void Environment::on_spawned(int pid) {
  if (pid < 0) {
    end(StartFailure{"Runtime.InvalidEntrypoint",
                     fmt::format("cannot start a process: {}", std::strerror(-pid)),
                     {}});
    owner_.on_gone(*this);
    return;
  }
  watch_process(pid);
}

void Environment::watch_process(int pid) {
  pid_ = pid;
  process_ = FileDescriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  ENSURE(process_.open(), pid, errno);
  setting_.loop.watch(process_.get(), EPOLLIN, [this](std::uint32_t) {
    if (waitpid(pid_, nullptr, WNOHANG) == 0) return;
    setting_.loop.forget(process_.get());
    on_control();  // what it said last
    // Gone without a word: the machine ran out of memory. What runs in it fails, too.
    if (state_ != State::kEnded) fail_exit(SIGKILL);
    owner_.on_gone(*this);
  });
}

void Environment::stop() {
  if (running_) finish({InvocationResult::Kind::kStopped, {}, {}, 0, 0}, "stopped");
  end(std::nullopt);
}

void Environment::end(std::optional<StartFailure> failure) {
  if (state_ == State::kEnded) return;
  if (state_ != State::kStarting) failure.reset();
  state_ = State::kEnded;
  disarm_deadline();
  drain_log();
  // The end of the control socket is the order to kill.
  if (control_.open()) setting_.loop.forget(control_.get());
  control_.reset();
  parked_ = nullptr;
  owner_.on_ended(*this, std::move(failure));
}

void Environment::on_control() {
  environment::Message message{};
  while (control_.open() && recv(control_.get(), &message, sizeof message, MSG_DONTWAIT) ==
                                static_cast<ssize_t>(sizeof message)) {
    switch (message.kind) {
      case environment::kMemory:
        memory_peak_kib_ = std::max<std::int64_t>(memory_peak_kib_, message.value);
        break;
      case environment::kOverMemory:
        over_memory_ = true;
        memory_peak_kib_ = std::int64_t{spec_->memory_mb} * 1024;
        break;
      case environment::kExited:
        return fail_exit(message.value);
      case environment::kFailed:
        message.step[sizeof message.step - 1] = 0;
        return end(StartFailure{"Runtime.InvalidEntrypoint",
                                fmt::format("{} {}: {}", message.step, make_command().front(),
                                            std::strerror(message.value)),
                                {}});
      default:
        break;
    }
  }
}

// The news of a runtime's end may be read before what it said last: an answer, or why it ends.
void Environment::hear_out() {
  runtime_gone_ = true;
  if (listener_.open()) accept_all();
  std::vector<RuntimeConnection*> there;  // one that closes leaves the list, and lives a while
  for (const auto& connection : connections_) there.push_back(connection.get());
  for (RuntimeConnection* connection : there) connection->hear_out();
}

// The runtime has ended by itself or by a signal.
void Environment::fail_exit(int wait_status) {
  hear_out();
  if (state_ == State::kEnded) return;
  const std::string message = exit_message(wait_status);
  drain_log();
  if (running_) {
    const std::string& id = running_->invocation.request_id;
    log(fmt::format("RequestId: {} Error: {}", id, message));
    log("Runtime.ExitError");
    finish({InvocationResult::Kind::kFunctionError,
            service_error("Runtime.ExitError", id, message),
            {},
            0,
            0},
           "error\tError Type: Runtime.ExitError");
  }
  end(start_failure_.value_or(StartFailure{"Runtime.ExitError", message, {}}));
}

void Environment::on_deadline() {
  deadline_.reset();
  const std::string message = timeout_message(spec_->timeout_seconds);
  if (running_) {
    const std::string& id = running_->invocation.request_id;
    drain_log();
    log(fmt::format("{} {} {}", iso_time_millis(setting_.clock.wall_now()), id, message));
    finish(
        {InvocationResult::Kind::kFunctionError, timed_out(id, spec_->timeout_seconds), {}, 0, 0},
        "timeout");
  }
  end(StartFailure{"Sandbox.Timedout", message, {}});
}

void Environment::arm_deadline(MonotonicMicros due) {
  disarm_deadline();
  deadline_ = setting_.loop.at(due, [this] { on_deadline(); });
}

void Environment::disarm_deadline() {
  if (deadline_) setting_.loop.cancel(*deadline_);
  deadline_.reset();
}

}  // namespace pawl::functions
