// Layers: packages that are put under a function's /opt. A version is immutable, and a function
// that uses it keeps it when it is deleted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "runtime/catalog.h"
#include "services/lambda/configuration.h"
#include "services/lambda/errors.h"

namespace pawl::lambda {

inline constexpr std::string_view kLayerTable = "lambda.layer";
// How many versions a layer has ever had: numbers are never used again.
inline constexpr std::string_view kLayerCountTable = "lambda.layer-count";

struct LayerRecord {
  std::string arn;  // with its version
  std::int64_t version = 0;
  std::string description;
  std::string license;
  std::string runtimes = "[]";  // JSON arrays, as given
  std::string architectures = "[]";
  std::string code_sha256;
  std::string code_sha256_base64;
  std::int64_t code_bytes = 0;
  WallMillis created = 0;
};

LayerRecord decode_layer(std::string_view record);

// The member Layers of a request, if there is one, as what the function uses from now on.
Result<void, ServiceError> use_layers(const runtime::Catalog::View& view, json::Node input,
                                      Configuration& configuration);

}  // namespace pawl::lambda
