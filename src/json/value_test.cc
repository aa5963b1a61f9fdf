// Values: sharing, the lazy parse, and what they keep.
#include "json/value.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pawl::json {
namespace {

TEST(Value, NullIsTheDefault) {
  const Value none;
  EXPECT_EQ(none.text(), "null");
  EXPECT_TRUE(none.root().is_null());
  EXPECT_TRUE(none.same_document(Value::trusted("null")));
  EXPECT_TRUE(none.same_document(Value::of(Node::null())));
  EXPECT_EQ(none, *Value::parse("null"));
}

TEST(Value, CopiesShareOneDocument) {
  Value first = *Value::parse(R"({"a":[1, 2]})");
  const Value second = first;
  EXPECT_TRUE(first.same_document(second));
  EXPECT_EQ(first.root().find("a"), second.root().find("a"));
  const Value other = Value::trusted(R"({"a":[1, 2]})");
  EXPECT_FALSE(first.same_document(other));
  EXPECT_EQ(first, other);
  first = Value::trusted("[3]");
  EXPECT_EQ(second.root().find("a")->at(1).number_text(), "2");
  const Value moved = std::move(first);
  EXPECT_EQ(moved.text(), "[3]");
  Value& itself = first = moved;
  first = itself;
  EXPECT_EQ(first.text(), "[3]");
}

TEST(Value, KeepsItsTextAsItWas) {
  const std::string text = " { \"a\" : 1.0 } ";
  const Value value = *Value::parse(text);
  EXPECT_EQ(value.text(), text);
  EXPECT_EQ(value.bytes(), text.size());
}

TEST(Value, OfANodeSharesNothingWithItsSource) {
  Value part;
  {
    const Value whole = *Value::parse(R"({"a":{"b":["x\ty",1.50]},"c":0})");
    part = Value::of(*whole.root().find("a"));
  }
  EXPECT_EQ(part.text(), R"({"b":["x\ty",1.50]})");
  EXPECT_EQ(part.root().find("b")->at(0).string(), "x\ty");
}

// Many threads ask for the root of the same Values at once; all get the same nodes.
TEST(Value, ParsesOnceForAllThreads) {
  constexpr int kThreads = 4;
  constexpr int kValues = 200;
  std::vector<Value> values;
  for (int i = 0; i < kValues; ++i) {
    values.push_back(Value::trusted("{\"a\":[" + std::to_string(i) + ",\"\\n\"],\"b\":{}}"));
  }
  std::vector<std::vector<const Node*>> seen(kThreads);
  std::atomic<int> ready = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&values, &ready, &mine = seen[static_cast<std::size_t>(t)]] {
      const std::vector<Value> copies = values;
      ++ready;
      while (ready < kThreads) std::this_thread::yield();
      for (const Value& value : copies) mine.push_back(value.root().find("a"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kValues; ++i) {
    const auto place = static_cast<std::size_t>(i);
    EXPECT_EQ(seen[0][place]->at(0).number_text(), std::to_string(i));
    for (const auto& others : seen) EXPECT_EQ(others[place], seen[0][place]);
  }
}

}  // namespace
}  // namespace pawl::json
