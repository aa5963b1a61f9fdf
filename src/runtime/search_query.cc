#include "runtime/search_query.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <queue>
#include <utility>

#include "json/number.h"

namespace pawl::runtime {

namespace {

using Operator = SearchCondition::Operator;

constexpr std::size_t kRowsMax = 20'000;
constexpr std::size_t kChunk = 64;

struct OperatorName {
  std::string_view text;
  Operator comparison;
};
// Longer ones before those that they begin with.
constexpr std::array<OperatorName, 6> kOperators = {{{"<=", Operator::kLessOrEqual},
                                                     {">=", Operator::kGreaterOrEqual},
                                                     {"^=", Operator::kBeginsWith},
                                                     {"<", Operator::kLess},
                                                     {">", Operator::kGreater},
                                                     {"=", Operator::kEqual}}};

bool is_quoted(std::string_view text) {
  return text.size() >= 2 && (text.front() == '\'' || text.front() == '"') &&
         text.back() == text.front();
}

SearchValue read_literal(std::string_view text) {
  if (is_quoted(text)) return SearchValue::of_text(std::string(text.substr(1, text.size() - 2)));
  const auto parsed = json::Value::parse(std::string(text));
  if (parsed.ok() && parsed->root().is_number()) {
    const double number = json::to_double(parsed->root().number_text());
    if (std::isfinite(number)) return SearchValue::of_number(number);
  }
  return SearchValue::of_text(std::string(text));
}

struct KeyRange {
  std::string from;
  std::string to;

  void narrow(const KeyRange& other) {
    from = std::max(from, other.from);
    to = std::min(to, other.to);
  }
};

// The rows of one condition.
KeyRange range_of(const std::string& prefix, const SearchCondition& condition) {
  const std::string value = prefix + encode(condition.value);
  const std::string kind = prefix + static_cast<char>(condition.value.kind);
  switch (condition.comparison) {
    case Operator::kEqual:
      return {value, after_prefix(value)};
    case Operator::kLess:
      return {kind, value};
    case Operator::kLessOrEqual:
      return {kind, after_prefix(value)};
    case Operator::kGreater:
      return {after_prefix(value), after_prefix(kind)};
    case Operator::kGreaterOrEqual:
      return {value, after_prefix(kind)};
    case Operator::kBeginsWith:
      break;
  }
  const std::string begin = prefix + encode_text_prefix(condition.value.text);
  return {begin, after_prefix(begin)};
}

int selectivity(const SearchCondition& condition) {
  if (condition.comparison == Operator::kEqual) return 2;
  return condition.comparison == Operator::kBeginsWith ? 1 : 0;
}

// The rows of one shard in the range, a chunk at a time.
class ShardRows {
 public:
  struct Row {
    std::string key;
    std::uint32_t closed = 0;
  };

  ShardRows(const store::Store& store, store::ShardId shard, KeyRange range)
      : store_(store), shard_(shard), range_(std::move(range)) {
    fill();
  }

  store::ShardId shard() const { return shard_; }
  bool at_end() const { return next_ == chunk_.size(); }
  const Row& front() const { return chunk_[next_]; }
  void pop() {
    if (++next_ == chunk_.size() && !exhausted_) fill();
  }

 private:
  void fill() {
    chunk_.clear();
    next_ = 0;
    exhausted_ = true;
    store_.scan(
        shard_, store::Space::kState, range_.from, range_.to, store::Store::Direction::kForward,
        [this](std::string_view key, std::string_view value) {
          if (chunk_.size() == kChunk) return exhausted_ = false;
          range_.from = std::string(key) + '\0';
          chunk_.push_back({std::string(key), closed_second(store::Space::kState, key, value)});
          return true;
        });
  }

  const store::Store& store_;
  store::ShardId shard_;
  KeyRange range_;
  std::vector<Row> chunk_;
  std::size_t next_ = 0;
  bool exhausted_ = false;
};

}  // namespace

bool SearchCondition::holds(const Summary& summary) const {
  const auto entry =
      std::find_if(summary.search.begin(), summary.search.end(),
                   [this](const SearchEntry& one) { return one.attribute == attribute; });
  if (entry == summary.search.end() || entry->value.kind != value.kind) return false;
  const auto compared = encode(entry->value).compare(encode(value));
  switch (comparison) {
    case Operator::kEqual:
      return compared == 0;
    case Operator::kLess:
      return compared < 0;
    case Operator::kLessOrEqual:
      return compared <= 0;
    case Operator::kGreater:
      return compared > 0;
    case Operator::kGreaterOrEqual:
      return compared >= 0;
    case Operator::kBeginsWith:
      break;
  }
  return entry->value.text.starts_with(value.text);
}

Result<SearchCondition, std::string> parse_search_condition(std::string_view text) {
  const std::size_t at = text.find_first_of("<>=^");
  if (at == std::string_view::npos || at == 0) {
    return Err{"'" + std::string(text) + "' is no condition: NAME=VALUE, also < <= > >= ^="};
  }
  SearchCondition condition;
  condition.name = text.substr(0, at);
  const std::string_view rest = text.substr(at);
  const auto known = std::find_if(kOperators.begin(), kOperators.end(),
                                  [&](const auto& one) { return rest.starts_with(one.text); });
  if (known == kOperators.end()) {
    return Err{"'" + std::string(text) + "' is no condition: '^' alone compares nothing"};
  }
  condition.comparison = known->comparison;
  const std::string_view literal = rest.substr(known->text.size());
  condition.value = read_literal(literal);
  if (condition.comparison == Operator::kBeginsWith) {  // what a text begins with is a text
    condition.value = SearchValue::of_text(
        std::string(is_quoted(literal) ? literal.substr(1, literal.size() - 2) : literal));
  }
  return condition;
}

SearchPage search_executions(const store::Store& store, const Selection& selection,
                             const std::vector<SearchCondition>& conditions,
                             const std::string& after, std::size_t matches_max, Horizon horizon) {
  const std::uint64_t machine = digest_of_machine(selection.owner.value_or(std::string()));
  const SearchCondition& leading = *std::max_element(
      conditions.begin(), conditions.end(),
      [](const auto& left, const auto& right) { return selectivity(left) < selectivity(right); });
  const std::string prefix = search_prefix(machine, leading.attribute);
  KeyRange range{prefix, after_prefix(prefix)};
  for (const SearchCondition& condition : conditions) {
    if (condition.attribute == leading.attribute) range.narrow(range_of(prefix, condition));
  }
  if (!after.empty()) range.from = std::max(range.from, after + '\0');
  std::vector<std::unique_ptr<ShardRows>> shards;
  const auto later = [&shards](std::size_t left, std::size_t right) {
    return shards[left]->front().key > shards[right]->front().key;
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> order(later);
  for (store::ShardId shard = 0; shard < store::kShardCount && range.from < range.to; ++shard) {
    shards.push_back(std::make_unique<ShardRows>(store, shard, range));
    if (!shards.back()->at_end()) order.push(shards.size() - 1);
  }
  SearchPage page;
  std::string last;
  while (!order.empty()) {
    if (page.matches.size() == matches_max || page.examined == kRowsMax) {
      page.next = last;
      break;
    }
    const std::size_t index = order.top();
    order.pop();
    ShardRows& rows = *shards[index];
    last = rows.front().key;
    ++page.examined;
    const auto position = parse_search_key(last);
    if (position && !horizon.hides(rows.front().closed)) {
      const auto row = store.get(rows.shard(), store::Space::kState,
                                 list_key(machine, position->start, position->id));
      auto summary = row ? decode_summary(*row) : std::nullopt;
      const bool wanted = summary && selection.matches(*summary) &&
                          std::all_of(conditions.begin(), conditions.end(),
                                      [&](const auto& one) { return one.holds(*summary); });
      if (wanted) page.matches.push_back({position->id, std::move(*summary)});
    }
    rows.pop();
    if (!rows.at_end()) order.push(index);
  }
  return page;
}

}  // namespace pawl::runtime
