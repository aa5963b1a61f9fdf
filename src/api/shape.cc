// Building the shapes of a service.
#include "api/shape.h"

#include <algorithm>

namespace pawl::api {

const Member* Shape::find(std::string_view member) const {
  for (const Member& candidate : members) {
    if (candidate.name == member) return &candidate;
  }
  return nullptr;
}

const Shape* Shapes::add(Shape shape) {
  shapes_.push_back(std::move(shape));
  return &shapes_.back();
}

const Shape* Shapes::string(StringRule rule) {
  Shape shape{.type = ShapeType::kString, .bounds = {rule.min, rule.max}, .privacy = rule.privacy};
  if (!rule.pattern.empty()) shape.pattern = &patterns_.emplace_back(rule.pattern);
  return add(std::move(shape));
}

const Shape* Shapes::enumeration(std::initializer_list<std::string_view> values) {
  return add({.type = ShapeType::kString, .bounds = {}, .values = in_message_order(values)});
}

const Shape* Shapes::integer(Bounds bounds) { return number(ShapeType::kInteger, bounds); }

const Shape* Shapes::number(ShapeType type, Bounds bounds) {
  return add({.type = type, .bounds = bounds});
}

const Shape* Shapes::boolean() { return add({.type = ShapeType::kBoolean, .bounds = {}}); }

const Shape* Shapes::blob(Privacy privacy) {
  return add({.type = ShapeType::kBlob, .bounds = {}, .privacy = privacy});
}

const Shape* Shapes::json() { return add({.type = ShapeType::kJson, .bounds = {}}); }

const Shape* Shapes::timestamp() { return add({.type = ShapeType::kTimestamp, .bounds = {}}); }

const Shape* Shapes::list_of(const Shape* element, std::string_view element_name) {
  return add(
      {.type = ShapeType::kList, .bounds = {}, .element = element, .element_name = element_name});
}

Shape* Shapes::declare_structure(std::string_view name) {
  shapes_.push_back({.type = ShapeType::kStructure, .name = name, .bounds = {}});
  return &shapes_.back();
}

const Shape* Shapes::structure(std::string_view name, std::vector<Member> members) {
  return add(
      {.type = ShapeType::kStructure, .name = name, .bounds = {}, .members = std::move(members)});
}

const Shape* Shapes::list(const Shape* element, Bounds bounds, ListForm form) {
  return add({.type = ShapeType::kList, .bounds = bounds, .element = element, .form = form});
}

const Shape* Shapes::map(const Shape* key, const Shape* value) {
  return add({.type = ShapeType::kMap, .bounds = {}, .element = value, .key = key});
}

std::vector<std::string_view> in_message_order(std::initializer_list<std::string_view> values) {
  const auto bucket = [](std::string_view text) {
    std::uint32_t hash = 0;
    for (const char byte : text) hash = 31 * hash + static_cast<unsigned char>(byte);
    return hash & 31;
  };
  std::vector<std::pair<std::uint32_t, std::string_view>> buckets;
  for (const std::string_view value : values) {
    const auto same = [&](const auto& other) { return other.first >= bucket(value); };
    const auto place = std::find_if(buckets.begin(), buckets.end(), same);
    buckets.emplace(place, bucket(value), value);
  }
  std::vector<std::string_view> ordered;
  for (const auto& [index, value] : buckets) ordered.push_back(value);
  return ordered;
}

}  // namespace pawl::api
