// The nodes of a compiled expression: names are looked up, variables are places in frames, literals
// are values. Nodes are plain structs told apart by `op`; they live in the Program's memory and
// never change, so that any thread may run them.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "jsonata/regex.h"
#include "jsonata/signature.h"
#include "jsonata/syntax.h"
#include "jsonata/value.h"

namespace pawl::jsonata {

struct Native;
struct KeptPictures;

enum class Op : std::uint8_t {
  kConstant,
  kContext,  // $
  kVariable,
  kGlobal,
  kField,  // a name alone, no step of a longer path
  kNames,  // a variable and names, mostly of objects within objects
  kName,   // a name as a step; the last of those that need no other node
  kRegex,
  kWildcard,
  kDescendants,
  kPath,
  kTuplePath,
  kRefined,  // predicates, grouping or [] behind something else than a path
  kNegate,
  kArithmetic,
  kEquality,
  kComparison,
  kAnd,
  kOr,
  kIn,
  kConcatenate,
  kRange,
  kArray,
  kObject,
  kBlock,
  kBind,
  kCondition,
  kCoalesce,
  kDefault,
  kCall,
  kPartial,
  kApply,
  kLambda,
  kTransform,
};

struct Node {
  Op op = Op::kConstant;
  // How many levels of nested evaluation, as jsonata-js counts them, lie in operands that are
  // evaluated without counting.
  std::uint8_t reach = 0;
  bool keep_array = false;  // a sequence that it comes to keeps its singleton
  bool tail = false;        // kCall: what it calls may take the place of the running lambda
  std::uint32_t position = 0;
};

struct Constant : Node {
  Value value;
};

// Where a member was last found among an object's: the next search begins there. It is all that
// changes in a compiled expression; threads may overwrite each other's, which costs time alone.
class Hint {
 public:
  std::uint32_t get() const { return std::atomic_ref(place_).load(std::memory_order_relaxed); }
  void set(std::uint32_t place) const {
    std::atomic_ref(place_).store(place, std::memory_order_relaxed);
  }

 private:
  mutable std::uint32_t place_ = 0;
};

struct Field : Node {
  std::string_view name;
  Hint hint;
};

// A place in a frame: `hops` frames out. Where nothing was assigned yet, `otherwise` is read.
struct Variable : Node {
  std::uint16_t hops = 0;
  std::uint16_t slot = 0;
  std::string_view name;
  const Node* otherwise = nullptr;  // kVariable or kGlobal
};

// What the scope binds, by number; else a built-in function, else undefined.
struct Global : Node {
  std::uint32_t number = 0;
  std::string_view name;
  const Native* native = nullptr;
};

struct RegexLiteral : Node {
  static constexpr std::uint32_t kNotKept = 0xFFFF'FFFF;

  const Regex* regex = nullptr;
  // Of one that only a built-in function sees: one function serves a whole evaluation.
  std::uint32_t kept = kNotKept;
};

struct Unary : Node {
  const Node* operand = nullptr;
};

struct Binary : Node {
  Operator operation = Operator::kNone;
  const Node* left = nullptr;
  const Node* right = nullptr;
};

// `a & b & c`, with the places of its operators.
struct Concatenation : Node {
  static constexpr std::size_t kOperandsMax = 16;
  std::span<const Node* const> operands;
  std::span<const std::uint32_t> positions;
};

struct Condition : Node {
  const Node* condition = nullptr;
  const Node* then = nullptr;
  const Node* otherwise = nullptr;  // may be missing
};

struct ArrayNode : Node {
  std::span<const Node* const> items;
  bool constructed = false;
};

struct Pair {
  const Node* key = nullptr;
  const Node* value = nullptr;
};

struct ObjectNode : Node {
  std::span<const Pair> pairs;
  // All keys are different literals, so that an object needs no looking for equal ones.
  bool plain_keys = false;
};

// The slots that a scope's variables have in the running frame, or a frame of their own when a
// lambda may hold on to them.
struct SlotRange {
  std::uint16_t first = 0;
  std::uint16_t count = 0;
  bool own_frame = false;
};

struct Block : Node {
  std::span<const Node* const> parts;
  SlotRange slots;
};

struct Bind : Node {
  std::uint16_t hops = 0;
  std::uint16_t slot = 0;
  const Node* value = nullptr;
};

struct Call : Node {
  const Node* procedure = nullptr;
  std::span<const Node* const> arguments;
  const Native* native = nullptr;          // what is meant unless the scope binds the name
  std::string_view token;                  // what the text calls, as JSON; empty: no name
  const KeptPictures* pictures = nullptr;  // of a function that takes one, when it is a literal
  const Node* likely_function = nullptr;   // a path where a variable was meant: its first step
  std::string_view likely_name;
};

struct Partial : Call {};  // an argument that is left open is nullptr

struct Apply : Node {
  const Node* left = nullptr;
  const Node* right = nullptr;
};

struct Lambda : Node {
  std::span<const std::uint16_t> parameters;  // slots
  std::uint16_t slots = 0;
  // A lambda in it may hold on to its frame.
  bool captured = false;
  const Signature* signature = nullptr;
  const Node* body = nullptr;
};

struct Transform : Node {
  const Node* pattern = nullptr;
  const Node* update = nullptr;
  const Node* deletion = nullptr;
  std::uint32_t update_position = 0;
  std::uint32_t deletion_position = 0;
};

}  // namespace pawl::jsonata
