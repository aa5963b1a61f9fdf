// Partial parses: what a full parse refuses they refuse, in the same words, and what they build is
// what a full parse would have there.
#include "json/selection.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "json/damaged_text.h"
#include "json/value.h"

namespace pawl::json {
namespace {

// a, b's c, and of d only how many there are.
Selection some() {
  Selection selection = Selection::nothing();
  selection.add_member("a").add_everything();
  selection.add_member("b").add_member("c").add_everything();
  selection.add_member("d");
  return selection;
}

// What a partial parse is to build of what a full one did.
Node selected(Node node, const Selection& selection, Arena& arena) {
  if (node.is_array()) {
    std::vector<Node> elements;
    for (const Node& each : node) elements.push_back(selected(each, selection, arena));
    return arena.array(elements);
  }
  if (!node.is_object()) return node;
  std::vector<Member> members;
  for (const Member& each : node.members()) {
    const Selection* member = selection.member(each.key.string());
    if (member == nullptr) continue;
    members.push_back({each.key, selected(each.value, *member, arena)});
  }
  return arena.object(members);
}

void check(const std::string& text, const Selection& selection) {
  Arena arena;
  const auto full = parse_into(arena, text);
  const auto partial = parse_into(arena, text, selection);
  ASSERT_EQ(full.ok(), partial.ok()) << testing::PrintToString(text);
  if (!full.ok()) {
    EXPECT_EQ(full.error().message, partial.error().message) << text;
    EXPECT_EQ(full.error().offset, partial.error().offset) << text;
    return;
  }
  EXPECT_EQ(print(*partial), print(selected(*full, selection, arena))) << text;
}

void check(const std::string& text) {
  check(text, Selection::nothing());
  check(text, some());
  check(text, Selection::everything());
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(PartialParse, BuildsWhatIsWanted) {
  const std::string text =
      R"({"x":[1,{"y":2}],"a":{"x":[1, 2]},"b":[{"c":1,"x":2},{"x":{}},[{"c":3}],4],)"
      R"("d":[{"x":1},{"x":2} , 5,[{},[]],{"x":3}],"\u0061":[],"x":null})";
  check(text);
  Arena arena;
  EXPECT_EQ(print(*parse_into(arena, text, some())),
            R"({"a":[],"b":[{"c":1},{},[{"c":3}],4],"d":[{},{},5,[{},[]],{}]})");
  EXPECT_EQ(print(*parse_into(arena, text, Selection::nothing())), "{}");
}

TEST(PartialParse, ChecksWhatIsNotWanted) {
  const std::vector<std::string> values = {"1",
                                           "-0",
                                           "0",
                                           "01",
                                           "1.",
                                           "1.5",
                                           ".5",
                                           "1e5",
                                           "1e",
                                           "-",
                                           "12 ",
                                           "1 2",
                                           "true",
                                           "tru",
                                           "truex",
                                           "null",
                                           "nul",
                                           "false ",
                                           "\"\"",
                                           "\"a",
                                           "\"\\n\"",
                                           "\"\\x\"",
                                           "\"\\u12\"",
                                           "\"\\ud800\"",
                                           "\"a\"b",
                                           "{}",
                                           "[]",
                                           "{",
                                           "[",
                                           "}",
                                           "]",
                                           "",
                                           "{\"k\"}",
                                           "{\"k\":}",
                                           "{1:2}",
                                           "{\"k\":1,}",
                                           "[1,]",
                                           "[,1]",
                                           "[1 2]",
                                           "{\"k\":1 \"l\":2}",
                                           "[{]}",
                                           "{\"k\":[}",
                                           "[[[1],{\"k\":[]}]]",
                                           "\"\x01\"",
                                           "\"\xFF\"",
                                           "1\n",
                                           "12345678901234567890",
                                           "{\"k\":{\"k\":1},\"k\":[{}]}"};
  for (const std::string& value : values) {
    check(value);
    check("{\"x\":" + value + "}");
    check("{\"a\":1,\"x\":[" + value + "],\"b\":{\"x\":" + value + ",\"c\":2}}");
    check("{\"d\":[{\"x\":" + value + "},{}," + value + "]}");
    check("{\"d\":[{},{\"x\":1}" + value + "]}");
  }
}

TEST(PartialParse, CountsDepthAsAFullParseDoes) {
  for (const std::size_t depth : {997u, 998u, 999u, 1'000u, 1'001u}) {
    check(nested(depth));
    check("{\"x\":" + nested(depth) + "}");
    check("[[{\"x\":{\"y\":" + nested(depth) + "}}]]");
    check("{\"d\":[{\"y\":" + nested(depth) + "}]}");
  }
}

TEST(PartialParse, AgreesOnDamagedTexts) {
  const std::vector<std::string> seeds = {
      R"({"a":1,"b":[true,false,null,1.5e10,-0,"x\n\u00e9"],"x":{"d":{"k":[{},[]]}}})",
      R"([1,2.5,-3e5,{"x":"a\"","c":{"x":[{"k":0.5}, {"l":10}]}},"",[],{"d":[{"q":"\\"},{}]}])",
      " {\n \"b\" : {\"x\" : \"Zo\xC3\xAB\" } ,\r\n\t\"k\":[ 1 , 2 ],\"d\" : [{ } , {\"k\":true}] "
      "} ",
  };
  const std::string alphabet = "{}[]:,\"\\ \n\t0123456789.eE+-truefalsnu/abcdx\x01\xC3\xA9\xFF";
  DamagedTexts damaged(seeds, alphabet, 20'250);
  for (int i = 0; i < 20'000; ++i) check(damaged.next());
}

}  // namespace
}  // namespace pawl::json
