#include "jsonata/evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>

#include "json/object_index.h"
#include "json/value.h"
#include "jsonata/natives.h"
#include "jsonata/number_text.h"
#include "jsonata/stringify.h"

namespace pawl::jsonata {
namespace {

// Nesting that the C++ stack surely has room for.
constexpr int kDepthLimit = 4'000;
// Looking at the clock costs more than most steps.
constexpr int kStepsBetweenChecks = 512;
// Offending values are shown in messages; nobody reads more.
constexpr std::size_t kShownBytesMax = 10'000;

Workspace& workspace_of_thread() {
  thread_local Workspace workspace;
  return workspace;
}

}  // namespace

void* FrameStack::take_beyond_first(std::size_t bytes) {
  const std::size_t room = block_ == 0 ? kFirstBytes : kBlockBytes;
  if (used_ + bytes > room) {
    // What is larger than a block has one of its own, and the next frame starts another.
    if (block_ == blocks_.size()) {
      blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(std::max(bytes, kBlockBytes)));
    } else if (bytes > kBlockBytes) {
      blocks_[block_] = std::make_unique_for_overwrite<std::byte[]>(bytes);
    }
    ++block_;
    used_ = 0;
  }
  std::byte* place = (block_ == 0 ? first_ : blocks_[block_ - 1].get()) + used_;
  used_ += bytes;
  return place;
}

Evaluation::Evaluation(const Program& the_program, const Scope& the_scope, json::Arena& the_arena)
    : Evaluation(the_program, the_scope, the_arena, workspace_of_thread()) {}

Evaluation::Evaluation(const Program& the_program, const Scope& the_scope, json::Arena& the_arena,
                       Workspace& workspace)
    : program(the_program),
      scope(the_scope),
      arena(the_arena),
      depth_max(std::min(the_scope.budget.depth_max, kDepthLimit)),
      calls_max(2 * depth_max),
      steps_until_check(kStepsBetweenChecks),
      bytes_at_start(the_arena.bytes_used()),
      scratch(workspace.scratch),
      pending(workspace.pending),
      mistake(workspace.mistake),
      frames(workspace.frames),
      frames_before_(frames.mark()) {
  regexes.grow(the_program.kept_regexes, nullptr);
  bind_globals(the_program.globals);
}

void Evaluation::adopt(std::shared_ptr<const Program> evaluated) {
  regexes.grow(evaluated->kept_regexes, nullptr);
  bind_globals(evaluated->globals);
  evaluated_programs.push_back(std::move(evaluated));
}

// The names so far come first among `names`.
void Evaluation::bind_globals(std::span<const std::string_view> names) {
  const std::size_t known = globals.size();
  globals.grow(names.size(), {});
  for (std::size_t i = known; i < names.size(); ++i) {
    if (names[i] == "$") {
      globals[i].bound = scope.input ? Value::of(*scope.input) : Value::undefined();
    }
    for (const Binding& binding : scope.bindings) {
      if (binding.name.size() == names[i].size() &&
          same_text(binding.name.data(), names[i].data(), names[i].size())) {
        globals[i].bound = Value::of(binding.value);
      }
    }
  }
}

Value Evaluation::fail(std::string_view code, const Value& value) {
  Mistake reason;
  reason.code = code;
  reason.value = shown_text(value, kShownBytesMax);
  return fail(std::move(reason));
}

bool Evaluation::check_budget() {
  steps_until_check = kStepsBetweenChecks;
  const auto now = std::chrono::steady_clock::now();
  if (!deadline) deadline = now + std::chrono::milliseconds(scope.budget.milliseconds_max);
  if (now > *deadline) {
    Mistake reason;
    reason.code = "U1001";
    reason.message = "Expression evaluation timeout: Check for infinite loop";
    fail(std::move(reason));
    return false;
  }
  return has_room(0);
}

bool Evaluation::memory_used_up() {
  Mistake reason;
  reason.code = "U1001";
  reason.message = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
  fail(std::move(reason));
  return false;
}

Value Evaluation::too_deep() {
  Mistake reason;
  reason.code = "U1001";
  reason.message =
      "Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as "
      "tail-recursive. Depth=" +
      std::to_string(depth) + " max=" + std::to_string(depth_max);
  return fail(std::move(reason));
}

Value Evaluation::string(std::string_view text) {
  if (!has_room(text.size())) return Value::failed();
  return Value::string(arena.copy(text));
}

Value Evaluation::array(std::span<const Value> elements, std::uint8_t flags) {
  const std::size_t bytes = elements.size() * sizeof(Value);
  if (!has_room(bytes)) return Value::failed();
  auto* place = static_cast<Value*>(arena.allocate(bytes));
  if (bytes > 0) std::memcpy(static_cast<void*>(place), elements.data(), bytes);
  return Value::array(place, elements.size(), flags | Value::kBuilt);
}

Value Evaluation::sequence(const std::vector<Value>& items) {
  if (items.empty()) return Value::undefined();
  if (items.size() == 1) return items.front();
  return array(items, Value::kSequence);
}

// Large objects carry json::Node's index behind their entries, so that both find keys alike.
Value Evaluation::object(std::span<const Entry> entries) {
  const bool indexed = entries.size() > json::kUnindexedMembersMax;
  const std::size_t entry_bytes = std::max<std::size_t>(entries.size(), 1) * sizeof(Entry);
  const std::size_t bytes = entry_bytes + (indexed ? json::ObjectIndex::bytes(entries.size()) : 0);
  if (!has_room(bytes)) return Value::failed();
  auto* place = static_cast<Entry*>(arena.allocate(bytes));
  if (!entries.empty()) {
    std::memcpy(static_cast<void*>(place), entries.data(), entries.size() * sizeof(Entry));
  }
  if (!indexed) return Value::object(place, entries.size(), Value::kBuilt);
  auto* slots = reinterpret_cast<std::uint32_t*>(place + entries.size());
  std::memset(slots, 0, json::ObjectIndex::bytes(entries.size()));
  json::ObjectIndex(slots, entries.size())
      .fill(reinterpret_cast<const json::Member*>(place), entries.size());
  return Value::object(place, entries.size(), Value::kBuilt | Value::kIndexed);
}

Function* Evaluation::make_function(Function::Kind kind) {
  auto* function = new (arena.allocate(sizeof(Function))) Function();
  function->kind = kind;
  return function;
}

Frame* Evaluation::make_frame(Frame* parent, std::size_t slots, bool captured) {
  const std::size_t bytes = sizeof(Frame) + slots * sizeof(Value);
  auto* made = static_cast<Frame*>(captured ? arena.allocate(bytes) : frames.take(bytes));
  made->parent = parent;
  for (std::size_t i = 0; i < slots; ++i) made->slots()[i] = Value::of_tag(Tag::kUnbound);
  return made;
}

Numeric numeric(Evaluation& evaluation, const Value& value, double& real) {
  if (!value.is_number()) return Numeric::kNo;
  real = value.to_real();
  if (std::isfinite(real)) return Numeric::kYes;
  if (std::isnan(real)) return Numeric::kNo;
  evaluation.fail("D1001", value);
  return Numeric::kFailed;
}

Value to_boolean(Evaluation& evaluation, const Value& value) {
  switch (value.tag()) {
    case Tag::kBoolean:
      return value;
    case Tag::kString:
    case Tag::kObject:
      return Value::boolean(value.size() > 0);
    case Tag::kReal:
    case Tag::kNumberText: {
      double real = 0.0;
      const Numeric kind = numeric(evaluation, value, real);
      if (kind == Numeric::kFailed) return Value::failed();
      return Value::boolean(kind == Numeric::kYes && real != 0.0);
    }
    case Tag::kArray: {
      if (value.size() == 1) {
        // Arrays of one array of one ... may be nested without end.
        Value item = value.elements()[0];
        while (item.is_array() && item.size() == 1) item = item.elements()[0];
        return to_boolean(evaluation, item);
      }
      if (++evaluation.depth > evaluation.depth_max) return evaluation.too_deep();
      bool any = false;
      for (const Value& item : value) {
        if (!evaluation.spend()) return Value::failed();
        any |= VALUE(to_boolean(evaluation, item)).truth();
      }
      --evaluation.depth;
      return Value::boolean(any);
    }
    default:
      return Value::boolean(false);
  }
}

}  // namespace pawl::jsonata
