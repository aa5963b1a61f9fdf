// Definitions made to hurt: as deep, as long and as wrong as they can be. Each is answered in
// bounded time and memory, with a machine or an error.
#include <gtest/gtest.h>

#include "asl/parse.h"

namespace pawl::asl {
namespace {

std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

std::string pass_machine(const std::string& parameters) {
  return R"({"StartAt":"X","States":{"X":{"Type":"Pass","End":true,"Parameters":)" + parameters +
         "}}}";
}

TEST(Hostile, DeepTemplates) {
  const std::string deep = repeated("[", 900) + R"({"a.$":"$.b"})" + repeated("]", 900);
  EXPECT_TRUE(parse(pass_machine(deep)).ok());
  const std::string wrong = repeated(R"({"a":)", 900) + R"({"a.$":1})" + repeated("}", 900);
  EXPECT_EQ(parse(pass_machine(wrong)).diagnostics.size(), 1u);
}

TEST(Hostile, DeepConditions) {
  const std::string deep = repeated(R"({"Not":)", 900) + R"({"Variable":"$.a","IsNull":true})" +
                           repeated("}", 899) + R"(,"Next":"S"})";
  EXPECT_TRUE(
      parse(R"({"StartAt":"X","States":{"S":{"Type":"Succeed"},"X":{"Type":"Choice","Choices":[)" +
            deep + "]}}}")
          .ok());
}

// `inside` is the state of the innermost of `levels` nested Map states.
std::string nested_maps(int levels, const std::string& name, const std::string& inside) {
  std::string open;
  std::string close;
  for (int i = 0; i < levels; ++i) {
    const std::string own = name + std::to_string(i);
    open += R"({"StartAt":")" + own + R"(","States":{")" + own +
            R"(":{"Type":"Map","End":true,"ItemProcessor":)";
    close += "}}}";
  }
  return open + inside + close;
}

TEST(Hostile, DeepStates) {
  const std::string inside = R"({"StartAt":"Z","States":{"Z":{"Type":"Succeed"}}})";
  EXPECT_TRUE(parse(nested_maps(300, "m", inside)).ok());
}

TEST(Hostile, DeepStatesWithLongNames) {
  std::string states;
  for (int i = 0; i < 5'000; ++i) {
    states += "\"s" + std::to_string(i) + R"(":{"Type":"Pass","End":true},)";
  }
  const std::string inside =
      R"({"StartAt":"Z","States":{)" + states + R"("Z":{"Type":"Succeed"}}})";
  const ParseOutcome outcome = parse(nested_maps(90, std::string(4'000, 'm'), inside));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.diagnostics.back().code, "TOO_DEEPLY_NESTED");
}

TEST(Hostile, ManyMistakesInDeepPlaces) {
  std::string fields;
  for (int i = 0; i < 20'000; ++i) fields += "\"f" + std::to_string(i) + "\":1,";
  const std::string inside =
      R"({"StartAt":"Z","States":{"Z":{)" + fields + R"("Type":"Succeed"}}})";
  const ParseOutcome outcome = parse(nested_maps(90, std::string(3'000, 'm'), inside));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.diagnostics.front().message, "Field 'f0' is not supported");
  EXPECT_LT(invalid_definition_message(outcome.diagnostics).size(), 8u << 20);
}

TEST(Hostile, ManyEvaluatedMembers) {
  std::string members;
  for (int i = 0; i < 30'000; ++i) members += "\"k" + std::to_string(i) + ".$\":\"$.a\",";
  EXPECT_TRUE(parse(pass_machine("{" + members + R"("z":1})")).ok());
}

}  // namespace
}  // namespace pawl::asl
