#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "json/value.h"
#include "json/writer.h"

namespace pawl::json {
namespace {

std::string reprinted(const std::string& text) { return print(Value::parse(text)->root()); }

TEST(Print, EscapesWhatMustBeEscaped) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", R"("")"},
      {"plain / 'text' é 😀", R"("plain / 'text' é 😀")"},
      {"\"\\\b\f\n\r\t", R"("\"\\\b\f\n\r\t")"},
      {std::string("\0\x01\x0b\x1f\x7f", 5), "\"\\u0000\\u0001\\u000B\\u001F\x7f\""},
      // Surrogates: alone, back to front, and joined to the character they make.
      {"a\xED\xA0\xBD", R"("a\uD83D")"},
      {"\xED\xB8\x80\xED\xA0\xBD", R"("\uDE00\uD83D")"},
      {"\xED\xA0\xBD\xED\xB8\x80", R"("😀")"},
      {"\xED\x9F\xBF", "\"\xED\x9F\xBF\""},
      {"a long text whose quote \" is behind its first sixteen characters\n",
       R"("a long text whose quote \" is behind its first sixteen characters\n")"},
      {"fifteen letters\xED\xA0\xBD", R"("fifteen letters\uD83D")"},
  };
  for (const auto& [text, expected] : cases) {
    std::string out;
    print_string_to(text, out);
    EXPECT_EQ(out, expected);
    EXPECT_EQ(print(Node::string(text)), expected);
  }
}

// Escapes that Jackson would have written otherwise are not copied from the source.
TEST(Print, MakesOddSourceCanonical) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"(["\/"])", R"(["/"])"},
      {R"(["\u0041"])", R"(["A"])"},
      {R"(["\u000a"])", R"(["\n"])"},
      {R"(["\u001f"])", R"(["\u001F"])"},
      {R"(["\u001F\uD800"])", R"(["\u001F\uD800"])"},
      {R"(["\ud800"])", R"(["\uD800"])"},
      {R"(["\uD83D\uDE00"])", R"(["😀"])"},
      {R"({"\u0061":[1]})", R"({"a":[1]})"},
      {R"([[1, 2],[3,4]])", R"([[1,2],[3,4]])"},
      {R"([1,2] )", R"([1,2])"},
      {R"([ {"a":"x" },{"b" :1},{ "c":2},{"d":3,"d":4}])",
       R"([{"a":"x"},{"b":1},{"c":2},{"d":4}])"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(reprinted(text), expected);
    EXPECT_EQ(reprinted(expected), expected);
  }
}

TEST(Print, SplicesParsedPartsIntoBuiltOnes) {
  const auto source =
      Value::parse(R"({"items":[{"a":1.0},{"b":"x\n"}] , "n" : 12345678901234567890})");
  Arena arena;
  ObjectBuilder builder(arena);
  builder.set("n", *source->root().find("n"));
  builder.set("items", *source->root().find("items"));
  builder.set("made",
              arena.array({arena.integer(-5), arena.real(0.1), Node::boolean(true), Node()}));
  const Value value = Value::of(builder.finish());
  EXPECT_EQ(value.text(), R"({"n":12345678901234567890,"items":[{"a":1.0},{"b":"x\n"}],)"
                          R"("made":[-5,0.1,true,null]})");
  EXPECT_TRUE(equal(value.root(), builder.finish()));
}

TEST(Print, WriterPutsCommasWhereTheyBelong) {
  std::string out;
  Writer writer(out);
  writer.begin_object();
  writer.key("empty").begin_array().end_array();
  writer.key("list").begin_array().integer(-1).real(2.5).string("a\"b").null().boolean(true);
  writer.begin_object().end_object().raw("[1, 2]").node(Node::boolean(false)).end_array();
  writer.key("é\n").begin_object().key("x").null().end_object();
  writer.end_object();
  EXPECT_EQ(out,
            R"({"empty":[],"list":[-1,2.5,"a\"b",null,true,{},[1, 2],false],"é\n":{"x":null}})");
  EXPECT_TRUE(Value::parse(out).ok());
}

}  // namespace
}  // namespace pawl::json
