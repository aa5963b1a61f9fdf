#include "functions/error_payload.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>

#include "json/writer.h"

namespace pawl::functions {
namespace {

std::string error_object(std::string_view error_type, std::string_view message) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("errorType")
      .string(error_type)
      .key("errorMessage")
      .string(message)
      .end_object();
  return text;
}

// Go's names of signals, which AWS prints.
std::string signal_name(int number) {
  switch (number) {
    case SIGHUP:
      return "hangup";
    case SIGINT:
      return "interrupt";
    case SIGQUIT:
      return "quit";
    case SIGILL:
      return "illegal instruction";
    case SIGTRAP:
      return "trace/breakpoint trap";
    case SIGABRT:
      return "aborted";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "floating point exception";
    case SIGKILL:
      return "killed";
    case SIGUSR1:
      return "user defined signal 1";
    case SIGSEGV:
      return "segmentation fault";
    case SIGUSR2:
      return "user defined signal 2";
    case SIGPIPE:
      return "broken pipe";
    case SIGALRM:
      return "alarm clock";
    case SIGTERM:
      return "terminated";
    default:
      return fmt::format("signal {}", number);
  }
}

}  // namespace

std::string service_error(std::string_view error_type, std::string_view request_id,
                          std::string_view message) {
  return error_object(error_type, fmt::format("RequestId: {} Error: {}", request_id, message));
}

std::string timeout_message(int timeout_seconds) {
  return fmt::format("Task timed out after {}.00 seconds", timeout_seconds);
}

std::string timed_out(std::string_view request_id, int timeout_seconds) {
  return service_error("Sandbox.Timedout", request_id, timeout_message(timeout_seconds));
}

std::string exit_message(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return "Runtime exited with error: signal: " + signal_name(WTERMSIG(wait_status));
  }
  if (WEXITSTATUS(wait_status) == 0) return "Runtime exited without providing a reason";
  return fmt::format("Runtime exited with error: exit status {}", WEXITSTATUS(wait_status));
}

std::string response_too_large(std::size_t bytes_max) {
  return error_object(
      "Function.ResponseSizeTooLarge",
      fmt::format("Response payload size exceeded maximum allowed payload size ({} bytes).",
                  bytes_max));
}

}  // namespace pawl::functions
