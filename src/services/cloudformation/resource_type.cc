#include "services/cloudformation/resource_type.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/digest.h"
#include "base/hex.h"
#include "json/number.h"

namespace pawl::cloudformation {

namespace {

using json::Node;

constexpr std::string_view kCustomPrefix = "Custom::";
constexpr std::string_view kCustomResource = "AWS::CloudFormation::CustomResource";

std::string scalar_text(Node node) {
  if (node.is_string()) return std::string(node.string());
  if (node.is_number()) return std::string(node.number_text());
  return node.boolean() ? "true" : "false";
}

bool is_scalar(Node node) { return node.is_string() || node.is_number() || node.is_boolean(); }

std::string_view kind_name(Node node) {
  switch (node.kind()) {
    case json::Kind::kNull:
      return "Null";
    case json::Kind::kBoolean:
      return "Boolean";
    case json::Kind::kNumber:
      return "Number";
    case json::Kind::kString:
      return "String";
    case json::Kind::kArray:
      return "JSONArray";
    case json::Kind::kObject:
      return "JSONObject";
  }
  return "";
}

// Writes one property as its kind wants it; the error says what was expected.
Result<void, std::string> write_property(json::Writer& out, PropertyKind kind, Node value) {
  switch (kind) {
    case PropertyKind::kAny:
      out.node(value);
      return {};
    case PropertyKind::kText:
      if (!is_scalar(value)) return Err{std::string("String")};
      out.string(scalar_text(value));
      return {};
    case PropertyKind::kInteger: {
      const auto number = is_scalar(value) ? json::to_int64(scalar_text(value)) : std::nullopt;
      if (!number) return Err{std::string("Integer")};
      out.integer(*number);
      return {};
    }
    case PropertyKind::kBoolean: {
      const std::string word = is_scalar(value) ? scalar_text(value) : "";
      if (word != "true" && word != "false") return Err{std::string("Boolean")};
      out.boolean(word == "true");
      return {};
    }
    case PropertyKind::kTexts:
      if (!value.is_array()) return Err{std::string("JSONArray")};
      out.begin_array();
      for (const Node& element : value) {
        is_scalar(element) ? out.string(scalar_text(element)) : out.node(element);
      }
      out.end_array();
      return {};
    case PropertyKind::kTextMap:
      if (!value.is_object()) return Err{std::string("JSONObject")};
      out.begin_object();
      for (const json::Member& member : value.members()) {
        out.key(member.key.string());
        is_scalar(member.value) ? out.string(scalar_text(member.value)) : out.node(member.value);
      }
      out.end_object();
      return {};
    case PropertyKind::kDocument:
      if (!value.is_object() && !value.is_string()) return Err{std::string("JSONObject")};
      out.node(value);
      return {};
  }
  return {};
}

// `own` may be nullptr: the resource has none.
Node tag_map_with(json::Arena& arena, const Node* own, const std::vector<Tag>& tags) {
  json::ObjectBuilder out(arena);
  for (const Tag& tag : tags) out.set(arena.copy(tag.key), arena.string(tag.value));
  for (const json::Member& member : own ? own->members() : Node().members()) {
    out.set(member.key.string(), member.value);
  }
  return out.finish();
}

Node tag_list_with(json::Arena& arena, const Node* own, const std::vector<Tag>& tags) {
  std::vector<Node> list;
  std::set<std::string_view> keys;
  if (own != nullptr) list.assign(own->begin(), own->end());
  for (const Node& each : list) {
    const Node* key = each.find("Key");
    if (key != nullptr && key->is_string()) keys.insert(key->string());
  }
  for (const Tag& tag : tags) {
    if (keys.contains(tag.key)) continue;
    list.push_back(arena.object({{arena.string("Key"), arena.string(tag.key)},
                                 {arena.string("Value"), arena.string(tag.value)}}));
  }
  return arena.array(list);
}

std::string invalid(std::string_view logical_id, std::string_view what) {
  return fmt::format("Properties validation failed for resource {} with message:\n{}", logical_id,
                     what);
}

std::string random_part(const Request& request, std::string_view alphabet) {
  const std::string digest =
      encode_hex(sha256(request.stack.id + "/" + request.logical_id + "/" + request.token));
  std::string part;
  for (std::size_t i = 0; i < 12; ++i) {
    part += alphabet[static_cast<std::size_t>(std::stoi(digest.substr(i * 4, 4), nullptr, 16)) %
                     alphabet.size()];
  }
  return part;
}

constexpr std::string_view kMixed =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace

runtime::Principal Request::principal() const {
  return {.account = stack.account, .region = stack.region, .access_key = {}};
}

std::string Request::text(std::string_view property) const {
  const Node* found = properties.find(property);
  return found != nullptr && is_scalar(*found) ? scalar_text(*found) : std::string();
}

const Property* ResourceType::find(std::string_view property) const {
  for (const Property& each : properties) {
    if (each.name == property) return &each;
  }
  return nullptr;
}

bool ResourceType::has_attribute(std::string_view attribute) const {
  return std::any_of(attributes.begin(), attributes.end(), [attribute](std::string_view known) {
    if (!known.ends_with('*')) return known == attribute;
    return attribute.starts_with(known.substr(0, known.size() - 1));
  });
}

void ResourceTypes::add(ResourceType type) {
  const std::string name(type.name);
  const bool added = types_.emplace(name, std::move(type)).second;
  ENSURE(added, name);
}

const ResourceType* ResourceTypes::find(std::string_view name) const {
  const auto found = types_.find(name.starts_with(kCustomPrefix) ? kCustomResource : name);
  return found == types_.end() ? nullptr : &found->second;
}

Result<json::Value, std::string> conform_properties(const ResourceType& type,
                                                    std::string_view logical_id, Node properties) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const json::Member& member : properties.members()) {
    const std::string_view name = member.key.string();
    const Property* property = type.find(name);
    if (property == nullptr && !type.takes_any_property) {
      return Err{invalid(logical_id, fmt::format("#: extraneous key [{}] is not permitted", name))};
    }
    out.key(name);
    const auto written =
        write_property(out, property ? property->kind : PropertyKind::kAny, member.value);
    if (!written.ok()) {
      return Err{invalid(logical_id, fmt::format("#/{}: expected type: {}, found: {}", name,
                                                 written.error(), kind_name(member.value)))};
    }
  }
  out.end_object();
  for (const Property& property : type.properties) {
    if (property.need == Need::kRequired && properties.find(property.name) == nullptr) {
      return Err{invalid(logical_id, fmt::format("#: required key [{}] not found", property.name))};
    }
  }
  return json::Value::trusted(std::move(text));
}

json::Value with_stack_tags(const ResourceType& type, json::Value properties,
                            const std::vector<Tag>& tags) {
  const Property* property = type.find("Tags");
  if (property == nullptr || tags.empty()) return properties;
  const Node root = properties.root();
  const Node* own = root.find("Tags");
  json::Arena arena;
  const bool is_map = property->kind == PropertyKind::kTextMap;
  // What does not have the shape of tags is for the service to refuse.
  if (own != nullptr && (is_map ? !own->is_object() : !own->is_array())) return properties;
  json::ObjectBuilder out(arena);
  for (const json::Member& member : root.members()) out.set(member.key.string(), member.value);
  out.set("Tags", is_map ? tag_map_with(arena, own, tags) : tag_list_with(arena, own, tags));
  return json::Value::of(out.finish());
}

std::vector<std::string> changed_properties(Node left, Node right) {
  std::set<std::string> changed;
  const auto compare = [&changed](Node from, Node to) {
    for (const json::Member& member : from.members()) {
      const Node* other = to.find(member.key.string());
      if (other == nullptr || !json::equal(member.value, *other)) {
        changed.emplace(member.key.string());
      }
    }
  };
  compare(left, right);
  compare(right, left);
  return {changed.begin(), changed.end()};
}

std::string generated_name(const Request& request, std::size_t characters_max, Letters letters) {
  constexpr std::size_t kFixed = 14;  // two dashes and the random part
  const std::size_t room = characters_max - kFixed;
  std::string stack = request.stack.name;
  std::string logical = request.logical_id;
  if (stack.size() + logical.size() > room) {
    logical.resize(
        std::min(logical.size(), std::max(room / 2, room - std::min(room, stack.size()))));
    stack.resize(std::min(stack.size(), room - logical.size()));
  }
  const std::string name = stack + "-" + logical + "-" +
                           random_part(request, letters == Letters::kMixed ? kMixed : kLower);
  return letters == Letters::kLower ? lower_case(name) : name;
}

std::string short_generated_name(const Request& request, std::size_t characters_max) {
  const std::string random = random_part(request, kMixed);
  return request.logical_id.substr(0, characters_max - random.size() - 1) + "-" + random;
}

}  // namespace pawl::cloudformation
