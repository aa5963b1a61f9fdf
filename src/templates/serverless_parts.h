// What the expansions of serverless resources have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"
#include "json/writer.h"

namespace pawl::templates {

// The error tells what is wrong with the resource.
using Written = Result<void, std::string>;

// Null where there is none.
json::Node member_of(json::Node object, std::string_view name);

// Globals under what a resource says itself: maps are merged, lists joined, other values replaced.
json::Node merged_globals(json::Arena& arena, json::Node global, json::Node local);

// A place of an object, by the names that the type wants for bucket, key and version.
struct PlaceNames {
  std::string_view bucket, key, version;
};
Written write_place(json::Writer& out, json::Node uri, const PlaceNames& names,
                    std::string_view property);

// `{key: value}` as a list, the mark of the transform first.
void write_tags(json::Writer& out, std::string_view mark, json::Node tags);

// Attributes beside Type and Properties.
void write_attributes(json::Writer& out, json::Node resource);
// Of a resource that another one brings along: its condition alone.
void write_condition(json::Writer& out, json::Node resource);

void write_reference(json::Writer& out, std::string_view resource);  // Ref
void write_attribute_of(json::Writer& out, std::string_view resource, std::string_view attribute);

// The members of `properties` with these names; "A=B" writes A as B.
void copy_members(json::Writer& out, json::Node properties,
                  std::initializer_list<std::string_view> names);

}  // namespace pawl::templates
