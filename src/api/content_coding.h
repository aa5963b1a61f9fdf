// Bodies that come compressed (RFC 9110 section 8.4): gzip, which SDKs send for large requests.
#pragma once

#include <cstddef>

#include "api/http_message.h"
#include "base/result.h"
#include "runtime/operations.h"

namespace pawl::api {

// Replaces the body by what it was before it was compressed. An error when the coding is not gzip,
// the body is damaged, or holds more than `bytes_max`: nothing beyond that is ever unpacked.
Result<void, runtime::ServiceError> decode_content(HttpRequest& request, std::size_t bytes_max);

}  // namespace pawl::api
