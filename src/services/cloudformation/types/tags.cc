#include "services/cloudformation/types/tags.h"

#include <string>
#include <utility>

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;

// {key: value}, whether the template has a list or a map.
json::Value tags_of(Node properties) {
  const Node* found = properties.find("Tags");
  return json::Value::trusted(found == nullptr ? "{}" : tag_map(*found));
}

void write_tags_as(Writer& out, TagShape shape, Node tags) {
  if (shape == TagShape::kMap) {
    out.node(tags);
    return;
  }
  const bool lower = shape == TagShape::kLowerCasePairs;
  out.begin_array();
  for (const json::Member& tag : tags.members()) {
    out.begin_object().key(lower ? "key" : "Key").string(tag.key.string());
    out.key(lower ? "value" : "Value").node(tag.value).end_object();
  }
  out.end_array();
}

}  // namespace

std::optional<Failure> update_tags(const Request& request, const TagCalls& calls,
                                   const std::function<void(Writer&)>& place) {
  const json::Value now = tags_of(request.properties);
  const json::Value before = tags_of(request.previous);
  if (json::equal(now.root(), before.root())) return std::nullopt;
  const auto call = [&](std::string_view operation, const std::function<void(Writer&)>& write) {
    std::string input;
    Writer out(input);
    out.begin_object();
    place(out);
    write(out);
    out.end_object();
    const auto answer = request.services.call(request, calls.service, operation, std::move(input));
    return answer.ok() ? std::nullopt
                       : std::optional(failure_of(request, calls.shown_name, answer.error()));
  };
  std::vector<std::string_view> gone;
  for (const json::Member& tag : before.root().members()) {
    if (now.root().find(tag.key.string()) == nullptr) gone.push_back(tag.key.string());
  }
  if (!gone.empty()) {
    auto failure = call(calls.untag, [&](Writer& out) {
      out.key(calls.keys_member).begin_array();
      for (const std::string_view key : gone) out.string(key);
      out.end_array();
    });
    if (failure) return failure;
  }
  if (now.root().size() == 0) return std::nullopt;
  return call(calls.tag, [&](Writer& out) {
    out.key(calls.tags_member);
    write_tags_as(out, calls.shape, now.root());
  });
}

}  // namespace pawl::cloudformation
