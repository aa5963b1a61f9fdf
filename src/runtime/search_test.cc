// Search attributes: the order of values, conditions, and rows that say what the executions say.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "runtime/search_query.h"
#include "runtime/shard_harness.h"

namespace pawl::runtime {
namespace {

using machine::Status;
using testing::ElementsAre;

RC_GTEST_PROP(SearchValues, NumbersAreOrderedAsTheirBytes, (double left, double right)) {
  RC_PRE(std::isfinite(left) && std::isfinite(right));
  const std::string a = encode(SearchValue::of_number(left));
  const std::string b = encode(SearchValue::of_number(right));
  RC_ASSERT((a < b) == (left < right));
  RC_ASSERT(decode_search_value(a)->number == left);
}

RC_GTEST_PROP(SearchValues, TextsAreOrderedAsTheirBytes,
              (const std::string& left, const std::string& right)) {
  const std::string a = encode(SearchValue::of_text(left));
  const std::string b = encode(SearchValue::of_text(right));
  RC_ASSERT((a < b) == (left < right));
  RC_ASSERT(a == b || !b.starts_with(a));
  RC_ASSERT(decode_search_value(a)->text == left);
  RC_ASSERT(a.starts_with(encode_text_prefix(left.substr(0, left.size() / 2))));
}

RC_GTEST_PROP(SearchValues, AnyBytesDecodeOrDoNot, (const std::string& bytes)) {
  (void)decode_search_value(bytes);
  (void)parse_search_key(bytes);
}

TEST(SearchConditions, AreReadAsWritten) {
  using Operator = SearchCondition::Operator;
  struct Row {
    const char* text;
    const char* name;
    Operator comparison;
    SearchValue value;
  };
  const Row rows[] = {
      {"a=17", "a", Operator::kEqual, SearchValue::of_number(17)},
      {"a<=-1.5e3", "a", Operator::kLessOrEqual, SearchValue::of_number(-1500)},
      {"a>=x y", "a", Operator::kGreaterOrEqual, SearchValue::of_text("x y")},
      {"a<'17'", "a", Operator::kLess, SearchValue::of_text("17")},
      {"a>\"\"", "a", Operator::kGreater, SearchValue::of_text("")},
      {"a^=17", "a", Operator::kBeginsWith, SearchValue::of_text("17")},
      {"a=true", "a", Operator::kEqual, SearchValue::of_text("true")},
      {"a=b=c", "a", Operator::kEqual, SearchValue::of_text("b=c")},
      {"a=", "a", Operator::kEqual, SearchValue::of_text("")},
      {"a=1e999", "a", Operator::kEqual, SearchValue::of_text("1e999")},
  };
  for (const Row& row : rows) {
    const auto read = parse_search_condition(row.text);
    ASSERT_TRUE(read.ok()) << row.text;
    EXPECT_EQ(read->name, row.name) << row.text;
    EXPECT_EQ(read->comparison, row.comparison) << row.text;
    EXPECT_EQ(read->value, row.value) << row.text;
  }
  for (const char* wrong : {"", "a", "=1", "^x", "a^1"}) {
    EXPECT_FALSE(parse_search_condition(wrong).ok()) << wrong;
  }
}

constexpr const char* kPass = R"({"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}})";
constexpr const char* kWait =
    R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100,"End":true}}})";

class Searching : public ShardHarness {
 protected:
  void declare() {
    search_.set(digest_of_machine(names_.machine_arn()),
                {{1, "order", SearchAttribute::Source::kInput, path("$.order.id")},
                 {2, "sum", SearchAttribute::Source::kOutput, path("$.sum")}});
  }
  static jsonpath::Path path(const char* text) { return jsonpath::Path::compile(text).value(); }

  // Starts executions e0, e1 ... of whatever shards, one an input.
  void start_all(const std::vector<std::string>& inputs) {
    for (const std::string& input : inputs) {
      StartRequest request = start_request(input);
      request.names.execution = "e" + std::to_string(started_++);
      const ExecutionId id = id_of_execution(request.names.execution_arn());
      Shard owner(id.shard(), *environment_);
      owner.start(id, std::move(request), [](StartOutcome) {});
      owner.end_turn();
      store_->sync(store_->waiting());
      advance_time(1'000);
    }
  }
  std::vector<std::string> find(const std::vector<std::string>& where, std::size_t page_size = 3,
                                Selection selection = {}) {
    std::vector<SearchCondition> conditions;
    for (const std::string& text : where) {
      conditions.push_back(parse_search_condition(text).value());
      conditions.back().attribute = conditions.back().name == "order" ? 1 : 2;
    }
    selection.owner = names_.machine_arn();
    std::vector<std::string> names;
    std::string after;
    do {
      const SearchPage page = search_executions(*store_, selection, conditions, after, page_size,
                                                environment_->horizon());
      for (const auto& match : page.matches) names.push_back(match.summary.names.execution);
      after = page.next;
    } while (!after.empty());
    return names;
  }
  std::size_t search_rows() const {
    std::size_t count = 0;
    store_->scan(id_.shard(), store::Space::kState, "s", "t", store::Store::Direction::kForward,
                 [&count](std::string_view, std::string_view) { return ++count > 0; });
    return count;
  }
  int started_ = 0;
};

TEST_F(Searching, FindsByEveryOperatorInTheOrderOfValues) {
  define(kPass);
  declare();
  start_all({R"({"order":{"id":17},"sum":3})", R"({"order":{"id":-5}})", R"({"order":{"id":"17"}})",
             R"({"order":{"id":2.5},"sum":"x"})", R"({"order":{}})", R"({"order":{"id":"Berlin"}})",
             R"({"order":{"id":"Bern"}})", R"({"order":{"id":true}})", R"({"order":{"id":17}})",
             R"({"order":{"id":[17]}})"});
  for (const std::size_t page_size : {1u, 2u, 100u}) {
    EXPECT_THAT(find({"order=17"}, page_size), ElementsAre("e8", "e0"));  // the newest first
    EXPECT_THAT(find({"order='17'"}, page_size), ElementsAre("e2"));
    EXPECT_THAT(find({"order<17"}, page_size), ElementsAre("e1", "e3"));
    EXPECT_THAT(find({"order<=17"}, page_size), ElementsAre("e1", "e3", "e8", "e0"));
    EXPECT_THAT(find({"order>2.5"}, page_size), ElementsAre("e8", "e0"));
    EXPECT_THAT(find({"order>=2.5", "order<17"}, page_size), ElementsAre("e3"));
    EXPECT_THAT(find({"order^=Ber"}, page_size), ElementsAre("e5", "e6"));
    EXPECT_THAT(find({"order=true"}, page_size), ElementsAre("e7"));
    EXPECT_THAT(find({"order>=17", "sum=3"}, page_size), ElementsAre("e0"));
    EXPECT_THAT(find({"order=17", "order=18"}, page_size), ElementsAre());
    EXPECT_THAT(find({"sum>0"}, page_size), ElementsAre("e0"));
  }
  Selection open;
  open.statuses = {Status::kRunning};
  EXPECT_THAT(find({"order=17"}, 3, open), ElementsAre());
}

TEST_F(Searching, RowsAreOfTheBatchOfTheState) {
  define(kWait);
  declare();
  start(R"({"order":{"id":1}})");
  turn();
  crash();
  EXPECT_EQ(search_rows(), 0u);
  start(R"({"order":{"id":1}})");
  sync();
  EXPECT_THAT(find({"order=1"}), ElementsAre("e"));
  crash();
  deliver(machine::Stop{});
  sync();
  EXPECT_THAT(find({"order=1"}), ElementsAre("e"));
  EXPECT_EQ(search_rows(), 1u);
}

TEST_F(Searching, ADeclarationFindsWhatEndsLater) {
  define(kWait);
  start(R"({"order":{"id":1}})");
  sync();
  declare();
  EXPECT_THAT(find({"order=1"}), ElementsAre());
  deliver(machine::Stop{});
  sync();
  EXPECT_THAT(find({"order=1"}), ElementsAre("e"));
}

// Its row in the store has no values yet when it comes into memory and is written again.
TEST_F(Searching, WhatIsLoadedWhileItIsIndexedKeepsItsValues) {
  define(kWait);
  start(R"({"order":{"id":1}})");
  sync();
  restart();
  declare();
  ASSERT_EQ(shard_->resident(), 0u);
  std::optional<IndexedPage> indexed;
  shard_->index_existing(digest_of_machine(names_.machine_arn()), "",
                         [&indexed](IndexedPage page) { indexed = std::move(page); });
  turn();
  ASSERT_TRUE(stored()->summary.search.empty()) << "the batch is not durable";
  shard_->pause(id_, {clock_.wall, "me", "why"},
                [this](Delivery delivery) { deliveries_.push_back(delivery.kind); });
  turn();
  EXPECT_FALSE(indexed);
  EXPECT_TRUE(deliveries_.empty());
  sync();
  ASSERT_TRUE(indexed);
  EXPECT_EQ(indexed->indexed, 1u);
  EXPECT_FALSE(indexed->lost);
  EXPECT_EQ(deliveries_, std::vector{Delivery::Kind::kAccepted});
  EXPECT_TRUE(stored()->summary.pause);
  EXPECT_EQ(stored()->summary.search.size(), 1u);
  EXPECT_THAT(find({"order=1"}), ElementsAre("e"));
}

TEST_F(Searching, ARemovedAttributeLeavesNoRows) {
  define(kWait);
  declare();
  start(R"({"order":{"id":1}})");
  sync();
  search_.set(digest_of_machine(names_.machine_arn()), {});
  bool dropped = false;
  shard_->drop_search_attribute(digest_of_machine(names_.machine_arn()), 1,
                                [&dropped] { dropped = true; });
  sync();
  EXPECT_TRUE(dropped);
  EXPECT_EQ(search_rows(), 0u);
  deliver(machine::Stop{});
  sync();
  EXPECT_EQ(search_rows(), 0u);
}

TEST_F(Searching, WhatIsDeletedOrHasPassedTheRetentionIsNotFound) {
  define(kPass);
  declare();
  start(R"({"order":{"id":1}})");
  sync();
  retention_ms_ = 10'000;
  restart();
  EXPECT_THAT(find({"order=1"}), ElementsAre("e"));
  advance_time(20'000);
  EXPECT_THAT(find({"order=1"}), ElementsAre());
  advance_time(-20'000);
  shard_->erase(id_, [](EraseOutcome) {});
  sync();
  EXPECT_EQ(search_rows(), 0u);
}

TEST_F(Searching, AMachineWithoutAttributesWritesNoRowMore) {
  define(kPass);
  search_.set(42, {{1, "order", SearchAttribute::Source::kInput, path("$.order.id")}});
  start(R"({"order":{"id":1}})");
  sync();
  EXPECT_EQ(rows(store::Space::kState), 2u);
}

}  // namespace
}  // namespace pawl::runtime
