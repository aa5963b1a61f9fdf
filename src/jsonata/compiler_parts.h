// The compiler's state and parts; internal to the layer. Each part is defined in the file that its
// group names.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "jsonata/compiler.h"
#include "jsonata/parser.h"
#include "jsonata/syntax.h"

namespace pawl::jsonata {

class Compiler {
 public:
  Compiler(Program& program, const Surroundings& surroundings)
      : program_(program), surroundings_(surroundings) {
    program_.kept_regexes = surroundings.kept_regexes;
    constexpr std::size_t kMostNames = 8;
    program_.globals.reserve(surroundings.globals.size() + kMostNames);
    program_.globals.assign(surroundings.globals.begin(), surroundings.globals.end());
  }

  // `root` is the shaped tree.
  Result<void, Mistake> run(Syntax* root, const SyntaxTree& tree);

 private:
  // Memory of the program.

  template <class T>
  T* make(Op op, const Syntax* syntax) {
    static_assert(std::is_trivially_destructible_v<T>);
    T* node = new (program_.memory.allocate(sizeof(T))) T();
    node->op = op;
    node->position = syntax->position;
    node->keep_array = syntax->keep_array;
    return node;
  }
  // Room for so many, which are filled in at once.
  template <class T>
  std::span<T> room(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignof(json::Node));
    T* place = static_cast<T*>(program_.memory.allocate(count * sizeof(T)));
    for (std::size_t i = 0; i < count; ++i) new (place + i) T();
    return {place, count};
  }
  template <class T>
  std::span<const T> keep(const std::vector<T>& items) {
    const std::span<T> kept = room<T>(items.size());
    std::copy(items.begin(), items.end(), kept.begin());
    return kept;
  }
  // Texts that are parts of the program's need no copy.
  bool is_in_text(std::string_view part) const {
    return std::less_equal<>()(program_.text.data(), part.data()) &&
           std::less_equal<>()(part.data() + part.size(),
                               program_.text.data() + program_.text.size());
  }
  std::string_view keep(std::string_view text) {
    return is_in_text(text) ? text : program_.memory.copy(text);
  }

  std::string_view keep_literal(std::string_view text) {
    if (is_in_text(text)) return text;
    // No literal is longer than what spells it, so that this never moves.
    if (program_.literals.empty()) program_.literals.reserve(program_.text.size() + 1);
    const std::size_t place = program_.literals.size();
    ENSURE(place + text.size() <= program_.literals.capacity());
    program_.literals += text;
    return std::string_view(program_.literals).substr(place);
  }

  void refuse(Mistake mistake) {
    if (!mistake_) mistake_ = std::move(mistake);
  }
  // What Step Functions alone refuses; it has no code.
  void refuse_reference(std::string message, const Syntax* syntax) {
    Mistake mistake;
    mistake.message = std::move(message);
    mistake.position = syntax->position;
    refuse(std::move(mistake));
  }

  // compiler_scopes.cc: scopes

  std::uint16_t new_slot();
  void declare(NameScope& scope, std::string_view name, bool always_bound);
  void declare_names(const Syntax& node, NameScope& scope);
  std::uint16_t hops_to(const FrameLayout* frame) const;
  const Node* variable(const Syntax* syntax, std::string_view name);
  Variable* place(const Syntax* syntax, std::string_view name, std::uint16_t hops,
                  std::uint16_t slot);

  // Frames between the running one and the program's outermost.
  std::uint16_t frames_out() const;
  const Global* global(const Syntax* syntax, std::string_view name, bool is_free);

  // compiler_nodes.cc: nodes

  // Runs `work` with expressions that may run several times, and nested `$`.
  template <class Work>
  auto repeated(Work&& work) {
    const bool once = std::exchange(once_, false);
    const bool top = std::exchange(top_level_, false);
    auto result = work();
    once_ = once;
    top_level_ = top;
    return result;
  }

  static std::uint8_t reach_of(const Node* node);

  // Predicates and grouping of what is no path, then the node itself.
  const Node* compile(Syntax* syntax);
  const Node* operand(Syntax* syntax);
  const Node* plain(Syntax* syntax);
  const Node* compound(Syntax* syntax);
  const Node* constant(const Syntax* syntax, Value value);
  const Node* number(const Syntax* syntax);
  const Node* regex(const Syntax* syntax);

  // Step Functions knows no input document: at the top level there is nothing to refer to.
  void check_top_level(std::string_view name, const Syntax* syntax);
  const Node* reference(const Syntax* syntax);

  // A name that is a step by itself, behind another step's parentheses for example.
  Field* name(const Syntax* syntax);
  const Node* binary(Syntax* syntax);
  const Node* concatenation(Syntax* syntax);
  std::span<const Node* const> operands(const List<Syntax*>& items);
  const Node* array(Syntax* syntax);

  // The keys and values are evaluated for each item of the input.
  const Node* repeated_object(Syntax* syntax);
  static bool has_plain_keys(const List<Syntax*>& items);
  ObjectNode* object(const List<Syntax*>& items, const Syntax* syntax);
  const ObjectNode* grouping(const Grouping& group);
  Filter filter(Syntax* predicate);
  const Node* condition(Syntax* syntax);
  const Node* fallback(Op op, Syntax* syntax);

  // compiler_scopes.cc: scopes that nodes open

  // Opens a scope for `names`; in a frame of its own where lambdas may keep it over several rounds.
  struct OpenScope {
    NameScope names;
    FrameLayout frame;
    SlotRange slots;
  };
  void open(OpenScope& scope, bool own_frame);
  // The slots so far are the scope's own; those of inner scopes follow.
  void seal(OpenScope& scope);
  void close(OpenScope& scope);
  const Node* block(Syntax* syntax);
  const Node* bind(Syntax* syntax);
  const Node* lambda(Syntax* syntax);
  const Node* transform(Syntax* syntax);

  // compiler_calls.cc: calls

  // What jsonata-js calls the function in messages, as JSON.
  static std::string token_of(const Syntax* procedure);
  const KeptPictures* literal_picture(const Call& call);
  void keep_patterns(const List<Syntax*>& arguments, const Call& call);
  void note_counted(const Call& call, const Syntax& syntax);
  void fill_call(Call* node, Syntax* syntax);
  const Node* call(Syntax* syntax);
  const Node* partial(Syntax* syntax);
  const Node* apply(Syntax* syntax);

  // The variables that an $eval sees here.
  void note_outer_names(const Call* call);

  // compiler_paths.cc: paths

  static bool is_plain_step(const Syntax* step);
  const Node* path(Syntax* syntax);
  const Node* simple_path(Syntax* syntax);
  static bool is_names(const Path& path);
  const Node* names(const Path& path, Syntax* syntax);
  void fill_path(Path* node, Syntax* syntax);
  void note_states_path(const Syntax& path, const Path& made);
  void fill_step(Step& made, Syntax* syntax, bool first);

  // compiler_paths.cc: paths with bindings

  // The name under which `%` finds a step's input. No variable of the text has one like it.
  std::string_view label_name(const AncestorSlot& slot);

  // Numbers for the names that tuples bind, the same for all paths of the expression.
  std::uint32_t label_number(std::string_view name);
  std::uint16_t column(std::string_view name);

  // All names that the tuples of a path bind, with those that paths inside pass on.
  void collect_columns(const Syntax& path, std::vector<std::string_view>& names);
  const Node* tuple_path(Syntax* syntax);
  Program& program_;
  const Surroundings& surroundings_;
  std::optional<Mistake> mistake_;
  FrameLayout* frame_ = nullptr;
  NameScope* scope_ = nullptr;
  NameScope* tuple_scope_ = nullptr;           // of the path with bindings that is being compiled
  const TupleLayout* tuple_layout_ = nullptr;  // likewise
  std::vector<std::string_view> labels_;
  const Syntax* counted_ = nullptr;  // a path that is $count's or $exists's argument
  int states_as_such_ = 0;           // how often `$states` stands where no path of names goes on
  bool binds_names_ = false;         // `:=` is somewhere in the expression
  bool once_ = true;                 // what is compiled runs once each time its lambda does
  bool tail_ = false;                // what is compiled ends a lambda
  bool top_level_ = true;            // `$` would be the input document
};

}  // namespace pawl::jsonata
