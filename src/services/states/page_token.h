// nextToken: opaque to clients; to us a position, when it was given out, and a digest of the
// request's other parameters. A token of other parameters, one that is older than 24 hours, or one
// that is not ours, is `Invalid Token: 'Invalid token'` (A1.7).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "runtime/operations.h"
#include "services/states/fields.h"

namespace pawl::states {

// `now` is the engine's time, of both.
std::string make_page_token(std::string_view position, std::string_view parameters, WallMillis now);
// The position inside the input's `nextToken`; empty without one.
Result<std::string, runtime::ServiceError> read_page_token(const Fields& fields,
                                                           std::string_view parameters,
                                                           WallMillis now);
// `maxResults`: 0 or absent is 100 (A1.7).
std::size_t page_size(const Fields& fields);

}  // namespace pawl::states
