#include "json/members.h"

#include <gtest/gtest.h>

#include "json/value.h"

namespace pawl::json {
namespace {

TEST(Members, ReadWhatIsOfTheirTypeAndNothingElse) {
  const Value document = *Value::parse(
      R"({"text":"t","integer":7,"real":2.5,"flag":true,"null":null,"texts":["a",1,"b"]})");
  const Members members(document.root());
  for (const char* name : {"text", "integer", "real", "flag", "null", "texts", "absent"}) {
    SCOPED_TRACE(name);
    const std::string_view wanted(name);
    EXPECT_EQ(members.has(name), wanted != "null" && wanted != "absent");
    EXPECT_EQ(members.text(name).has_value(), wanted == "text");
    EXPECT_EQ(members.integer(name).has_value(), wanted == "integer");
    EXPECT_EQ(members.real(name).has_value(), wanted == "integer" || wanted == "real");
    EXPECT_EQ(members.flag(name), wanted == "flag");
  }
  EXPECT_TRUE(members.flag("absent", true));
  EXPECT_EQ(members.text_or("text", "else"), "t");
  EXPECT_EQ(members.text_or("absent", "else"), "else");
  EXPECT_EQ(members.integer("integer"), 7);
  EXPECT_EQ(members.real("real"), 2.5);
  EXPECT_EQ(members.texts("texts"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(members.texts("absent").empty());
}

}  // namespace
}  // namespace pawl::json
