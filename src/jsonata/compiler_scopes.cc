// Variables, and what opens a scope for them: blocks, lambdas, transforms.
#include <algorithm>

#include "jsonata/compiler_parts.h"
#include "jsonata/natives.h"

namespace pawl::jsonata {
namespace {

// A frame has at most so many slots.
constexpr std::size_t kSlotsMax = 60'000;

// Collects the names that are assigned to in a scope, without those of scopes within.
void collect_names(const Syntax& node, std::vector<std::string_view>& names) {
  if (node.kind == SyntaxKind::kBlock || node.kind == SyntaxKind::kLambda) {
    // What stands behind it runs outside of it.
    for (const List<Stage>* stages : {&node.stages, &node.predicates}) {
      for (const Stage& stage : *stages) {
        if (stage.filter != nullptr) collect_names(*stage.filter, names);
      }
    }
    return;
  }
  if (node.kind == SyntaxKind::kBind) names.push_back(node.text);
  for_each_child(node, [&names](const Syntax& child) { collect_names(child, names); });
}

}  // namespace

std::uint16_t Compiler::new_slot() {
  if (frame_->slots >= kSlotsMax) {
    Mistake mistake;
    mistake.message = "The expression has too many variables";
    refuse(std::move(mistake));
    return 0;
  }
  return frame_->slots++;
}

void Compiler::declare(NameScope& scope, std::string_view name, bool always_bound) {
  for (const NamedSlot& named : scope.names) {
    if (named.name == name) return;
  }
  scope.names.push_back({name, new_slot(), always_bound});
}

void Compiler::declare_names(const Syntax& node, NameScope& scope) {
  if (!binds_names_) return;
  std::vector<std::string_view> names;
  collect_names(node, names);
  for (const std::string_view name : names) declare(scope, name, false);
}

std::uint16_t Compiler::hops_to(const FrameLayout* frame) const {
  std::uint16_t hops = 0;
  for (const FrameLayout* at = frame_; at != frame; at = at->parent) ++hops;
  return hops;
}

const Node* Compiler::variable(const Syntax* syntax, std::string_view name) {
  const Node* innermost = nullptr;
  const Node** last = &innermost;
  bool bound = false;
  const auto add = [&](std::uint16_t hops, std::uint16_t slot) {
    Variable* found = place(syntax, name, hops, slot);
    *last = found;
    last = &found->otherwise;
  };
  for (const NameScope* scope = scope_; scope != nullptr && !bound; scope = scope->outer) {
    for (const NamedSlot& named : scope->names) {
      if (named.name != name) continue;
      add(hops_to(scope->frame), named.slot);
      bound = named.always_bound;
    }
  }
  for (const OuterName& outer : surroundings_.names) {
    if (bound || outer.name != name) continue;
    add(static_cast<std::uint16_t>(frames_out() + 1 + outer.hops), outer.slot);
  }
  if (!bound) *last = global(syntax, name, innermost == nullptr);
  return innermost;
}

Variable* Compiler::place(const Syntax* syntax, std::string_view name, std::uint16_t hops,
                          std::uint16_t slot) {
  Variable* node = make<Variable>(Op::kVariable, syntax);
  node->reach = 1;
  node->name = name;
  node->hops = hops;
  node->slot = slot;
  return node;
}

// Frames between the running one and the program's outermost.
std::uint16_t Compiler::frames_out() const {
  std::uint16_t count = 0;
  for (const FrameLayout* at = frame_; at->parent != nullptr; at = at->parent) ++count;
  return count;
}

const Global* Compiler::global(const Syntax* syntax, std::string_view name, bool is_free) {
  Global* node = make<Global>(Op::kGlobal, syntax);
  node->reach = 1;
  node->native = find_native(name, program_.dialect);
  const auto known = std::find(program_.globals.begin(), program_.globals.end(), name);
  node->number = static_cast<std::uint32_t>(known - program_.globals.begin());
  if (known == program_.globals.end()) program_.globals.push_back(keep(name));
  node->name = program_.globals[node->number];
  // What $eval reads, nobody knows yet.
  if (name == "states" || name == "eval") ++states_as_such_;
  if (is_free && node->native == nullptr && !name.empty() && name != "$" && name.front() != '!' &&
      program_.free_variables.find(name) == program_.free_variables.end()) {
    program_.free_variables.emplace(name);
  }
  return node;
}

void Compiler::open(OpenScope& scope, bool own_frame) {
  scope.names.outer = scope_;
  scope.slots.own_frame = own_frame;
  if (own_frame) {
    scope.frame.parent = frame_;
    frame_ = &scope.frame;
  }
  scope.names.frame = frame_;
  scope.slots.first = frame_->slots;
  scope_ = &scope.names;
}

// The slots so far are the scope's own; those of inner scopes follow.
void Compiler::seal(OpenScope& scope) {
  scope.slots.count = static_cast<std::uint16_t>(frame_->slots - scope.slots.first);
}

void Compiler::close(OpenScope& scope) {
  scope_ = scope.names.outer;
  if (!scope.slots.own_frame) return;
  scope.slots.count = scope.frame.slots;
  frame_ = scope.frame.parent;
}

const Node* Compiler::block(Syntax* syntax) {
  std::vector<std::string_view> names;
  for (const Syntax* part : syntax->items) {
    if (binds_names_) collect_names(*part, names);
  }
  OpenScope scope;
  open(scope, !names.empty() && syntax->has_lambda && !once_);
  for (const std::string_view name : names) declare(scope.names, name, false);
  seal(scope);
  Block* node = make<Block>(Op::kBlock, syntax);
  const auto parts = room<const Node*>(syntax->items.count);
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    const bool is_last = i + 1 == parts.size();
    parts[i] = is_last ? compile(syntax->items[i]) : operand(syntax->items[i]);
    if (parts[i] != nullptr) node->reach = std::max(node->reach, reach_of(parts[i]));
  }
  node->parts = parts;
  close(scope);
  node->slots = scope.slots;
  return node;
}

const Node* Compiler::bind(Syntax* syntax) {
  Bind* node = make<Bind>(Op::kBind, syntax);
  node->value = operand(syntax->right);
  node->reach = reach_of(node->value);
  // The innermost scope that collected the name; in one without, as a tuple's, an outer one.
  for (const NameScope* scope = scope_; scope != nullptr; scope = scope->outer) {
    for (const NamedSlot& named : scope->names) {
      if (named.name != syntax->text) continue;
      node->slot = named.slot;
      node->hops = hops_to(scope->frame);
      return node;
    }
  }
  ENSURE(false, std::string(syntax->text));
  return node;
}

const Node* Compiler::lambda(Syntax* syntax) {
  Lambda* node = make<Lambda>(Op::kLambda, syntax);
  FrameLayout frame;
  frame.parent = frame_;
  NameScope scope;
  scope.outer = scope_;
  scope.frame = &frame;
  frame_ = &frame;
  scope_ = &scope;
  const auto parameters = room<std::uint16_t>(syntax->items.count);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string_view parameter = syntax->items[i]->text;
    declare(scope, parameter, true);
    for (const NamedSlot& named : scope.names) {
      if (named.name == parameter) parameters[i] = named.slot;
    }
  }
  declare_names(*syntax->left, scope);
  node->captured = syntax->left->has_lambda;
  if (!syntax->signature.empty()) {
    node->signature =
        &program_.signatures.emplace_front(Signature::compile(keep(syntax->signature)).value());
  }
  const bool once = std::exchange(once_, true);
  const bool tail = std::exchange(tail_, true);
  const bool top = std::exchange(top_level_, false);
  node->body = compile(syntax->left);
  once_ = once;
  tail_ = tail;
  top_level_ = top;
  node->parameters = parameters;
  node->slots = frame.slots;
  scope_ = scope.outer;
  frame_ = frame.parent;
  return node;
}

const Node* Compiler::transform(Syntax* syntax) {
  Transform* node = make<Transform>(Op::kTransform, syntax);
  repeated([&] {
    node->pattern = operand(syntax->left);
    node->update = operand(syntax->right);
    if (syntax->third != nullptr) node->deletion = operand(syntax->third);
    return 0;
  });
  node->update_position = syntax->right->position;
  if (syntax->third != nullptr) node->deletion_position = syntax->third->position;
  return node;
}

}  // namespace pawl::jsonata
