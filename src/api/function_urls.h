// Function URLs: requests that are for a function itself. They are told by their host
// ("ID.lambda-url.REGION.localhost") or, where no resolver knows such names, by their path
// ("/_pawl/function-urls/ID/..."); everything else of them is the function's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/http_message.h"
#include "api/url.h"
#include "json/value.h"
#include "runtime/operations.h"

namespace pawl::api {

// In runtime::Operations.
inline constexpr std::string_view kFunctionUrlService = "function-urls";
inline constexpr std::string_view kFunctionUrlRequest = "Request";

struct FunctionUrl {
  std::string id;
  std::string path;  // as sent, still encoded; begins with '/'
};

std::optional<FunctionUrl> function_url_of(const HttpRequest& request, const Target& target);

// Who signed the request; or why that is not known.
using FunctionUrlCaller = Result<runtime::Principal, std::string>;

// What the service is asked with, beside the body. Header fields and parameters that are no UTF-8
// are taken for Latin-1, as HTTP/1.1 once had it.
json::Value function_url_input(const FunctionUrl& url, const HttpRequest& request,
                               const Target& target, const std::vector<QueryParameter>& query,
                               const FunctionUrlCaller& caller);

// The service's answer as the response. Fields that would not be HTTP are left out.
HttpResponse function_url_response(Result<runtime::StreamedOutput, runtime::ServiceError> result,
                                   std::string request_id);

}  // namespace pawl::api
