#include "jsonata/natives.h"

#include <algorithm>
#include <array>
#include <vector>

#include "jsonata/function_families.h"

namespace pawl::jsonata {
namespace {

bool is_available(const Native& native, Dialect dialect) {
  switch (native.availability) {
    case Native::Availability::kAlways:
      return true;
    case Native::Availability::kFull:
      return dialect == Dialect::kFull;
    case Native::Availability::kStepFunctions:
      return dialect == Dialect::kStepFunctions;
  }
  return false;
}

// All functions by name, with their signatures compiled. Two dialects may have one name each.
std::vector<Native> make_table() {
  std::vector<Native> table;
  for (const auto family :
       {aggregation_functions(), array_functions(), boolean_functions(), date_functions(),
        higher_order_functions(), match_functions(), number_functions(), object_functions(),
        step_functions(), string_functions(), system_functions()}) {
    table.insert(table.end(), family.begin(), family.end());
  }
  std::sort(table.begin(), table.end(),
            [](const Native& a, const Native& b) { return a.name < b.name; });
  for (Native& native : table) {
    native.signature = Signature::compile(native.signature_text).value();
  }
  return table;
}

// The table, and where each name's functions begin in it.
class Natives {
 public:
  Natives() : table_(make_table()) {
    for (std::size_t i = 0; i < table_.size(); ++i) {
      if (i > 0 && table_[i - 1].name == table_[i].name) continue;
      std::size_t slot = slot_of(table_[i].name);
      while (slots_[slot] != 0) slot = (slot + 1) % kSlots;
      slots_[slot] = static_cast<std::uint8_t>(i + 1);
    }
  }

  const Native* find(std::string_view name, Dialect dialect) const {
    for (std::size_t slot = slot_of(name); slots_[slot] != 0; slot = (slot + 1) % kSlots) {
      std::size_t at = slots_[slot] - 1u;
      if (table_[at].name != name) continue;
      for (; at < table_.size() && table_[at].name == name; ++at) {
        if (is_available(table_[at], dialect)) return &table_[at];
      }
      return nullptr;
    }
    return nullptr;
  }

 private:
  static constexpr std::size_t kSlots = 256;

  static std::size_t slot_of(std::string_view name) {
    if (name.empty()) return 0;
    const auto byte = [name](std::size_t at) { return static_cast<unsigned char>(name[at]); };
    return (byte(0) * 7u + byte(name.size() / 2) * 31u + byte(name.size() - 1) * 3u +
            name.size() * 13u) %
           kSlots;
  }

  const std::vector<Native> table_;
  std::array<std::uint8_t, kSlots> slots_{};
};

}  // namespace

const Native* find_native(std::string_view name, Dialect dialect) {
  static const Natives natives;
  return natives.find(name, dialect);
}

}  // namespace pawl::jsonata
