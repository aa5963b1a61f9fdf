// `|pattern|update, delete|` (JSONata, "Transform"): a copy of the input in which the objects that
// the pattern finds are changed. Nothing else is copied: objects are known by where their entries
// lie, and only what leads to a changed one is built anew.
#include <algorithm>

#include "json/object_index.h"
#include "jsonata/changed_objects.h"
#include "jsonata/nodes.h"

namespace pawl::jsonata {
namespace {

// What an update brings: `$$` in it stays what it was, wherever it is put.
Value foreign(Value value) {
  if (value.is_array() || value.is_object()) value.add_flags(Value::kForeign);
  return value;
}

// Whether something in the value was built by the evaluation, so that one object may be in it
// twice.
bool may_share(const Value& value) { return value.has(Value::kBuilt); }

class Changes {
 public:
  explicit Changes(Evaluation& evaluation) : evaluation_(evaluation) {}

  // The value as it is after the changes so far.
  Value current(const Value& value) { return changed_.empty() ? value : rebuild(value); }

  void change(const Value& object, const Value& changed) {
    changed_.set(object.entries(), changed);
  }
  // The object's own entries as they are now, those below them as they were.
  Value shallow(const Value& object) const {
    const Value* const found = changed_.empty() ? nullptr : changed_.find(object.entries());
    return found == nullptr ? object : *found;
  }

  // Every object and array anew, so that each is in the copy once.
  Value clone(const Value& value) { return walk(value, Copies::kAll); }

 private:
  enum class Copies { kAll, kChanged };

  Value rebuild(const Value& value) { return walk(value, Copies::kChanged); }

  Value walk(Value value, Copies copies) {
    if (!value.is_array() && !value.is_object()) return value;
    if (copies == Copies::kChanged && value.has(Value::kForeign)) return value;
    const Value* const original = value.elements();
    if (value.is_object()) value = shallow(value);
    if (!evaluation_.spend()) return Value::failed();
    if (++evaluation_.depth > evaluation_.depth_max) return evaluation_.too_deep();
    const std::size_t stride = value.is_array() ? 1 : 2;
    Value* parts = nullptr;
    for (std::uint32_t i = 0; i < value.size(); ++i) {
      const Value& part = value.elements()[i * stride + stride - 1];
      if (!part.is_array() && !part.is_object()) continue;
      const Value copy = walk(part, copies);
      if (copy.is_failed()) return copy;
      if (copies == Copies::kChanged && copy.elements() == part.elements()) continue;
      if (parts == nullptr) parts = copy_parts(value);
      if (parts == nullptr) return Value::failed();
      parts[i * stride + stride - 1] = copy;
    }
    --evaluation_.depth;
    if (parts == nullptr && (copies == Copies::kChanged || value.elements() != original)) {
      return value;
    }
    if (parts == nullptr) parts = copy_parts(value);
    return parts != nullptr ? finish(value, parts) : Value::failed();
  }

  // The elements, or keys and values in turn.
  Value* copy_parts(const Value& value) {
    const std::size_t count = std::max<std::size_t>(value.size(), 1) * (value.is_array() ? 1 : 2);
    if (!evaluation_.has_room(count * sizeof(Value))) return nullptr;
    auto* parts = static_cast<Value*>(evaluation_.arena.allocate(count * sizeof(Value)));
    if (value.size() > 0) {
      const std::size_t used = value.size() * (value.is_array() ? 1u : 2u);
      std::copy_n(value.elements(), used, parts);
    }
    return parts;
  }

  Value finish(const Value& value, const Value* parts) {
    if (value.is_array()) return Value::array(parts, value.size(), Value::kBuilt);
    const auto* entries = reinterpret_cast<const Entry*>(parts);
    if (!value.has(Value::kIndexed)) {
      return Value::object(entries, value.size(), Value::kBuilt);
    }
    return evaluation_.object({entries, value.size()});
  }

  Evaluation& evaluation_;
  ChangedObjects changed_;
};

class TransformRun {
 public:
  TransformRun(Evaluation& evaluation, const Transform& transform)
      : evaluation_(evaluation), transform_(transform), changes_(evaluation) {}

  Value run(Value root) {
    if (!root.is_string()) root.remove_flags(Value::kForeign);
    if (may_share(root)) root = VALUE(changes_.clone(root));
    const Value matches = VALUE(evaluate(evaluation_, *transform_.pattern, root));
    const Value* items = matches.is_array() ? matches.elements() : &matches;
    const std::size_t count = matches.is_array()       ? matches.size()
                              : matches.is_undefined() ? 0u
                                                       : 1u;
    for (std::size_t i = 0; i < count; ++i) {
      if (!evaluation_.spend() || !change(items[i])) return Value::failed();
    }
    return changes_.current(root);
  }

 private:
  bool change(const Value& match) {
    const Value context = changes_.current(match);
    if (context.is_failed()) return false;
    const Value update = evaluate(evaluation_, *transform_.update, context);
    if (update.is_failed()) return false;
    if (!update.is_undefined() && !update.is_object()) {
      return refuse("T2011", transform_.update_position, update);
    }
    Value deletion;
    if (update.is_object() && !merge(match, update)) return false;
    if (transform_.deletion != nullptr) {
      const Value updated = changes_.current(match);
      if (updated.is_failed()) return false;
      deletion = evaluate(evaluation_, *transform_.deletion, updated);
      if (deletion.is_failed()) return false;
    }
    return deletion.is_undefined() || remove(match, deletion);
  }

  bool refuse(std::string_view code, std::uint32_t position, const Value& value) {
    evaluation_.fail(code, value);
    evaluation_.mistake.position = position;
    return false;
  }

  bool merge(const Value& match, const Value& update) {
    if (!match.is_object() || update.size() == 0) return true;
    const Value now = changes_.shallow(match);
    Entry* const entries = room_for(now.size() + update.size());
    if (entries == nullptr) return false;
    std::size_t count = now.size();
    std::copy_n(now.entries(), count, entries);
    for (std::uint32_t i = 0; i < update.size(); ++i) {
      const Entry& entry = update.entries()[i];
      const auto same = std::find_if(entries, entries + count, [&entry](const Entry& each) {
        return same_key(each.key, entry.key);
      });
      if (same == entries + count) {
        entries[count++] = {entry.key, foreign(entry.value)};
      } else {
        same->value = foreign(entry.value);
      }
    }
    return change_to(match, entries, count);
  }

  static bool same_key(const Value& left, const Value& right) {
    return left.size() == right.size() &&
           same_text(left.characters(), right.characters(), left.size());
  }

  // For so many entries, and at least one; nullptr when the memory is used up.
  Entry* room_for(std::size_t entries) {
    const std::size_t bytes = std::max<std::size_t>(entries, 1) * sizeof(Entry);
    if (!evaluation_.has_room(bytes)) return nullptr;
    return static_cast<Entry*>(evaluation_.arena.allocate(bytes));
  }

  // The entries are the arena's.
  bool change_to(const Value& match, const Entry* entries, std::size_t count) {
    const Value changed = count > json::kUnindexedMembersMax
                              ? evaluation_.object({entries, count})
                              : Value::object(entries, count, Value::kBuilt);
    if (!changed.is_failed()) changes_.change(match, changed);
    return !changed.is_failed();
  }

  bool remove(const Value& match, const Value& deletion) {
    const Value* names = deletion.is_array() ? deletion.elements() : &deletion;
    const std::size_t count = deletion.is_array() ? deletion.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      if (!names[i].is_string()) return refuse("T2012", transform_.deletion_position, deletion);
    }
    if (!match.is_object() || count == 0) return true;
    const Value now = changes_.shallow(match);
    Entry* const entries = room_for(now.size());
    if (entries == nullptr) return false;
    std::size_t kept = 0;
    for (const Entry* entry = now.entries(); entry != now.entries_end(); ++entry) {
      const bool goes = std::any_of(
          names, names + count, [entry](const Value& name) { return same_key(name, entry->key); });
      if (!goes) entries[kept++] = *entry;
    }
    return kept == now.size() || change_to(match, entries, kept);
  }

  Evaluation& evaluation_;
  const Transform& transform_;
  Changes changes_;
};

}  // namespace

Value run_transform(Evaluation& evaluation, const Function& function, const Value& object) {
  if (object.is_undefined()) return object;
  Frame* const caller = std::exchange(evaluation.frame, function.frame);
  const Value result = TransformRun(evaluation, *function.transform).run(object);
  evaluation.frame = caller;
  return result;
}

}  // namespace pawl::jsonata
