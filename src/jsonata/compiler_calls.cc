// Calls, partial and chained.
#include <algorithm>

#include "jsonata/compiler_parts.h"
#include "jsonata/natives.h"
#include "jsonata/number_text.h"

namespace pawl::jsonata {

// What jsonata-js calls the function in messages, as JSON.
std::string Compiler::token_of(const Syntax* procedure) {
  switch (procedure->kind) {
    case SyntaxKind::kPath: {
      const Syntax* first = procedure->items[0];
      return first->text.empty() ? "" : json_text(first->text);
    }
    case SyntaxKind::kVariable:
    case SyntaxKind::kString:
    case SyntaxKind::kWildcard:
    case SyntaxKind::kDescendants:
      return json_text(procedure->text);
    case SyntaxKind::kNumber:
      return std::string(number_text(procedure->number).view());
    case SyntaxKind::kBoolean:
      return procedure->boolean ? "true" : "false";
    case SyntaxKind::kFunction:
    case SyntaxKind::kPartial:
      return "\"(\"";
    case SyntaxKind::kArray:
      return "\"[\"";
    case SyntaxKind::kObject:
      return "\"{\"";
    default:
      return "";
  }
}

// A picture that the call's text spells is kept with the program.
const KeptPictures* Compiler::literal_picture(const Call& call) {
  constexpr std::string_view kTakePictures[] = {"now",          "fromMillis",    "toMillis",
                                                "formatNumber", "formatInteger", "parseInteger"};
  if (call.native == nullptr) return nullptr;
  if (std::find(std::begin(kTakePictures), std::end(kTakePictures), call.native->name) ==
      std::end(kTakePictures)) {
    return nullptr;
  }
  for (const Node* argument : call.arguments) {
    if (argument == nullptr || argument->op != Op::kConstant) continue;
    const Value& value = static_cast<const Constant*>(argument)->value;
    if (value.is_string()) return &program_.pictures.emplace_front(value.text());
  }
  return nullptr;
}

// The functions that search texts never let go of the pattern that they are given.
void Compiler::keep_patterns(const List<Syntax*>& arguments, const Call& call) {
  constexpr std::string_view kSearch[] = {"match", "contains", "split", "replace"};
  if (call.native == nullptr) return;
  if (std::find(std::begin(kSearch), std::end(kSearch), call.native->name) == std::end(kSearch)) {
    return;
  }
  for (std::size_t i = 0; i < arguments.count; ++i) {
    if (arguments[i]->kind != SyntaxKind::kRegex || call.arguments[i] == nullptr) continue;
    if (call.arguments[i]->op != Op::kRegex) continue;
    // The compiler made it and is not done with it.
    auto* literal = const_cast<Node*>(call.arguments[i]);
    static_cast<RegexLiteral*>(literal)->kept = program_.kept_regexes++;
  }
}

// $count and $exists do not look into what they are given.
void Compiler::note_counted(const Call& call, const Syntax& syntax) {
  if (call.native == nullptr || syntax.items.count != 1) return;
  if (call.native->name != "count" && call.native->name != "exists") return;
  const Syntax* argument = syntax.items[0];
  if (argument->kind == SyntaxKind::kPath && argument->group == nullptr) counted_ = argument;
}

void Compiler::fill_call(Call* node, Syntax* syntax) {
  Syntax* procedure = syntax->left;
  node->token = keep(token_of(procedure));
  node->procedure = operand(procedure);
  if (procedure->kind == SyntaxKind::kPath && procedure->items[0]->kind == SyntaxKind::kName) {
    node->likely_function = variable(procedure, procedure->items[0]->text);
    // It is not read, only asked for.
    program_.free_variables.erase(std::string(procedure->items[0]->text));
    node->likely_name = keep(procedure->items[0]->text);
  }
  if (node->procedure != nullptr && node->procedure->op == Op::kGlobal &&
      procedure->predicates.empty()) {
    node->native = static_cast<const Global*>(node->procedure)->native;
    if (node->native != nullptr && node->native->name == "eval") note_outer_names(node);
  }
}

const Node* Compiler::call(Syntax* syntax) {
  Call* node = make<Call>(Op::kCall, syntax);
  node->tail = tail_;
  const bool tail = std::exchange(tail_, false);
  fill_call(node, syntax);
  note_counted(*node, *syntax);
  node->arguments = operands(syntax->items);
  node->pictures = literal_picture(*node);
  keep_patterns(syntax->items, *node);
  tail_ = tail;
  node->reach = 1;
  for (const Node* argument : node->arguments) {
    node->reach = std::max(node->reach, reach_of(argument));
  }
  return node;
}

const Node* Compiler::partial(Syntax* syntax) {
  Partial* node = make<Partial>(Op::kPartial, syntax);
  const bool tail = std::exchange(tail_, false);
  fill_call(node, syntax);
  const auto arguments = room<const Node*>(syntax->items.count);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Syntax* item = syntax->items[i];
    arguments[i] = item->kind == SyntaxKind::kPlaceholder ? nullptr : operand(item);
  }
  node->arguments = arguments;
  tail_ = tail;
  node->reach = 1;
  return node;
}

const Node* Compiler::apply(Syntax* syntax) {
  Apply* node = make<Apply>(Op::kApply, syntax);
  node->left = operand(syntax->left);
  node->right = operand(syntax->right);
  node->reach = std::max(reach_of(node->left), reach_of(node->right));
  return node;
}

// The variables that an $eval sees here.
void Compiler::note_outer_names(const Call* call) {
  std::vector<OuterName> names;
  for (const NameScope* scope = scope_; scope != nullptr; scope = scope->outer) {
    for (const NamedSlot& named : scope->names) {
      names.push_back({keep(named.name), hops_to(scope->frame), named.slot});
    }
  }
  for (OuterName outer : surroundings_.names) {
    outer.hops = static_cast<std::uint16_t>(outer.hops + frames_out() + 1);
    outer.name = keep(outer.name);
    names.push_back(outer);
  }
  program_.outer_names.emplace_back(call, keep(names));
}

}  // namespace pawl::jsonata
