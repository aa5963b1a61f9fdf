#include "jsonata/natives.h"

#include <algorithm>
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
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i].number = static_cast<std::uint16_t>(i);
    table[i].signature = Signature::compile(table[i].signature_text).value();
  }
  return table;
}

const std::vector<Native>& table() {
  static const std::vector<Native> natives = make_table();
  return natives;
}

}  // namespace

const Native* find_native(std::string_view name, Dialect dialect) {
  const std::vector<Native>& natives = table();
  auto at = std::lower_bound(
      natives.begin(), natives.end(), name,
      [](const Native& native, std::string_view wanted) { return native.name < wanted; });
  for (; at != natives.end() && at->name == name; ++at) {
    if (is_available(*at, dialect)) return &*at;
  }
  return nullptr;
}

std::size_t native_count() { return table().size(); }

}  // namespace pawl::jsonata
