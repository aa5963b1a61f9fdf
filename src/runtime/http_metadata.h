// What an optimized integration shows of the HTTP answer of a service elsewhere. Such a service
// stands in runtime::Operations under a second name, "sqs" and kWithHttp, which answers the same
// and in the member kHttpMember {"status", "contentType", "contentLength", "requestId", "headers"}.
#pragma once

#include <string_view>

namespace pawl::runtime {

inline constexpr std::string_view kWithHttp = "+http";
inline constexpr std::string_view kHttpMember = "pawl:http";

// ServiceError::members: the code of services whose protocol was AWS query once ("AWS.Simple...").
inline constexpr std::string_view kQueryErrorCode = "pawl:queryErrorCode";

}  // namespace pawl::runtime
