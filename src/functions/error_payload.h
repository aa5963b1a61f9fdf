// The error objects and log lines that the Lambda service itself makes, in AWS's words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pawl::functions {

// {"errorType":...,"errorMessage":"RequestId: <id> Error: <message>"}
std::string service_error(std::string_view error_type, std::string_view request_id,
                          std::string_view message);
// "Task timed out after 3.00 seconds"
std::string timeout_message(int timeout_seconds);
std::string timed_out(std::string_view request_id, int timeout_seconds);
// "Runtime exited with error: exit status 1", from a wait status (waitpid).
std::string exit_message(int wait_status);
std::string response_too_large(std::size_t bytes_max);

}  // namespace pawl::functions
