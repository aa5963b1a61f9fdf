#include "jsonata/path_shape.h"

#include <string>
#include <utility>

#include "jsonata/number_text.h"

namespace pawl::jsonata {
namespace {

// jsonata-js's names of node types, which S0217 shows.
std::string_view type_name(SyntaxKind kind) {
  switch (kind) {
    case SyntaxKind::kName:
      return "name";
    case SyntaxKind::kString:
      return "string";
    case SyntaxKind::kNumber:
      return "number";
    case SyntaxKind::kBoolean:
    case SyntaxKind::kNull:
      return "value";
    case SyntaxKind::kRegex:
      return "regex";
    case SyntaxKind::kVariable:
      return "variable";
    case SyntaxKind::kWildcard:
      return "wildcard";
    case SyntaxKind::kDescendants:
      return "descendant";
    case SyntaxKind::kParent:
      return "parent";
    case SyntaxKind::kNegate:
    case SyntaxKind::kArray:
    case SyntaxKind::kObject:
      return "unary";
    case SyntaxKind::kFunction:
      return "function";
    case SyntaxKind::kPartial:
      return "partial";
    case SyntaxKind::kLambda:
      return "lambda";
    case SyntaxKind::kCondition:
    case SyntaxKind::kCoalesce:
    case SyntaxKind::kDefault:
      return "condition";
    case SyntaxKind::kBlock:
      return "block";
    case SyntaxKind::kTransform:
      return "transform";
    case SyntaxKind::kPath:
      return "path";
    case SyntaxKind::kSort:
      return "sort";
    case SyntaxKind::kBind:
      return "bind";
    case SyntaxKind::kApply:
      return "apply";
    case SyntaxKind::kBinary:
    case SyntaxKind::kEnd:
    case SyntaxKind::kWord:
    case SyntaxKind::kPlaceholder:
      break;
  }
  return "binary";
}

Err<Mistake> refuse(std::string_view code, std::uint32_t position) {
  Mistake mistake;
  mistake.code = code;
  mistake.position = position;
  return Err{std::move(mistake)};
}

Err<Mistake> no_parent(const Syntax* node) {
  Mistake mistake;
  mistake.code = "S0217";
  mistake.token = json_text(type_name(node->kind));
  if (node->kind != SyntaxKind::kParent && node->kind != SyntaxKind::kPath) {
    mistake.position = node->position;
  }
  return Err{std::move(mistake)};
}

bool is_value(const Syntax* node) {
  return node->kind == SyntaxKind::kNumber || node->kind == SyntaxKind::kBoolean ||
         node->kind == SyntaxKind::kNull;
}

class Shaper {
 public:
  explicit Shaper(SyntaxArena& arena) : arena_(arena) {}

  Result<Syntax*, Refusal> run(Syntax* root) {
    Syntax* shaped = TRY(shape(root));
    if (shaped->kind == SyntaxKind::kParent || !shaped->seeking.empty()) return no_parent(shaped);
    return shaped;
  }

 private:
  using Shaped = Result<Syntax*, Refusal>;

  Shaped shape(Syntax* node) {
    Syntax* const shaped = TRY(shape_kind(node));
    if (node->keep_array) shaped->keep_array = true;
    return shaped;
  }

  Shaped shape_kind(Syntax* node) {
    switch (node->kind) {
      case SyntaxKind::kBinary:
        return binary(node);
      case SyntaxKind::kNegate:
        return negate(node);
      case SyntaxKind::kArray:
      case SyntaxKind::kObject:
      case SyntaxKind::kPartial:
      case SyntaxKind::kFunction:
        return list(node);
      case SyntaxKind::kBlock:
        return block(node);
      case SyntaxKind::kLambda:
        node->left = TRY(shape(node->left));
        return node;
      case SyntaxKind::kCondition:
      case SyntaxKind::kCoalesce:
      case SyntaxKind::kDefault:
        return condition(node);
      case SyntaxKind::kTransform:
        node->left = TRY(shape(node->left));
        node->right = TRY(shape(node->right));
        if (node->third != nullptr) node->third = TRY(shape(node->third));
        return node;
      case SyntaxKind::kWord:
        node->kind = SyntaxKind::kName;
        return path_of(node);
      case SyntaxKind::kName:
        return path_of(node);
      case SyntaxKind::kParent:
        node->slot = arena_.make<AncestorSlot>();
        node->slot->label = labels_++;
        return node;
      case SyntaxKind::kEnd: {
        auto refused = refuse("S0207", node->position);
        refused.error.token = "\"(end)\"";
        return refused;
      }
      default:
        return node;
    }
  }

  Syntax* path_of(Syntax* step) {
    Syntax* path = make_syntax(arena_);
    path->kind = SyntaxKind::kPath;
    path->position = step->position;
    path->keep_singleton = step->keep_array;
    path->items.push(arena_, step);
    return path;
  }

  Shaped negate(Syntax* node) {
    node->left = TRY(shape(node->left));
    if (node->left->kind == SyntaxKind::kNumber) {
      Syntax* number = node->left;
      number->number = -number->number;
      // The text no longer says the value.
      number->text = {};
      return number;
    }
    pass_on(node, node->left);
    return node;
  }

  // Nodes with a list of operands, and functions, which have a procedure as well.
  Shaped list(Syntax* node) {
    for (Syntax*& item : node->items) {
      if (item->kind == SyntaxKind::kPlaceholder) continue;
      item = TRY(shape(item));
      pass_on(node, item);
    }
    if (node->left != nullptr) node->left = TRY(shape(node->left));
    return node;
  }

  Shaped block(Syntax* node) {
    for (Syntax*& item : node->items) {
      item = TRY(shape(item));
      pass_on(node, item);
      if (item->is_constructor ||
          (item->kind == SyntaxKind::kPath && item->items[0]->is_constructor)) {
        node->is_constructor = true;
      }
    }
    return node;
  }

  Shaped condition(Syntax* node) {
    node->left = TRY(shape(node->left));
    pass_on(node, node->left);
    node->right = TRY(shape(node->right));
    pass_on(node, node->right);
    if (node->third != nullptr) {
      node->third = TRY(shape(node->third));
      pass_on(node, node->third);
    }
    return node;
  }

  Shaped binary(Syntax* node) {
    switch (node->op) {
      case Operator::kDot:
        return dot(node);
      case Operator::kFilter:
        return filter(node);
      case Operator::kGroup:
        return group(node);
      case Operator::kOrder:
        return order(node);
      case Operator::kBind:
        node->kind = SyntaxKind::kBind;
        node->text = node->left->text;
        node->right = TRY(shape(node->right));
        pass_on(node, node->right);
        return node;
      case Operator::kFocus:
        return focus(node);
      case Operator::kIndex:
        return index(node);
      case Operator::kApply:
        node->kind = SyntaxKind::kApply;
        node->left = TRY(shape(node->left));
        node->right = TRY(shape(node->right));
        node->keep_array = node->left->keep_array || node->right->keep_array;
        return node;
      default:
        node->left = TRY(shape(node->left));
        node->right = TRY(shape(node->right));
        pass_on(node, node->left);
        pass_on(node, node->right);
        return node;
    }
  }

  Shaped dot(Syntax* node) {
    Syntax* left = TRY(shape(node->left));
    Syntax* path = left;
    if (left->kind != SyntaxKind::kPath) {
      path = node->right == nullptr ? path_in_place(node, left) : path_of(left);
    }
    if (left->kind == SyntaxKind::kParent) path->seeking.push(arena_, left->slot);
    if (node->right != nullptr) {
      TRY(add_step(path, node->right));
    } else if (path != node) {
      for (std::uint32_t i = 1; i < node->items.count; ++i)
        path->items.push(arena_, node->items[i]);
    }
    for (Syntax* step : path->items) {
      if (is_value(step)) {
        auto refused = refuse("S0213", step->position);
        refused.error.value = literal_text(step);
        return refused;
      }
      if (step->kind == SyntaxKind::kString) step->kind = SyntaxKind::kName;
      if (step->keep_array) path->keep_singleton = true;
    }
    mark_constructor(path->items[0]);
    mark_constructor(path->items.back());
    TRY(resolve_ancestry(path));
    return path;
  }

  // A list of names behind `first` becomes the path that it stands for.
  static Syntax* path_in_place(Syntax* names, Syntax* first) {
    names->kind = SyntaxKind::kPath;
    names->position = first->position;
    names->text = {};
    names->left = nullptr;
    names->keep_singleton = first->keep_array;
    names->items[0] = first;
    return names;
  }

  Result<void, Refusal> add_step(Syntax* path, Syntax* right) {
    Syntax* rest = TRY(shape(right));
    if (rest->kind == SyntaxKind::kPath) {
      for (Syntax* step : rest->items) path->items.push(arena_, step);
    } else {
      if (!rest->predicates.empty()) std::swap(rest->stages, rest->predicates);
      path->items.push(arena_, rest);
    }
    return {};
  }

  static std::string literal_text(const Syntax* node) {
    if (node->kind == SyntaxKind::kNumber) return std::string(number_text(node->number).view());
    return std::string(node->text);
  }

  static void mark_constructor(Syntax* step) {
    if (step->kind == SyntaxKind::kArray) step->is_constructor = true;
  }

  static Syntax* last_step(Syntax* node) {
    return node->kind == SyntaxKind::kPath ? node->items.back() : node;
  }

  Shaped filter(Syntax* node) {
    Syntax* result = TRY(shape(node->left));
    Syntax* step = last_step(result);
    if (step->group != nullptr) return refuse("S0209", node->position);
    Stage stage;
    stage.filter = TRY(shape(node->right));
    stage.position = node->position;
    for (AncestorSlot* slot : stage.filter->seeking) {
      if (slot->level == 1) {
        TRY(seek(step, slot));
      } else {
        --slot->level;
      }
    }
    // A bare % within the brackets looks for no ancestor, as in jsonata-js: it finds nothing.
    if (stage.filter->kind != SyntaxKind::kParent) pass_on(step, stage.filter);
    (result->kind == SyntaxKind::kPath ? step->stages : step->predicates).push(arena_, stage);
    return result;
  }

  Shaped group(Syntax* node) {
    Syntax* result = TRY(shape(node->left));
    if (result->group != nullptr) return refuse("S0210", node->position);
    result->group = arena_.make<Grouping>();
    result->group->position = node->position;
    for (Syntax* item : node->items) {
      Syntax* shaped = TRY(shape(item));
      result->group->pairs.push(arena_, shaped);
    }
    return result;
  }

  Shaped order(Syntax* node) {
    Syntax* result = TRY(shape(node->left));
    if (result->kind != SyntaxKind::kPath) result = path_of(result);
    Syntax* sort = make_syntax(arena_);
    sort->kind = SyntaxKind::kSort;
    sort->position = node->position;
    for (SortTerm term : node->terms) {
      term.expression = TRY(shape(term.expression));
      pass_on(sort, term.expression);
      sort->terms.push(arena_, term);
    }
    result->items.push(arena_, sort);
    TRY(resolve_ancestry(result));
    return result;
  }

  Shaped focus(Syntax* node) {
    Syntax* result = TRY(shape(node->left));
    Syntax* step = last_step(result);
    if (!step->stages.empty() || !step->predicates.empty()) return refuse("S0215", node->position);
    if (step->kind == SyntaxKind::kSort) return refuse("S0216", node->position);
    if (node->keep_array) step->keep_array = true;
    step->focus = node->right->text;
    step->tuple = true;
    return result;
  }

  Shaped index(Syntax* node) {
    Syntax* result = TRY(shape(node->left));
    Syntax* step = last_step(result);
    if (result->kind != SyntaxKind::kPath) {
      result = path_of(result);
      if (!step->predicates.empty()) std::swap(step->stages, step->predicates);
    }
    if (step->stages.empty()) {
      step->index = node->right->text;
    } else {
      Stage stage;
      stage.kind = Stage::Kind::kIndex;
      stage.variable = node->right->text;
      stage.position = node->position;
      step->stages.push(arena_, stage);
    }
    step->tuple = true;
    return result;
  }

  // What `value` could not find, `result` is to look for further out.
  void pass_on(Syntax* result, const Syntax* value) {
    for (AncestorSlot* slot : value->seeking) result->seeking.push(arena_, slot);
    if (value->kind == SyntaxKind::kParent) result->seeking.push(arena_, value->slot);
  }

  // Walks one step back for `slot`.
  Result<void, Refusal> seek(Syntax* node, AncestorSlot* slot) {
    switch (node->kind) {
      case SyntaxKind::kName:
      case SyntaxKind::kWildcard:
        if (--slot->level > 0) return {};
        // One context, one label.
        if (node->ancestor != nullptr) slot->label = node->ancestor->label;
        node->ancestor = slot;
        node->tuple = true;
        return {};
      case SyntaxKind::kParent:
        ++slot->level;
        return {};
      case SyntaxKind::kBlock:
        if (node->items.empty()) return {};
        node->tuple = true;
        return seek(node->items.back(), slot);
      case SyntaxKind::kPath: {
        node->tuple = true;
        std::uint32_t step = node->items.count;
        TRY(seek(node->items[--step], slot));
        while (slot->level > 0 && step > 0) TRY(seek(node->items[--step], slot));
        return {};
      }
      default:
        return no_parent(node);
    }
  }

  Result<void, Refusal> resolve_ancestry(Syntax* path) {
    Syntax* last = path->items.back();
    List<AncestorSlot*> slots;
    for (AncestorSlot* slot : last->seeking) slots.push(arena_, slot);
    if (last->kind == SyntaxKind::kParent) slots.push(arena_, last->slot);
    for (AncestorSlot* slot : slots) {
      std::uint32_t step = path->items.count - 1;
      while (slot->level > 0) {
        if (step == 0) {
          path->seeking.push(arena_, slot);
          break;
        }
        Syntax* candidate = path->items[--step];
        // Steps that bind the focus one after the other share their context.
        while (step > 0 && !candidate->focus.empty() && !path->items[step - 1]->focus.empty()) {
          candidate = path->items[--step];
        }
        TRY(seek(candidate, slot));
      }
    }
    return {};
  }

  SyntaxArena& arena_;
  std::uint32_t labels_ = 0;
};

}  // namespace

Result<Syntax*, Refusal> shape_syntax(Syntax* root, SyntaxArena& arena) {
  return Shaper(arena).run(root);
}

}  // namespace pawl::jsonata
