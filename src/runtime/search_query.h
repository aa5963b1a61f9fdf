// Which executions have which values: conditions on search attributes, and the pages of their
// answer, in the order of the values and then the newest first.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/rows.h"
#include "runtime/search.h"
#include "runtime/selection.h"
#include "store/store.h"

namespace pawl::runtime {

struct SearchCondition {
  enum class Operator { kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kBeginsWith };

  std::string name;
  std::uint32_t attribute = 0;  // set when the name is known to be declared
  Operator comparison = Operator::kEqual;
  SearchValue value;

  bool holds(const Summary& summary) const;
};

// `orderId=17`, `total>=100.5`, `city^=Ber`, `orderId='17'`: a number, or a text with or without
// quotes. Error: what is wrong, in words.
Result<SearchCondition, std::string> parse_search_condition(std::string_view text);

struct SearchPage {
  std::vector<SelectedPage::Match> matches;
  std::size_t examined = 0;
  std::string next;  // key behind which the next page begins; empty: that was the last
};

// At least one condition, all of attributes of `selection.owner`. `after`: of the page before, or
// empty.
SearchPage search_executions(const store::Store& store, const Selection& selection,
                             const std::vector<SearchCondition>& conditions,
                             const std::string& after, std::size_t matches_max, Horizon horizon);

}  // namespace pawl::runtime
