#include "json/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pawl::json {
namespace {

struct Point {
  std::string x, y;
  friend bool operator==(const Point&, const Point&) = default;
};

enum class Color { kRed, kGreen };

struct Part {
  std::string name = "unnamed";
  int count = -1;
  friend bool operator==(const Part&, const Part&) = default;
};

struct Whole {
  std::string text;
  bool flag = false;
  std::int64_t number = 7;
  Color color = Color::kRed;
  Part part;
  std::vector<std::string> texts;
  std::vector<Part> parts;
  std::map<std::string, std::string> named;
  std::map<std::string, Point, std::less<>> points;
  std::string raw = "{}";
  friend bool operator==(const Whole&, const Whole&) = default;
};

auto row_of(Point& point) { return std::tie(point.x, point.y); }

template <class Fields>
void describe(Fields& fields, Part& part) {
  fields("name", part.name);
  fields("count", part.count);
}

template <class Fields>
void describe(Fields& fields, Whole& whole) {
  fields("text", whole.text);
  fields("flag", whole.flag);
  fields("number", whole.number);
  fields("color", whole.color);
  fields("part", whole.part);
  fields("texts", whole.texts);
  fields("parts", whole.parts);
  fields("named", whole.named);
  fields("points", whole.points);
  fields.json("raw", whole.raw);
}

TEST(Record, IsAnObjectWithoutWhatIsEmpty) {
  EXPECT_EQ(record_text(Whole()),
            R"({"number":7,"color":0,"part":{"name":"unnamed","count":-1},"raw":{}})");
  Whole whole;
  whole.text = "a \"b\"";
  whole.flag = true;
  whole.color = Color::kGreen;
  whole.part = {.name = "", .count = 0};
  whole.texts = {"", "x"};
  whole.parts = {{.name = "p", .count = 2}};
  whole.named = {{"k", ""}};
  whole.points = {{"here", {"1", "2"}}};
  whole.raw = "[1]";
  EXPECT_EQ(record_text(whole),
            R"({"text":"a \"b\"","flag":true,"number":7,"color":1,"part":{"count":0},)"
            R"("texts":["","x"],"parts":[{"name":"p","count":2}],"named":{"k":""},)"
            R"("points":{"here":["1","2"]},"raw":[1]})");
  EXPECT_EQ(read_record<Whole>(record_text(whole)), whole);
}

TEST(Record, WhatIsAbsentIsEmptyAndANumberIsThatOfANewOne) {
  const auto read = read_record<Whole>(R"({"part":{},"unknown":1,"flag":null})");
  EXPECT_EQ(read.number, 7);
  EXPECT_EQ(read.part.count, -1);
  EXPECT_EQ(read.part.name, "");
  EXPECT_EQ(read.raw, "{}");
}

TEST(Record, WhatIsOfAnotherTypeIsAsAbsent) {
  EXPECT_EQ(
      record_text(read_record<Whole>(
          R"({"text":1,"number":"x","color":[],"texts":[1,"a"],"flag":"true"})")),
      R"({"number":7,"color":0,"part":{"name":"unnamed","count":-1},"texts":["","a"],"raw":{}})");
}

RC_GTEST_PROP(Record, IsReadAsItWasWritten,
              (std::vector<std::string> texts, bool flag, std::int64_t number)) {
  Whole whole;
  whole.flag = flag;
  whole.number = number;
  for (std::string& text : texts) {
    for (char& byte : text) byte = static_cast<char>(byte & 0x7f);  // valid UTF-8
    whole.named[text] = text;
    whole.points[text] = {text, "y"};
  }
  whole.texts = std::move(texts);
  RC_ASSERT(read_record<Whole>(record_text(whole)) == whole);
}

}  // namespace
}  // namespace pawl::json
