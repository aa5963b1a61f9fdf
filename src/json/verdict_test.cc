// Another judge: simdjson's parser must say yes and no to the same texts, but for what it cannot
// hold (numbers outside of double, lone surrogates).
#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>
#include <vector>

#include "json/damaged_text.h"
#include "json/value.h"

namespace pawl::json {
namespace {

bool beyond_simdjson(simdjson::error_code error, const std::string& text) {
  return error == simdjson::NUMBER_ERROR ||
         (error == simdjson::STRING_ERROR && text.find("\\u") != std::string::npos);
}

void check(const std::string& text, simdjson::dom::parser& judge) {
  const auto error = judge.parse(text).error();
  const bool accepted = Value::parse(text).ok();
  if (accepted && beyond_simdjson(error, text)) return;
  EXPECT_EQ(accepted, error == simdjson::SUCCESS)
      << testing::PrintToString(text) << ' ' << simdjson::error_message(error);
}

TEST(Verdict, AgreesWithSimdjsonOnDamagedTexts) {
  const std::vector<std::string> seeds = {
      R"({"a":1,"b":[true,false,null,1.5e10,-0,"x\n\u00e9"],"c":{"d":{}}})",
      R"([1,2.5,-3e5,0,-0.0,"a","",[],{}])",
      " {\n \"name\" : \"Zo\xC3\xAB\" ,\r\n\t\"k\":[ 1 , 2 ] } ",
      "\"\xF0\x9F\x98\x80 \\\\ \\\" \xE2\x82\xAC\"",
      R"([{"a":[{"b":[{}]}]},"a long text that spans more than one block of sixty-four bytes \\"])",
      "-12.5e-7",
      "null",
  };
  const std::string alphabet =
      "{}[]:,\"\\ \n\t\r0123456789.eE+-truefalsnu/\x01\x7F\xC3\xA9\xED\xF0\xFF";
  DamagedTexts damaged(seeds, alphabet, 20'240);
  simdjson::dom::parser judge;
  for (int i = 0; i < 60'000; ++i) check(damaged.next(), judge);
}

}  // namespace
}  // namespace pawl::json
