// Paths: steps, stages, and the columns of those that bind names.
#include <algorithm>

#include "jsonata/compiler_parts.h"

namespace pawl::jsonata {

bool Compiler::is_plain_step(const Syntax* step) {
  return step->kind == SyntaxKind::kName && step->predicates.empty() && step->group == nullptr;
}

const Node* Compiler::path(Syntax* syntax) {
  if (syntax->items.count == 1 && syntax->group == nullptr) {
    Syntax* only = syntax->items[0];
    if (is_plain_step(only) && only->stages.empty() && !only->tuple && !syntax->keep_singleton &&
        !syntax->tuple) {
      const bool keeps = syntax->keep_array;
      Field* field = name(only);
      field->op = Op::kField;
      field->reach = 2;
      field->keep_array = keeps;
      return field;
    }
  }
  bool tuple = false;
  for (const Syntax* step : syntax->items) tuple |= step->tuple;
  return tuple ? tuple_path(syntax) : simple_path(syntax);
}

const Node* Compiler::simple_path(Syntax* syntax) {
  Path* node = make<Path>(Op::kPath, syntax);
  fill_path(node, syntax);
  return is_names(*node) ? names(*node, syntax) : node;
}

bool Compiler::is_names(const Path& path) {
  if (!path.absolute || path.keep_singleton || path.keep_array || path.group != nullptr) {
    return false;
  }
  const Step& first = path.steps[0];
  if (!first.stages.empty() || first.expression == nullptr) return false;
  if (first.expression->op != Op::kVariable && first.expression->op != Op::kGlobal) return false;
  return std::all_of(path.steps.begin() + 1, path.steps.end(), [](const Step& step) {
    return step.kind == Step::Kind::kName && step.stages.empty();
  });
}

const Node* Compiler::names(const Path& path, Syntax* syntax) {
  Names* node = make<Names>(Op::kNames, syntax);
  node->variable = path.steps[0].expression;
  const auto names = room<MemberName>(path.steps.size() - 1);
  for (std::size_t i = 0; i < names.size(); ++i) names[i].name = path.steps[i + 1].name;
  node->names = names;
  node->path = &path;
  return node;
}

void Compiler::fill_path(Path* node, Syntax* syntax) {
  const bool tail = std::exchange(tail_, false);
  node->absolute = syntax->items[0]->kind == SyntaxKind::kVariable;
  node->keep_singleton = syntax->keep_singleton;
  node->reach = 2;
  const auto steps = room<Step>(syntax->items.count);
  for (std::uint32_t i = 0; i < steps.size(); ++i) {
    Syntax* item = syntax->items[i];
    if (i == 0) {
      fill_step(steps[i], item, true);
      continue;
    }
    repeated([&] {
      fill_step(steps[i], item, false);
      return 0;
    });
  }
  node->steps = steps;
  note_states_path(*syntax, *node);
  if (syntax->group != nullptr) node->group = grouping(*syntax->group);
  tail_ = tail;
}

// `$states.member`, where the text binds no `$states` of its own.
void Compiler::note_states_path(const Syntax& path, const Path& made) {
  const std::span<const Step> steps = made.steps;
  if (steps.size() < 2 || path.items[0]->text != "states") return;
  if (path.items[1]->kind != SyntaxKind::kName) return;
  const Node* start = steps[0].expression;
  if (start == nullptr || start->op != Op::kGlobal) return;
  auto* noted = new (program_.memory.allocate(sizeof(StatesPath))) StatesPath();
  noted->member = steps[1].kind == Step::Kind::kName ? steps[1].name : keep(path.items[1]->text);
  noted->steps = steps;
  noted->previous = std::exchange(program_.states_paths, noted);
  // A path with bindings may go back to what it came through.
  if (made.op != Op::kPath || !steps[0].stages.empty()) return;
  const auto is_name = [](const Step& step) {
    return step.kind == Step::Kind::kName && step.stages.empty();
  };
  while (noted->names + 1 < steps.size() && is_name(steps[noted->names + 1])) ++noted->names;
  noted->counted = &path == counted_ && noted->names + 1 == steps.size();
  if (noted->names > 0) --states_as_such_;
}

void Compiler::fill_step(Step& made, Syntax* syntax, bool first) {
  made.position = syntax->position;
  made.tuple = syntax->tuple;
  made.constructed = first && syntax->is_constructor;
  made.has_focus = !syntax->focus.empty();
  if (!syntax->focus.empty()) made.focus = column(syntax->focus);
  if (!syntax->index.empty()) made.index = column(syntax->index);
  if (syntax->ancestor != nullptr) made.ancestor = column(label_name(*syntax->ancestor));
  if (syntax->kind == SyntaxKind::kSort) {
    made.kind = Step::Kind::kSort;
    const auto terms = room<SortTermNode>(syntax->terms.count);
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const SortTerm& term = syntax->terms[i];
      terms[i].expression = repeated([&] { return operand(term.expression); });
      terms[i].descending = term.descending;
    }
    made.terms = terms;
  } else if (is_plain_step(syntax) && !syntax->keep_array) {
    if (first) check_top_level(syntax->text, syntax);
    made.kind = Step::Kind::kName;
    made.name = keep(syntax->text);
  } else {
    made.expression = operand(syntax);
  }
  const auto stages = room<StageNode>(syntax->stages.count);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Stage& stage = syntax->stages[i];
    if (stage.kind == Stage::Kind::kIndex) {
      stages[i].kind = StageNode::Kind::kIndex;
      stages[i].column = column(stage.variable);
    } else {
      stages[i].filter = filter(stage.filter);
    }
  }
  made.stages = stages;
}

// The name under which `%` finds a step's input. No variable of the text has one like it.
std::string_view Compiler::label_name(const AncestorSlot& slot) {
  return keep("!" + std::to_string(slot.label));
}

// Numbers for the names that tuples bind, the same for all paths of the expression.
std::uint32_t Compiler::label_number(std::string_view name) {
  const auto known = std::find(labels_.begin(), labels_.end(), name) - labels_.begin();
  if (static_cast<std::size_t>(known) == labels_.size()) labels_.push_back(name);
  return static_cast<std::uint32_t>(known);
}

std::uint16_t Compiler::column(std::string_view name) {
  const auto& names = tuple_scope_->names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].name == name) return static_cast<std::uint16_t>(i);
  }
  ENSURE(false, std::string(name));
  return kNoColumn;
}

// All names that the tuples of a path bind, with those that paths inside pass on.
void Compiler::collect_columns(const Syntax& path, std::vector<std::string_view>& names) {
  for (const Syntax* step : path.items) {
    if (!step->focus.empty()) names.push_back(step->focus);
    if (!step->index.empty()) names.push_back(step->index);
    if (step->ancestor != nullptr) names.push_back(label_name(*step->ancestor));
    for (const Stage& stage : step->stages) {
      if (stage.kind == Stage::Kind::kIndex) names.push_back(stage.variable);
    }
    const Syntax* inner = step;
    while (inner->kind == SyntaxKind::kBlock && inner->tuple && !inner->items.empty()) {
      inner = inner->items.back();
    }
    if (inner != step && inner->kind == SyntaxKind::kPath && inner->tuple) {
      collect_columns(*inner, names);
    }
  }
}

const Node* Compiler::tuple_path(Syntax* syntax) {
  Path* node = make<Path>(Op::kTuplePath, syntax);
  node->passes_tuples = syntax->tuple;
  OpenScope scope;
  open(scope, syntax->has_lambda);
  std::vector<std::string_view> names;
  collect_columns(*syntax, names);
  for (const std::string_view name : names) declare(scope.names, name, false);
  seal(scope);
  std::vector<std::uint32_t> labels;
  for (const NamedSlot& named : scope.names.names) labels.push_back(label_number(named.name));
  node->tuples.labels = keep(labels);
  NameScope* const outer_scope = std::exchange(tuple_scope_, &scope.names);
  const TupleLayout* const outer_layout = std::exchange(tuple_layout_, &node->tuples);
  fill_path(node, syntax);
  tuple_scope_ = outer_scope;
  tuple_layout_ = outer_layout;
  close(scope);
  node->tuples.slots = scope.slots;
  return node;
}

}  // namespace pawl::jsonata
