// The catalog's tables of this service. A record is one JSON object.
//
//   lambda.function  <account>/<region>/<name>            FunctionRecord
//   lambda.version   <function's key>:<number, 10 digits>  Configuration
//   lambda.alias     <function's key>:<alias>              AliasRecord
//   lambda.policy    <function's key>[:<qualifier>]        the policy's statements, by Sid
//   lambda.event     <request id>                          an event that waits (event_queue.h)
//   lambda.event-configuration  <function's key>[:<qualifier>]  as it is shown
//   lambda.url  <function's key>[:<alias>]                 the URL's configuration and id
//   lambda.url-id  <id>                                   no JSON: that key
//   lambda.event-source  <account>/<region>/<uuid>         a mapping, as it is shown
//   lambda.layer     <account>/<region>/<name>:<number>    LayerRecord (layers.h)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/catalog.h"
#include "services/lambda/configuration.h"

namespace pawl::lambda {

inline constexpr std::string_view kFunctionTable = "lambda.function";
inline constexpr std::string_view kVersionTable = "lambda.version";
inline constexpr std::string_view kAliasTable = "lambda.alias";
inline constexpr std::string_view kPolicyTable = "lambda.policy";
inline constexpr std::string_view kEventTable = "lambda.event";
inline constexpr std::string_view kEventConfigurationTable = "lambda.event-configuration";
inline constexpr std::string_view kUrlTable = "lambda.url";
inline constexpr std::string_view kUrlIdTable = "lambda.url-id";
inline constexpr std::string_view kEventSourceTable = "lambda.event-source";

struct FunctionRecord {
  Configuration latest;
  std::int64_t versions = 0;       // published ever: numbers are never used again
  std::string published_revision;  // of $LATEST when the last version was published
  std::vector<std::pair<std::string, std::string>> tags;
  std::optional<std::int64_t> reserved_concurrency;
};

struct AliasRecord {
  std::string name;
  std::string version;
  std::string description;
  std::string revision_id;
  std::string second_version;  // empty: all to `version`
  double second_weight = 0;
};

std::string encode(const FunctionRecord& record);
std::string encode(const AliasRecord& record);
FunctionRecord decode_function(std::string_view record);
AliasRecord decode_alias(std::string_view record);

std::string version_key(const std::string& function_key, std::string_view version);
std::string alias_key(const std::string& function_key, std::string_view alias);

// Keys of a function's versions, aliases or policies in `table`.
std::vector<std::string> keys_of(const runtime::Catalog::View& view, std::string_view table,
                                 const std::string& function_key);

// Either a live catalog or the view inside an update.
class Reader {
 public:
  explicit Reader(const runtime::Catalog& catalog) : catalog_(&catalog) {}
  explicit Reader(const runtime::Catalog::View& view) : view_(&view) {}

  std::optional<FunctionRecord> function(const std::string& key) const;
  std::optional<Configuration> version(const std::string& key, std::string_view version) const;
  std::optional<AliasRecord> alias(const std::string& key, std::string_view alias) const;
  std::optional<std::string> get(std::string_view table, const std::string& key) const;

 private:
  const runtime::Catalog* catalog_ = nullptr;
  const runtime::Catalog::View* view_ = nullptr;
};

}  // namespace pawl::lambda
