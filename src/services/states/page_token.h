// nextToken: opaque to clients, a position and a digest of the request's other parameters to us. A
// token of other parameters, or one that is not ours, is `Invalid Token: 'Invalid token'` (A1.7).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/operations.h"
#include "services/states/fields.h"

namespace pawl::states {

std::string make_page_token(std::string_view position, std::string_view parameters);
// The position inside the input's `nextToken`; empty without one.
Result<std::string, runtime::ServiceError> read_page_token(const Fields& fields,
                                                           std::string_view parameters);
// `maxResults`: 0 or absent is 100 (A1.7).
std::size_t page_size(const Fields& fields);

}  // namespace pawl::states
