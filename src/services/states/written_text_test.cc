#include "services/states/written_text.h"

#include <gtest/gtest.h>

namespace pawl::states {
namespace {

std::string found(std::string_view document, const char* value) {
  return std::string(find_written(document, json::Value::trusted(value)).value_or("nothing"));
}

TEST(WrittenText, IsFoundWithItsBlanks) {
  EXPECT_EQ(found(R"({"a": [ 1, 2 ], "b": [1]})", "[1,2]"), "[ 1, 2 ]");
  EXPECT_EQ(found(R"({"a": [[1], [ 2 ]]})", "[2]"), "[ 2 ]");
  EXPECT_EQ(found(R"({"a": [[1], [ 2 ]]})", "[[1],[2]]"), "[[1], [ 2 ]]");
}

TEST(WrittenText, BracketsAndBlanksInStringsAreText) {
  EXPECT_EQ(found(R"({"[": "] [1]", "a": [ "x \" ]y" ]})", R"(["x \" ]y"])"), R"([ "x \" ]y" ])");
}

TEST(WrittenText, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(found("[1, 2", "[1,2]"), "nothing");
  EXPECT_EQ(found("]]]", "[]"), "nothing");
  EXPECT_EQ(found("[1]", "1"), "nothing");
}

}  // namespace
}  // namespace pawl::states
