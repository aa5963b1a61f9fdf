// The compiler as a whole: text, syntax tree, shaped tree, program.
#include "jsonata/compiler.h"

#include "jsonata/compiler_parts.h"
#include "jsonata/parser.h"
#include "jsonata/path_shape.h"

namespace pawl::jsonata {
namespace {

// Marks the nodes under which functions are made. $eval counts: it may make one.
bool mark_lambdas(Syntax& node) {
  bool found = node.kind == SyntaxKind::kLambda || node.kind == SyntaxKind::kTransform ||
               node.kind == SyntaxKind::kPartial ||
               (node.kind == SyntaxKind::kVariable && node.text == "eval");
  for_each_child(node, [&found](Syntax& child) { found |= mark_lambdas(child); });
  node.has_lambda = found;
  return found;
}

}  // namespace

Result<void, Mistake> Compiler::run(Syntax* root, const SyntaxTree& tree) {
  binds_names_ = tree.binds_names;
  if (tree.makes_functions) mark_lambdas(*root);
  FrameLayout frame;
  NameScope scope;
  scope.frame = &frame;
  frame_ = &frame;
  scope_ = &scope;
  declare_names(*root, scope);
  program_.root = compile(root);
  program_.slots = frame.slots;
  program_.reads_all_states = states_as_such_ > 0;
  if (mistake_) return Err{std::move(*mistake_)};
  return {};
}

Result<std::shared_ptr<const Program>, Mistake> compile(std::string text, Dialect dialect,
                                                        const Surroundings& surroundings) {
  auto program = std::make_shared<Program>();
  program->text = std::move(text);
  program->dialect = dialect;
  SyntaxArena arena;
  auto parsed = parse_syntax(program->text, arena);
  if (!parsed.ok()) return Err{std::move(parsed).error().take()};
  auto shaped = shape_syntax(parsed->root, arena);
  if (!shaped.ok()) return Err{std::move(shaped).error().take()};
  TRY(Compiler(*program, surroundings).run(*shaped, *parsed));
  return std::shared_ptr<const Program>(std::move(program));
}

}  // namespace pawl::jsonata
