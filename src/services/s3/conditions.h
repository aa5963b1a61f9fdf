// Conditional requests (RFC 9110 section 13), as S3 decides them.
#pragma once

#include <optional>
#include <string_view>

#include "services/s3/errors.h"
#include "services/s3/fields.h"
#include "services/s3/record.h"

namespace pawl::s3 {

// Of reads: IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince.
Result<void, ServiceError> check_read(const Fields& fields, const ObjectRecord& record);
// The same with CopySource before their names, where everything that fails is a 412.
Result<void, ServiceError> check_copy_source(const Fields& fields, const ObjectRecord& record);
// Of writes: IfMatch and IfNoneMatch: *. `current` is what stands there, if anything does.
Result<void, ServiceError> check_write(const Fields& fields, std::string_view key,
                                       const std::optional<ObjectRecord>& current);

}  // namespace pawl::s3
