#include "templates/serverless_published.h"

#include <string_view>
#include <vector>

#include "templates/intrinsic.h"

namespace pawl::templates {

namespace {

using json::Node;

class Renaming {
 public:
  Renaming(json::Arena& arena, const PublishedNames& names) : arena_(arena), names_(names) {}

  Node apply(Node node) const {
    if (const auto call = intrinsic_of(node)) return apply_to_call(*call, node.member(0));
    if (node.is_array()) {
      std::vector<Node> elements;
      for (const Node& element : node) elements.push_back(apply(element));
      return arena_.array(elements);
    }
    if (!node.is_object()) return node;
    json::ObjectBuilder out(arena_);
    for (const json::Member& member : node.members()) {
      out.set(member.key.string(), apply(member.value));
    }
    return out.finish();
  }

 private:
  Node apply_to_call(const Intrinsic& call, const json::Member& member) const {
    Node argument = call.argument;
    if (call.function == Function::kRef && argument.is_string()) {
      argument = renamed(argument);
    } else if (call.function == Function::kGetAtt) {
      argument = attribute(argument);
    } else if (call.function == Function::kSub && argument.is_string()) {
      argument = text(argument.string());
    } else if (call.function == Function::kSub && argument.is_array() && argument.size() == 2 &&
               argument.at(0).is_string()) {
      argument = arena_.array({text(argument.at(0).string()), apply(argument.at(1))});
    } else {
      argument = apply(argument);
    }
    return arena_.object({{member.key, argument}});
  }

  Node renamed(Node name) const {
    const auto found = names_.find(name.string());
    return found == names_.end() ? name : arena_.string(found->second);
  }

  // [Function, Alias.Attribute], and [Function.Alias, Attribute].
  Node attribute(Node argument) const {
    const auto reference = attribute_reference(argument);
    if (!reference.ok() || !reference->attribute.is_string()) return argument;
    const std::string whole =
        std::string(reference->resource) + "." + std::string(reference->attribute.string());
    const std::size_t dot = whole.rfind('.');
    const auto found = names_.find(whole.substr(0, dot));
    if (found == names_.end()) return argument;
    return arena_.array({arena_.string(found->second), arena_.string(whole.substr(dot + 1))});
  }

  Node text(std::string_view given) const {
    std::string out(given);
    for (const auto& [name, id] : names_) {
      for (const char end : {'}', '.'}) {
        const std::string from = "${" + name + end;
        const std::string to = "${" + id + end;
        for (std::size_t at = out.find(from); at != std::string::npos;
             at = out.find(from, at + 1)) {
          out.replace(at, from.size(), to);
        }
      }
    }
    return arena_.string(out);
  }

  json::Arena& arena_;
  const PublishedNames& names_;
};

}  // namespace

json::Value with_published_names(json::Value document, const PublishedNames& names) {
  if (names.empty()) return document;
  json::Arena arena;
  return json::Value::of(Renaming(arena, names).apply(document.root()));
}

}  // namespace pawl::templates
