// Where a template's address points to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl::cloudformation {

struct ObjectPlace {
  std::string bucket, key;
};

// `https://bucket.s3.region.amazonaws.com/key`, `https://s3.amazonaws.com/bucket/key`,
// `http://127.0.0.1:4566/bucket/key`, `s3://bucket/key`.
std::optional<ObjectPlace> parse_object_url(std::string_view url);

}  // namespace pawl::cloudformation
