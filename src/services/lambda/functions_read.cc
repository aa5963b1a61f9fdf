// Functions: describe and list. Lists are in the order of names; a page's marker is the last one.
#include <fmt/format.h>

#include <algorithm>

#include "services/lambda/fields.h"
#include "services/lambda/service.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;
using Found = Result<Configuration, ServiceError>;

constexpr std::int64_t kPageDefault = 50;
constexpr std::int64_t kPageMax = 50;

// The version that `name` says: by number, by alias, or $LATEST.
Found find_configuration(const Reader& reader, const FunctionName& name) {
  const auto missing = [&] { return Err{function_not_found(name.qualified_arn())}; };
  const auto function = reader.function(name.key());
  if (!function) return missing();
  if (name.qualifier.empty() || name.qualifier == kLatest) return function->latest;
  std::string version = name.qualifier;
  if (!is_version_number(version)) {
    const auto alias = reader.alias(name.key(), name.qualifier);
    if (!alias) return missing();
    version = alias->version;
  }
  if (version == kLatest) return function->latest;
  auto found = reader.version(name.key(), version);
  if (!found) return missing();
  return std::move(*found);
}

Result<FunctionName, ServiceError> name_in(const runtime::Call& call) {
  const Node input = call.input.root();
  return parse_function_name(call.principal, TRY(required_text(input, "FunctionName")),
                             text_member(input, "Qualifier").value_or(""));
}

std::size_t page_size(Node input) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(
      integer_member(input, "MaxItems").value_or(kPageDefault), 1, kPageMax));
}

}  // namespace

runtime::OperationResult Service::get_function_configuration(const Call& call) {
  const FunctionName name = TRY(name_in(call));
  Configuration found = TRY(find_configuration(Reader(catalog_.catalog()), name));
  unseal(key_, found);
  return Value::trusted(configuration_text(found, name.qualifier));
}

runtime::OperationResult Service::get_function(const Call& call) {
  const FunctionName name = TRY(name_in(call));
  const Reader reader(catalog_.catalog());
  Configuration found = TRY(find_configuration(reader, name));
  unseal(key_, found);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Configuration");
  write_configuration(out, found, name.qualifier);
  out.key("Code").begin_object().key("RepositoryType").string("S3");
  out.key("Location").string(download_url(found.code_sha256)).end_object();
  const auto record = reader.function(name.key());
  if (record && !record->tags.empty()) {
    out.key("Tags").begin_object();
    for (const auto& [key, value] : record->tags) out.key(key).string(value);
    out.end_object();
  }
  if (record && record->reserved_concurrency) {
    out.key("Concurrency").begin_object().key("ReservedConcurrentExecutions");
    out.integer(*record->reserved_concurrency).end_object();
  }
  out.end_object();
  return Value::trusted(std::move(text));
}

runtime::OperationResult Service::list_functions(const Call& call) {
  const Node input = call.input.root();
  const std::string prefix = call.principal.account + "/" + call.principal.region + "/";
  const std::size_t count = page_size(input);
  const bool all = text_member(input, "FunctionVersion") == "ALL";
  const auto records = catalog_.catalog().list(
      kFunctionTable, prefix + text_member(input, "Marker").value_or(""), count + 1);
  std::string text;
  std::string last;
  std::size_t shown = 0;
  json::Writer out(text);
  out.begin_object().key("Functions").begin_array();
  for (const auto& [key, encoded] : records) {
    if (!key.starts_with(prefix) || shown == count) break;
    FunctionRecord record = decode_function(encoded);
    unseal(key_, record.latest);
    write_configuration(out, record.latest, all ? kLatest : std::string_view());
    for (std::int64_t number = 1; all && number <= record.versions; ++number) {
      const std::string version = std::to_string(number);
      auto found = Reader(catalog_.catalog()).version(key, version);
      if (found) unseal(key_, *found);
      if (found) write_configuration(out, *found, version);
    }
    last = record.latest.function.name;
    ++shown;
  }
  out.end_array();
  const bool more = shown < records.size() && records[shown].first.starts_with(prefix);
  if (more) out.key("NextMarker").string(last);
  out.end_object();
  return Value::trusted(std::move(text));
}

runtime::OperationResult Service::list_versions(const Call& call) {
  const Node input = call.input.root();
  const FunctionName name = TRY(name_in(call));
  auto function = Reader(catalog_.catalog()).function(name.key());
  if (!function) return Err{function_not_found(name.arn())};
  unseal(key_, function->latest);
  const std::size_t count = page_size(input);
  const std::string prefix = name.key() + ":";
  const std::string marker = text_member(input, "Marker").value_or("");
  std::size_t shown = 0;
  std::string last = marker;
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Versions").begin_array();
  if (marker.empty()) {
    write_configuration(out, function->latest, kLatest);
    last = "0";
    ++shown;
  }
  const auto records =
      catalog_.catalog().list(kVersionTable, version_key(name.key(), last), count - shown + 1);
  std::size_t taken = 0;
  for (const auto& [key, encoded] : records) {
    if (!key.starts_with(prefix) || shown == count) break;
    Configuration version = decode_configuration(encoded);
    unseal(key_, version);
    write_configuration(out, version, version.version);
    last = version.version;
    ++shown;
    ++taken;
  }
  out.end_array();
  const bool more = taken < records.size() && records[taken].first.starts_with(prefix);
  if (more) out.key("NextMarker").string(last);
  out.end_object();
  return Value::trusted(std::move(text));
}

runtime::OperationResult Service::get_account_settings(const Call& call) {
  std::int64_t functions = 0;
  std::int64_t bytes = 0;
  const std::string prefix = call.principal.account + "/" + call.principal.region + "/";
  catalog_.catalog().for_each(kFunctionTable,
                              [&](const std::string& key, const std::string& record) {
                                if (!key.starts_with(prefix)) return;
                                ++functions;
                                bytes += decode_function(record).latest.code_bytes;
                              });
  return Value::trusted(
      fmt::format(R"({{"AccountLimit":{{"TotalCodeSize":80530636800,"CodeSizeUnzipped":262144000,)"
                  R"("CodeSizeZipped":52428800,"ConcurrentExecutions":1000,)"
                  R"("UnreservedConcurrentExecutions":1000}},)"
                  R"("AccountUsage":{{"TotalCodeSize":{},"FunctionCount":{}}}}})",
                  bytes, functions));
}

}  // namespace pawl::lambda
