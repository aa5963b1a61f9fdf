#include "templates/serverless_parts.h"

#include <fmt/format.h>

#include <vector>

#include "templates/intrinsic.h"

namespace pawl::templates {

namespace {

using json::Node;
using json::Writer;

struct Location {
  std::string bucket, key;
};

std::optional<Location> parse_s3_uri(std::string_view uri) {
  if (!uri.starts_with("s3://")) return std::nullopt;
  uri.remove_prefix(5);
  const std::size_t slash = uri.find('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  return Location{std::string(uri.substr(0, slash)), std::string(uri.substr(slash + 1))};
}

}  // namespace

Node member_of(Node object, std::string_view name) {
  const Node* found = object.find(name);
  return found != nullptr ? *found : Node();
}

Node merged_globals(json::Arena& arena, Node global, Node local) {
  if (local.is_null()) return global;
  if (global.is_null() || intrinsic_of(global) || intrinsic_of(local)) return local;
  if (global.is_array() && local.is_array()) {
    std::vector<Node> elements(global.begin(), global.end());
    elements.insert(elements.end(), local.begin(), local.end());
    return arena.array(elements);
  }
  if (!global.is_object() || !local.is_object()) return local;
  json::ObjectBuilder out(arena);
  for (const json::Member& member : global.members()) out.set(member.key.string(), member.value);
  for (const json::Member& member : local.members()) {
    const Node* other = global.find(member.key.string());
    out.set(member.key.string(),
            other != nullptr ? merged_globals(arena, *other, member.value) : member.value);
  }
  return out.finish();
}

Written write_place(Writer& out, Node uri, const PlaceNames& names, std::string_view property) {
  if (uri.is_string()) {
    const auto place = parse_s3_uri(uri.string());
    if (!place) {
      return Err{fmt::format(
          "'{}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query "
          "parameter.",
          property)};
    }
    out.begin_object().key(names.bucket).string(place->bucket);
    out.key(names.key).string(place->key).end_object();
    return {};
  }
  const Node* bucket = uri.find("Bucket");
  const Node* key = uri.find("Key");
  if (bucket == nullptr || key == nullptr) {
    return Err{fmt::format("'{}' requires Bucket and Key properties to be specified.", property)};
  }
  out.begin_object().key(names.bucket).node(*bucket).key(names.key).node(*key);
  if (const Node* version = uri.find("Version")) out.key(names.version).node(*version);
  out.end_object();
  return {};
}

void write_tags(Writer& out, std::string_view mark, Node tags) {
  out.begin_array().begin_object().key("Key").string(mark).key("Value").string("SAM").end_object();
  for (const json::Member& tag : tags.members()) {
    out.begin_object()
        .key("Key")
        .string(tag.key.string())
        .key("Value")
        .node(tag.value)
        .end_object();
  }
  out.end_array();
}

void write_attributes(Writer& out, Node resource) {
  copy_members(out, resource,
               {"Condition", "DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"});
}

void write_condition(Writer& out, Node resource) { copy_members(out, resource, {"Condition"}); }

void write_reference(Writer& out, std::string_view resource) {
  out.begin_object().key("Ref").string(resource).end_object();
}

void write_attribute_of(Writer& out, std::string_view resource, std::string_view attribute) {
  out.begin_object().key("Fn::GetAtt").begin_array().string(resource).string(attribute);
  out.end_array().end_object();
}

void copy_members(Writer& out, Node properties, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const std::size_t equals = name.find('=');
    const Node value = member_of(properties, name.substr(0, equals));
    if (value.is_null()) continue;
    out.key(equals == std::string_view::npos ? name : name.substr(equals + 1)).node(value);
  }
}

}  // namespace pawl::templates
