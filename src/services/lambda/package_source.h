// Where a function's or a layer's package comes from: the request itself, or an object of a bucket.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "functions/code_store.h"
#include "json/value.h"
#include "runtime/operations.h"
#include "services/lambda/errors.h"

namespace pawl::lambda {

// Reads the members ZipFile, S3Bucket, S3Key and S3ObjectVersion of `code` and keeps the package.
// Blocks for as long as the disk and the object service take. `objects` is asked for GetObject;
// without it there are no buckets.
Result<functions::StoredCode, ServiceError> fetch_package(const runtime::Call& call,
                                                          json::Node code,
                                                          functions::CodeStore& codes,
                                                          const runtime::Operations* objects);

}  // namespace pawl::lambda
