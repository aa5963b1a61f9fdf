#include "jsonpath/scan.h"

#include <algorithm>
#include <bit>

namespace pawl::jsonpath {
namespace {

bool is_container(const json::Node& node) { return node.is_array() || node.is_object(); }

}  // namespace

Outcome Scan::run(std::size_t index, Model model, const Trail& at) {
  if (runner_.is_leaf(index)) {
    return runner_.evaluation().other("IllegalStateException", "Current path token is a leaf");
  }
  target_ = index + 1;
  if (runner_.steps()[target_].kind == Step::Kind::kProperty) {
    return is_container(*model.node) ? walk_for_name(*model.node, at) : Outcome::kDone;
  }
  return walk(model, at);
}

Outcome Scan::walk(Model model, const Trail& at) {
  if (model.node->is_object()) return walk_object(model, at);
  if (model.node->is_array()) return walk_array(model, at);
  return Outcome::kDone;
}

Outcome Scan::fits(Model model) {
  const Step& step = runner_.steps()[target_];
  if (step.kind == Step::Kind::kFilter || step.kind == Step::Kind::kPlaceholders) {
    return runner_.accept(step, model);
  }
  bool fits = false;
  if (step.kind == Step::Kind::kWildcard) {
    fits = true;
  } else if (step.takes_arrays()) {
    fits = model.node->is_array();
  } else if (step.kind == Step::Kind::kProperties && model.node->is_object()) {
    fits = std::all_of(step.names.begin(), step.names.end(),
                       [&](const std::string& name) { return model.node->find(name) != nullptr; });
  }
  return fits ? Outcome::kDone : Outcome::kNotFound;
}

// In arrays, a step that is not the last one is passed over, whatever index or filter it holds:
// the step behind it is applied to every element.
Outcome Scan::apply(Model model, const Trail& at) {
  const Outcome outcome = fits(model);
  if (outcome != Outcome::kDone) {
    return outcome == Outcome::kFailed ? outcome : Outcome::kDone;
  }
  if (model.node->is_object() || runner_.is_leaf(target_)) return runner_.run(target_, model, at);
  for (std::size_t i = 0; i < model.node->size(); ++i) {
    const Trail here{&at, {}, static_cast<std::int64_t>(i)};
    const Outcome next = runner_.run(target_ + 1, {&model.node->at(i), false}, here);
    if (next != Outcome::kDone) return next;
  }
  return Outcome::kDone;
}

Outcome Scan::walk_object(Model model, const Trail& at) {
  if (const Outcome outcome = apply(model, at); outcome != Outcome::kDone) return outcome;
  for (const json::Member& member : model.node->members()) {
    if (!is_container(member.value)) continue;
    const Trail here{&at, member.key.string(), Trail::kName};
    const Outcome outcome = walk({&member.value, false}, here);
    if (outcome != Outcome::kDone) return outcome;
  }
  return runner_.evaluation().spend() ? Outcome::kDone : Outcome::kFailed;
}

Outcome Scan::walk_array(Model model, const Trail& at) {
  if (const Outcome outcome = apply(model, at); outcome != Outcome::kDone) return outcome;
  for (std::size_t i = 0; i < model.node->size(); ++i) {
    if (!is_container(model.node->at(i))) continue;
    const Trail here{&at, {}, static_cast<std::int64_t>(i)};
    const Outcome outcome = walk({&model.node->at(i), false}, here);
    if (outcome != Outcome::kDone) return outcome;
  }
  return runner_.evaluation().spend() ? Outcome::kDone : Outcome::kFailed;
}

// The same walk for `..name`, the common one: each object is gone through once, looking for the
// name and noting which members to go down into.
Outcome Scan::walk_for_name(const json::Node& node, const Trail& at) {
  if (node.is_object()) return walk_members_for_name(node, at);
  for (std::size_t i = 0; i < node.size(); ++i) {
    const json::Node& element = node.at(i);
    if (!is_container(element)) continue;
    const Trail here{&at, {}, static_cast<std::int64_t>(i)};
    const Outcome outcome = walk_for_name(element, here);
    if (outcome != Outcome::kDone) return outcome;
  }
  return runner_.evaluation().spend() ? Outcome::kDone : Outcome::kFailed;
}

Outcome Scan::walk_members_for_name(const json::Node& object, const Trail& at) {
  const std::string_view name = runner_.steps()[target_].name;
  const json::Member* const members = object.members().first;
  const std::size_t count = object.size();
  constexpr std::size_t kNoted = 64;
  std::uint64_t containers = 0;
  const json::Node* found = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    if (i < kNoted && is_container(members[i].value)) containers |= std::uint64_t{1} << i;
    if (same_name(members[i].key.string(), name)) found = &members[i].value;
  }
  if (found != nullptr) {
    const Trail here{&at, name, Trail::kName};
    const Outcome outcome = runner_.proceed(target_, {found, false}, here);
    if (outcome != Outcome::kDone) return outcome;
  }
  const auto descend = [&](const json::Member& member) {
    return walk_for_name(member.value, Trail{&at, member.key.string(), Trail::kName});
  };
  for (; containers != 0; containers &= containers - 1) {
    const Outcome outcome = descend(members[std::countr_zero(containers)]);
    if (outcome != Outcome::kDone) return outcome;
  }
  for (std::size_t i = kNoted; i < count; ++i) {
    if (!is_container(members[i].value)) continue;
    if (const Outcome outcome = descend(members[i]); outcome != Outcome::kDone) return outcome;
  }
  return runner_.evaluation().spend() ? Outcome::kDone : Outcome::kFailed;
}

}  // namespace pawl::jsonpath
