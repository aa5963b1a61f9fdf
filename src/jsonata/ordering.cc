// Order-by, `^(a, >b)` (JSONata, "Sorting"): stable; the terms are evaluated once for each item.
#include <algorithm>
#include <cstring>
#include <numeric>

#include "jsonata/merge_sort.h"
#include "jsonata/nodes.h"
#include "jsonata/stringify.h"
#include "jsonata/text_functions.h"

namespace pawl::jsonata {
namespace {

constexpr std::size_t kShownBytesMax = 10'000;

class RowSort {
 public:
  RowSort(Evaluation& evaluation, const Step& step, SortedRows rows, BindRow bind, void* context)
      : evaluation_(evaluation),
        step_(step),
        rows_(rows),
        bind_(bind),
        context_(context),
        keys_(evaluation) {}

  bool run() {
    const std::size_t count = rows_.values.size() / rows_.width;
    if (count < 2) return true;
    if (!first_keys(count)) return false;
    ShortList<std::uint32_t, 32> order;
    order.grow(count, 0);
    std::iota(order.begin(), order.end(), 0u);
    const std::span<std::uint32_t> rows(order.begin(), count);
    const bool sorted = merge_sort(
        rows, [this](std::uint32_t left, std::uint32_t right) { return comes_after(left, right); });
    if (!sorted) return false;
    rearrange(rows);
    return true;
  }

 private:
  // The first term of all rows; further terms are evaluated where they decide.
  bool first_keys(std::size_t count) {
    const std::size_t terms = step_.terms.size();
    keys_->assign(count * terms, Value::of_tag(Tag::kUnbound));
    for (std::size_t row = 0; row < count; ++row) {
      if (!evaluation_.spend() || key(row, 0) == nullptr) return false;
    }
    return true;
  }

  // nullptr: the evaluation failed.
  const Value* key(std::size_t row, std::size_t term) {
    const Value& known = (*keys_)[row * step_.terms.size() + term];
    return known.tag() != Tag::kUnbound ? &known : find_key(row, term);
  }

  [[gnu::noinline]] const Value* find_key(std::size_t row, std::size_t term) {
    const Value* values = &rows_.values[row * rows_.width];
    if (bind_ != nullptr) bind_(context_, values);
    const Value found = operand_value(evaluation_, *step_.terms[term].expression, values[0]);
    if (found.is_failed()) return nullptr;
    Value& place = (*keys_)[row * step_.terms.size() + term];
    place = found.tag() == Tag::kNumberText ? Value::number(found.to_real()) : found;
    return &place;
  }

  Comes comes_after(std::uint32_t left, std::uint32_t right) {
    for (std::size_t term = 0; term < step_.terms.size(); ++term) {
      const Value* one = key(left, term);
      const Value* other = one == nullptr ? nullptr : key(right, term);
      if (other == nullptr) return Comes::kFailed;
      int order = 0;
      if (one->tag() == Tag::kReal && other->tag() == Tag::kReal) {
        if (one->real() == other->real()) continue;
        order = one->real() < other->real() ? -1 : 1;
      } else if (one->is_undefined() || other->is_undefined()) {
        // What has no key comes last, in either direction.
        if (one->is_undefined() && other->is_undefined()) continue;
        return one->is_undefined() ? Comes::kAfter : Comes::kNotAfter;
      } else if (one->is_string() && other->is_string()) {
        order = compare_utf16(one->text(), other->text());
        if (order == 0) continue;
      } else {
        refuse(*one, *other);
        return Comes::kFailed;
      }
      return (order > 0) != step_.terms[term].descending ? Comes::kAfter : Comes::kNotAfter;
    }
    return Comes::kNotAfter;
  }

  void refuse(const Value& one, const Value& other) {
    const auto has_order = [](const Value& key) { return key.is_number() || key.is_string(); };
    if (!has_order(one) || !has_order(other)) {
      evaluation_.fail("T2008", has_order(one) ? other : one);
    } else {
      evaluation_.fail("T2007", one);
      evaluation_.mistake.value2 = shown_text(other, kShownBytesMax);
    }
    evaluation_.mistake.position = step_.position;
  }

  void rearrange(std::span<const std::uint32_t> order) {
    ScratchList sorted(evaluation_);
    sorted->reserve(rows_.values.size());
    for (const std::uint32_t row : order) {
      const auto first = rows_.values.begin() + static_cast<std::ptrdiff_t>(row * rows_.width);
      sorted->insert(sorted->end(), first, first + static_cast<std::ptrdiff_t>(rows_.width));
    }
    std::swap(*sorted, rows_.values);
  }

  Evaluation& evaluation_;
  const Step& step_;
  SortedRows rows_;
  const BindRow bind_;
  void* const context_;
  ScratchList keys_;
};

}  // namespace

bool sort_rows(Evaluation& evaluation, const Step& step, SortedRows rows, BindRow bind,
               void* context) {
  return RowSort(evaluation, step, rows, bind, context).run();
}

}  // namespace pawl::jsonata
