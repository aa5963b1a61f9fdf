// What is said of a bucket's and an object's access where nothing else is: the owner may do all.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"
#include "services/s3/bucket.h"

namespace pawl::s3 {

json::Value owners_access(std::string_view account);

// What a new bucket has, as S3's have since 2023.
void add_defaults(Bucket& bucket);

}  // namespace pawl::s3
