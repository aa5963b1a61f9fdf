// Reading and building nodes: lookup, distinct keys, equality.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "json/value.h"

namespace pawl::json {
namespace {

std::string object_text(int count, int doubled_every = 0) {
  std::string text = "{";
  for (int i = 0; i < count; ++i) {
    if (i > 0) text += ',';
    text += "\"key" + std::to_string(i) + "\":" + std::to_string(i);
    if (doubled_every > 0 && i % doubled_every == 0) text += ",\"key0\":" + std::to_string(-i);
  }
  return text + "}";
}

TEST(Node, FindsMembersOfObjectsOfEverySize) {
  for (const int count : {0, 1, 2, 15, 16, 17, 18, 31, 32, 33, 100, 5000}) {
    const auto value = Value::parse(object_text(count));
    const Node root = value->root();
    ASSERT_EQ(root.size(), count);
    for (int i = 0; i < count; ++i) {
      const std::string key = "key" + std::to_string(i);
      ASSERT_NE(root.find(key), nullptr) << key << " of " << count;
      EXPECT_EQ(root.find(key)->number_text(), std::to_string(i));
      EXPECT_EQ(root.member(i).key.string(), key);
    }
    EXPECT_EQ(root.find("key"), nullptr);
    EXPECT_EQ(root.find(""), nullptr);
    EXPECT_EQ(root.find("key" + std::to_string(count)), nullptr);
  }
  EXPECT_EQ(Value::parse("[1]")->root().find("a"), nullptr);
  EXPECT_EQ(Node().find("a"), nullptr);
}

TEST(Node, DoubledKeysKeepTheFirstPlaceAndTheLastValue) {
  for (const int count : {2, 9, 16, 17, 24, 40, 1000}) {
    const auto value = Value::parse(object_text(count, 3));
    const Node root = value->root();
    ASSERT_EQ(root.size(), count);
    const int last = (count - 1) / 3 * 3;
    EXPECT_EQ(root.member(0).key.string(), "key0");
    EXPECT_EQ(root.find("key0")->number_text(), std::to_string(-last));
    for (int i = 1; i < count; ++i) {
      EXPECT_EQ(root.find("key" + std::to_string(i))->number_text(), std::to_string(i));
    }
    EXPECT_TRUE(equal(root, Value::parse(print(root))->root()));
  }
}

TEST(Node, ManyDoubledKeysTakeLinearTime) {
  std::string text = "{\"a\":0";
  for (int i = 1; i <= 200'000; ++i) text += ",\"" + std::to_string(i % 70'000) + "\":1";
  const auto value = Value::parse(text + "}");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->root().size(), 70'001);
}

TEST(Node, BuilderReplacesInPlace) {
  for (const int count : {1, 16, 17, 33, 1000}) {
    Arena arena;
    ObjectBuilder builder(arena);
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < count; ++i) {
        builder.set("key" + std::to_string(i), arena.integer(i * (round + 1)));
      }
    }
    const Node object = builder.finish();
    ASSERT_EQ(object.size(), count);
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(object.member(i).key.string(), "key" + std::to_string(i));
      EXPECT_EQ(object.find("key" + std::to_string(i))->number_text(), std::to_string(i * 2));
    }
  }
}

TEST(Node, ArenaKeepsWhatItMade) {
  Arena arena;
  std::vector<std::pair<Node, std::string>> made;
  for (int i = 0; i < 3000; ++i) {
    const std::string text(static_cast<std::size_t>(i), static_cast<char>('a' + i % 26));
    made.emplace_back(arena.string(text), text);
  }
  for (const auto& [node, text] : made) EXPECT_EQ(node.string(), text);
  EXPECT_GE(arena.bytes_used(), 3000u * 2999 / 2);
  EXPECT_EQ(print(arena.array({})), "[]");
  EXPECT_EQ(print(arena.object({})), "{}");
  EXPECT_EQ(print(arena.integer(INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(arena.string({}).string(), "");
}

struct Comparison {
  std::string left;
  std::string right;
  bool equal;
};

TEST(Node, EqualityIsDeepAndByValue) {
  const std::string many = object_text(100);
  std::string reversed = "{";
  for (int i = 99; i >= 0; --i) {
    reversed +=
        "\"key" + std::to_string(i) + "\":" + std::to_string(i) + ".0" + (i > 0 ? "," : "}");
  }
  const std::vector<Comparison> cases = {
      {"1", "1.0", true},
      {"1e2", "100", true},
      {"-0", "0", true},
      {"10000000000000000000001", "10000000000000000000002", false},
      {"0.1", "0.10000000000000001", false},
      {"1", "\"1\"", false},
      {"null", "false", false},
      {"true", "true", true},
      {"true", "false", false},
      {R"("\u0041")", R"("A")", true},
      {"[1,2]", "[1,2.0]", true},
      {"[1,2]", "[2,1]", false},
      {"[1]", "[1,1]", false},
      {"[]", "{}", false},
      {R"({"a":1,"b":[{}]})", R"({ "b":[{}],"a":1.0})", true},
      {R"({"a":1,"b":2})", R"({"a":1,"c":2})", false},
      {R"({"a":1})", R"({"a":1,"b":2})", false},
      {R"({"a":{"b":1}})", R"({"a":{"b":2}})", false},
      {many, reversed, true},
      {many, object_text(101), false},
  };
  for (const Comparison& test : cases) {
    const auto left = Value::parse(test.left);
    const auto right = Value::parse(test.right);
    EXPECT_EQ(equal(left->root(), right->root()), test.equal) << test.left << ' ' << test.right;
    EXPECT_EQ(equal(right->root(), left->root()), test.equal) << test.right << ' ' << test.left;
  }
}

}  // namespace
}  // namespace pawl::json
