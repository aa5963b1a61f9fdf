#include "services/lambda/records.h"

#include <fmt/format.h>

#include "json/number.h"
#include "services/lambda/fields.h"

namespace pawl::lambda {

using json::Node;
using runtime::Catalog;

std::string encode(const FunctionRecord& record) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Latest").raw(encode(record.latest));
  out.key("Versions").integer(record.versions);
  out.key("PublishedRevision").string(record.published_revision);
  out.key("Tags").begin_object();
  for (const auto& [key, value] : record.tags) out.key(key).string(value);
  out.end_object();
  if (record.reserved_concurrency) {
    out.key("ReservedConcurrency").integer(*record.reserved_concurrency);
  }
  out.end_object();
  return text;
}

std::string encode(const AliasRecord& record) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("Name")
      .string(record.name)
      .key("Version")
      .string(record.version)
      .key("Description")
      .string(record.description)
      .key("RevisionId")
      .string(record.revision_id)
      .key("SecondVersion")
      .string(record.second_version)
      .key("SecondWeight")
      .real(record.second_weight)
      .end_object();
  return text;
}

FunctionRecord decode_function(std::string_view record) {
  const json::Value value = json::Value::trusted(std::string(record));
  const Node root = value.root();
  FunctionRecord function;
  const Node* latest = member(root, "Latest");
  ENSURE(latest != nullptr, record);
  function.latest = decode_configuration(json::print(*latest));
  function.versions = integer_member(root, "Versions").value_or(0);
  function.published_revision = text_member(root, "PublishedRevision").value_or("");
  function.tags = text_map(root, "Tags");
  function.reserved_concurrency = integer_member(root, "ReservedConcurrency");
  return function;
}

AliasRecord decode_alias(std::string_view record) {
  const json::Value value = json::Value::trusted(std::string(record));
  const Node root = value.root();
  const auto text = [&](const char* name) { return text_member(root, name).value_or(""); };
  const Node* weight = member(root, "SecondWeight");
  return {text("Name"),          text("Version"),
          text("Description"),   text("RevisionId"),
          text("SecondVersion"), weight == nullptr ? 0 : json::to_double(weight->number_text())};
}

// Numbers of one length sort as numbers.
std::string version_key(const std::string& function_key, std::string_view version) {
  return fmt::format("{}:{:0>10}", function_key, version);
}

std::string alias_key(const std::string& function_key, std::string_view alias) {
  return fmt::format("{}:{}", function_key, alias);
}

std::vector<std::string> keys_of(const Catalog::View& view, std::string_view table,
                                 const std::string& function_key) {
  std::vector<std::string> keys;
  const Catalog::Table& records = view.table(table);
  const std::string prefix = function_key + ":";
  for (auto record = records.lower_bound(prefix);
       record != records.end() && record->first.starts_with(prefix); ++record) {
    keys.push_back(record->first);
  }
  return keys;
}

std::optional<std::string> Reader::get(std::string_view table, const std::string& key) const {
  if (catalog_ != nullptr) return catalog_->get(table, key);
  const std::string* record = view_->find(table, key);
  return record == nullptr ? std::nullopt : std::optional(*record);
}

std::optional<FunctionRecord> Reader::function(const std::string& key) const {
  const auto record = get(kFunctionTable, key);
  if (!record) return std::nullopt;
  return decode_function(*record);
}

std::optional<Configuration> Reader::version(const std::string& key,
                                             std::string_view version) const {
  const auto record = get(kVersionTable, version_key(key, version));
  if (!record) return std::nullopt;
  return decode_configuration(*record);
}

std::optional<AliasRecord> Reader::alias(const std::string& key, std::string_view alias) const {
  const auto record = get(kAliasTable, alias_key(key, alias));
  if (!record) return std::nullopt;
  return decode_alias(*record);
}

}  // namespace pawl::lambda
