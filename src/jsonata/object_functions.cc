// $keys, $lookup, $spread, $merge, $type, $error, $assert, $clone (JSONata, "Object Functions").
#include <algorithm>

#include "json/object_index.h"
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"
#include "jsonata/grouping.h"
#include "jsonata/nodes.h"

namespace pawl::jsonata {
namespace {

bool deeper(Evaluation& evaluation) {
  if (!evaluation.spend()) return false;
  if (++evaluation.depth <= evaluation.depth_max) return true;
  evaluation.too_deep();
  return false;
}

// Collects the keys of objects, each once. `groups` serves as the set of them.
bool collect_keys(Evaluation& evaluation, const Value& value, Groups& groups) {
  if (value.is_array()) {
    if (!deeper(evaluation)) return false;
    for (const Value& item : value) {
      if (!collect_keys(evaluation, item, groups)) return false;
    }
    --evaluation.depth;
  } else if (value.is_object()) {
    for (const Entry* entry = value.entries(); entry != value.entries_end(); ++entry) {
      groups.add(entry->key.text(), 0, 0);
    }
  }
  return true;
}

Value keys(const Invocation& call) {
  const Value& value = call[0];
  ScratchList names(call.evaluation);
  if (value.is_object()) {
    for (const Entry* entry = value.entries(); entry != value.entries_end(); ++entry) {
      names->push_back(entry->key);
    }
  } else {
    Groups groups;
    if (!collect_keys(call.evaluation, value, groups)) return Value::failed();
    for (const Groups::Group& group : groups.all()) names->push_back(Value::string(group.key));
  }
  return call.evaluation.array(*names, Value::kSequence);
}

Value lookup_key(const Invocation& call) {
  if (!call[1].is_string()) return Value::undefined();
  if (call[0].is_object()) {
    const Value* found = call[0].find(call[1].text());
    return found != nullptr ? *found : Value::undefined();
  }
  return lookup(call.evaluation, call[0], call[1].text(), Hint());
}

bool spread_into(Evaluation& evaluation, const Value& value, std::vector<Value>& out) {
  if (value.is_array()) {
    if (!deeper(evaluation)) return false;
    for (const Value& item : value) {
      if (!spread_into(evaluation, item, out)) return false;
    }
    --evaluation.depth;
  } else if (value.is_object()) {
    for (const Entry* entry = value.entries(); entry != value.entries_end(); ++entry) {
      const Value single = evaluation.object({entry, 1});
      if (single.is_failed()) return false;
      out.push_back(single);
    }
  } else if (!value.is_undefined()) {
    out.push_back(value);
  }
  return true;
}

Value spread(const Invocation& call) {
  const Value& value = call[0];
  if (value.is_function() || (!value.is_array() && !value.is_object())) return value;
  ScratchList parts(call.evaluation);
  if (!spread_into(call.evaluation, value, *parts)) return Value::failed();
  const bool is_sequence = value.is_object() || value.size() == 0;
  return call.evaluation.array(*parts, is_sequence ? Value::kSequence : 0);
}

// So many members are searched one after the other.
constexpr std::size_t kSearchedMax = 32;

// Puts the object's members among the `count` entries that are there; answers how many these are
// then. There is room for all.
std::size_t merge_few(const Value& object, Entry* entries, std::size_t count) {
  const std::size_t known = count;  // an object's own keys are distinct
  for (const Entry* entry = object.entries(); entry != object.entries_end(); ++entry) {
    const std::string_view key = entry->key.text();
    Entry* const same = std::find_if(entries, entries + known, [key](const Entry& other) {
      return other.key.size() == key.size() &&
             same_text(other.key.characters(), key.data(), key.size());
    });
    if (same != entries + known) {
      same->value = entry->value;
    } else {
      entries[count++] = *entry;
    }
  }
  return count;
}

Value merge_many(Evaluation& evaluation, const Value& objects) {
  Groups groups;
  std::vector<Entry> entries;
  for (const Value& object : objects) {
    if (!object.is_object()) continue;
    for (const Entry* entry = object.entries(); entry != object.entries_end(); ++entry) {
      if (!evaluation.spend()) return Value::failed();
      const std::uint32_t place = groups.place(entry->key.text());
      if (place == entries.size()) {
        entries.push_back(*entry);
      } else {
        entries[place].value = entry->value;
      }
    }
  }
  return evaluation.object(entries);
}

// Later members win, at the place of the first of that name.
Value merge(const Invocation& call) {
  const Value& objects = call[0];
  if (objects.is_undefined()) return objects;
  std::size_t members = 0;
  for (const Value& object : objects) members += object.is_object() ? object.size() : 0;
  if (members > kSearchedMax) return merge_many(call.evaluation, objects);
  auto* entries = static_cast<Entry*>(
      call.evaluation.arena.allocate(std::max<std::size_t>(members, 1) * sizeof(Entry)));
  std::size_t count = 0;
  for (const Value& object : objects) {
    if (!call.evaluation.spend()) return Value::failed();
    if (object.is_object()) count = merge_few(object, entries, count);
  }
  if (count > json::kUnindexedMembersMax) return call.evaluation.object({entries, count});
  return Value::object(entries, count, Value::kBuilt);
}

Value type(const Invocation& call) {
  switch (call[0].tag()) {
    case Tag::kNull:
      return Value::string("null");
    case Tag::kBoolean:
      return Value::string("boolean");
    case Tag::kReal:
    case Tag::kNumberText:
      return Value::string("number");
    case Tag::kString:
      return Value::string("string");
    case Tag::kArray:
      return Value::string("array");
    case Tag::kObject:
      return Value::string("object");
    case Tag::kFunction:
      return Value::string("function");
    default:
      return Value::undefined();
  }
}

Value fail_with(Evaluation& evaluation, std::string_view code, const Value& message,
                std::string_view otherwise) {
  evaluation.fail(code);
  const bool given = message.is_string() && message.size() > 0;
  evaluation.mistake.message = std::string(given ? message.text() : otherwise);
  return Value::failed();
}

Value error(const Invocation& call) {
  return fail_with(call.evaluation, "D3137", call[0], "$error() function evaluated");
}

Value assert_true(const Invocation& call) {
  if (call[0].tag() == Tag::kBoolean && call[0].truth()) return Value::undefined();
  return fail_with(call.evaluation, "D3141", call[1], "$assert() statement failed");
}

// Values never change, so that each is its own copy.
Value clone(const Invocation& call) { return call[0]; }

constexpr Native kFunctions[] = {
    {"keys", "<x-:a<s>>", 1, keys},
    {"lookup", "<x-s:x>", 2, lookup_key},
    {"spread", "<x-:a<o>>", 1, spread},
    {"merge", "<a<o>:o>", 1, merge},
    {"type", "<x:s>", 1, type},
    {"error", "<s?:x>", 1, error},
    {"assert", "<bs?:x>", 2, assert_true},
    {"clone", "<(oa)-:o>", 1, clone},
};

}  // namespace

std::span<const Native> object_functions() { return kFunctions; }

}  // namespace pawl::jsonata
