// Only what the evaluation built is walked, and made Nodes in place: it belongs to the evaluation
// alone. What comes from a document stays as it is.
#include "jsonata/answer_node.h"

#include <cmath>
#include <functional>

#include "jsonata/number_text.h"

namespace pawl::jsonata {
namespace {

// The characters of a program's literals, and where they were copied to once some are needed.
struct Literals {
  std::string_view text;
  const char* copy = nullptr;
};

// The keys and values of an object, or the elements of an array.
std::span<Value> parts_of(const Value& container) {
  const std::size_t stride = container.is_array() ? 1 : 2;
  return {const_cast<Value*>(container.elements()), container.size() * stride};
}

bool is_built(const Value& value) {
  return (value.is_array() || value.is_object()) && value.has(Value::kBuilt);
}

// Of a built container, while Nodes are made: nothing in it was built. Nobody asks any more for
// what this bit says at other times.
constexpr std::uint8_t kLeaf = Value::kForeign;

class NodeMaker {
 public:
  explicit NodeMaker(Evaluation& evaluation) : evaluation_(evaluation), open_(evaluation) {
    add_literals(evaluation.program);
    for (const auto& program : evaluation.evaluated_programs) add_literals(*program);
  }

  Value run(Value value) {
    const std::size_t values_max = evaluation_.scope.budget.bytes_max / sizeof(Value);
    // Shared parts are counted each time that they will be printed.
    std::size_t values = 0;
    convert(value);
    while (!open_->empty()) {
      Value& container = take_open();
      values += container.size();
      if (values > values_max) return Value::failed();
      bool is_leaf = true;
      for (Value& part : parts_of(container)) {
        convert(part);
        is_leaf &= !is_built(part);
      }
      if (is_leaf) container.add_flags(kLeaf);
    }
    clear(value);
    while (!open_->empty()) {
      for (Value& part : parts_of(take_open())) clear(part);
    }
    return value;
  }

 private:
  void add_literals(const Program& program) {
    if (literal_count_ < few_.size()) {
      few_[literal_count_++] = {program.text};
    } else {
      many_.push_back({program.text});
    }
    if (!program.literals.empty()) many_.push_back({program.literals});
  }

  void convert(Value& value) {
    switch (value.tag()) {
      case Tag::kReal:
        value = number(value.real());
        return;
      case Tag::kFunction:
        value = Value::string("");
        return;
      case Tag::kArray:
        value.remove_flags(Value::kArrayFlags);
        [[fallthrough]];
      case Tag::kObject:
        value.remove_flags(kLeaf);
        if (is_built(value)) open(value);
        return;
      case Tag::kNull:
      case Tag::kBoolean:
      case Tag::kNumberText:
        return;
      case Tag::kString:
        keep(value);
        return;
      default:
        value = Value::null();
    }
  }

  // What is a Node now says no longer that it was built; what was cleared before is not again.
  void clear(Value& value) {
    if (!is_built(value)) return;
    if (!value.has(kLeaf)) open(value);
    value.remove_flags(Value::kBuilt | kLeaf);
  }

  // The list holds where the containers are, as values point to their elements.
  void open(Value& container) { open_->push_back(Value::array(&container, 1, 0)); }
  Value& take_open() {
    Value* const container = const_cast<Value*>(open_->back().elements());
    open_->pop_back();
    return *container;
  }

  void keep(Value& string) {
    for (std::size_t i = 0; i < literal_count_; ++i) {
      if (keep(string, few_[i])) return;
    }
    for (Literals& literals : many_) {
      if (keep(string, literals)) return;
    }
  }

  bool keep(Value& string, Literals& literals) {
    const char* const first = literals.text.data();
    if (std::less<>()(string.characters(), first) ||
        std::less<>()(first + literals.text.size(), string.characters() + string.size())) {
      return false;
    }
    if (literals.copy == nullptr) literals.copy = evaluation_.arena.copy(literals.text).data();
    string.move_text(literals.copy + (string.characters() - first));
    return true;
  }

  Value number(double real) {
    if (!std::isfinite(real)) return Value::null();
    // Written where it stays: what was just written is not quickly copied.
    void* const place = evaluation_.arena.allocate(sizeof(NumberText));
    return Value::number_text((new (place) NumberText(number_text(real)))->view());
  }

  Evaluation& evaluation_;
  ScratchList open_;  // containers whose parts are still to be looked at
  std::array<Literals, 1> few_;
  std::size_t literal_count_ = 0;
  std::vector<Literals> many_;
};

// Whether the string may be a part of a program.
bool may_be_literal(const Evaluation& evaluation, const Value& string) {
  const std::string_view text = evaluation.program.text;
  return !evaluation.evaluated_programs.empty() || !evaluation.program.literals.empty() ||
         (!std::less<>()(string.characters(), text.data()) &&
          !std::less<>()(text.data() + text.size(), string.characters()));
}

}  // namespace

Value answer_node(Evaluation& evaluation, Value value) {
  if (!is_built(value) && (value.is_object() || value.tag() == Tag::kNumberText)) {
    return value;
  }
  if (value.is_string() && !may_be_literal(evaluation, value)) {
    return value;
  }
  return NodeMaker(evaluation).run(value);
}

}  // namespace pawl::jsonata
