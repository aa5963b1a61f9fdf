// Runs machine/scenarios/*.txt. With PAWL_GOLDEN=rewrite what the scripts make the machine do is
// written anew: review the diff.
#include <gtest/gtest.h>

#include <cstdlib>

#include "machine/test_scenarios.h"

namespace pawl::machine::test {
namespace {

std::string run(const Scenario& scenario) {
  const asl::ParseOutcome parsed = asl::parse(scenario.definition);
  if (!parsed.ok()) return asl::invalid_definition_message(parsed.diagnostics) + '\n';
  std::string transcript;
  const World world =
      play(scenario, parsed.machine, [&](const std::string& line, const Step* step) {
        transcript += "> " + line + '\n';
        if (step) transcript += show_step(*step);
      });
  return transcript + show_end(world.execution);
}

// As the file has it: an empty line between scenarios.
std::string without_end_blank(std::string transcript) {
  while (transcript.ends_with("\n\n")) transcript.pop_back();
  return transcript;
}

void rewrite(const std::filesystem::path& path, const std::vector<std::string>& lines,
             const std::vector<Scenario>& scenarios) {
  std::ofstream out(path);
  for (const std::string& line : lines) {
    if (line.starts_with("## ")) break;
    out << line << '\n';
  }
  bool first = true;
  for (const Scenario& scenario : scenarios) {
    if (!std::exchange(first, false)) out << '\n';
    out << "## " << scenario.name << '\n';
    for (const std::string& setting : scenario.settings) out << setting << '\n';
    out << scenario.definition << '\n';
    for (const std::string& line : scenario.script) out << line << '\n';
    out << "----\n" << run(scenario);
  }
}

class Scenarios : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Scenarios, AreAsWritten) {
  const std::vector<std::string> lines = read_lines(GetParam());
  const std::vector<Scenario> scenarios = read_scenarios(lines);
  ASSERT_FALSE(scenarios.empty());
  const char* golden = std::getenv("PAWL_GOLDEN");
  if (golden != nullptr && std::string_view(golden) == "rewrite") {
    return rewrite(GetParam(), lines, scenarios);
  }
  for (const Scenario& scenario : scenarios) {
    EXPECT_EQ(run(scenario), without_end_blank(scenario.transcript)) << scenario.name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Scenarios, testing::ValuesIn(scenario_files()), [](const auto& file) {
  std::string name = file.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace pawl::machine::test
