#include "cli/settings.h"

#include <gtest/gtest.h>

#include "cli/config_file.h"

namespace pawl::cli {
namespace {

Setting colour(std::string& target) {
  return {"wheel-colour", "COLOUR", "",
          [&target](std::string_view text) -> Result<void, std::string> {
            if (text == "none") return Err{std::string("is no colour")};
            target = text;
            return {};
          }};
}

struct Case {
  const char* what;
  const char* flag;
  const char* environment;
  const char* file;
  const char* expected;  // the value, or "! message"
};

std::string resolved(const Case& test) {
  std::string value = "default";
  const std::vector<Setting> settings = {colour(value)};
  Sources sources;
  if (test.flag != nullptr) sources.flags["wheel-colour"] = test.flag;
  sources.environment = [&](const std::string& name) -> std::optional<std::string> {
    if (test.environment == nullptr || name != "PAWL_WHEEL_COLOUR") return std::nullopt;
    return test.environment;
  };
  auto file = parse_config(test.file, "pawl.toml");
  if (!file.ok()) return "! " + file.error();
  sources.file = *file;
  if (const auto known = check_keys(settings, sources.file); !known.ok()) {
    return "! " + known.error();
  }
  const auto set = resolve(settings, sources);
  return set.ok() ? value : "! " + set.error();
}

TEST(Settings, FlagThenEnvironmentThenFile) {
  const Case cases[] = {
      {"nothing is set", nullptr, nullptr, "", "default"},
      {"the file", nullptr, nullptr, "wheel_colour = \"red\"", "red"},
      {"the environment wins over the file", nullptr, "blue", "wheel_colour = \"red\"", "blue"},
      {"the flag wins over both", "green", "blue", "wheel_colour = \"red\"", "green"},
      {"a bad flag", "none", nullptr, "", "! --wheel-colour: 'none' is no colour"},
      {"a bad variable", nullptr, "none", "", "! PAWL_WHEEL_COLOUR: 'none' is no colour"},
      {"a bad value in the file", nullptr, nullptr, "\nwheel_colour = \"none\"",
       "! pawl.toml:2:1: wheel_colour: 'none' is no colour"},
      {"a bad value that is not used", "green", "none", "", "green"},
      {"an unknown key", nullptr, nullptr, "wheel_colour = \"red\"\n  wheel_color = \"red\"",
       "! pawl.toml:2:3: no setting 'wheel_color'"},
      {"a table", nullptr, nullptr, "[wheel_colour]\na = 1",
       "! pawl.toml:1:1: neither text, number, boolean nor a list of them"},
      {"numbers", nullptr, nullptr, "wheel_colour = 7", "7"},
      {"booleans", nullptr, nullptr, "wheel_colour = true", "true"},
      {"a list", nullptr, nullptr, "wheel_colour = [\"a\", \"b\"]", "a,b"},
  };
  for (const Case& test : cases) EXPECT_EQ(resolved(test), test.expected) << test.what;
}

TEST(Settings, AMalformedFileIsRefusedWithItsPlace) {
  const auto file = parse_config("a = 1\nb = = 2\n", "pawl.toml");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().rfind("pawl.toml:2:5: ", 0), 0u) << file.error();
}

TEST(Settings, ListsAreSplitAtCommas) {
  using List = std::vector<std::string>;
  EXPECT_EQ(split_list(""), List{});
  EXPECT_EQ(split_list("a"), List{"a"});
  EXPECT_EQ(split_list(" a , ,b,"), (List{"a", "b"}));
}

}  // namespace
}  // namespace pawl::cli
