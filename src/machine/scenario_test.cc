// Runs machine/scenarios/*.txt. A file holds scenarios: a line `## name`, `limit NAME VALUE` and
// `missing ACTIVITY` lines, the definition, an empty line, the script, `----`, and what the script
// made the machine do. With PAWL_GOLDEN=rewrite the last part is written anew: review the diff.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "machine/test_script.h"

namespace pawl::machine::test {
namespace {

struct Scenario {
  std::string name;
  std::vector<std::string> settings;
  std::string definition;
  std::vector<std::string> script;
  std::string transcript;
};

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_setting(const std::string& line) {
  return line.starts_with("limit ") || line.starts_with("missing ");
}

std::vector<Scenario> read_scenarios(const std::vector<std::string>& lines) {
  std::vector<Scenario> scenarios;
  enum class Part { kDefinition, kScript, kTranscript } part = Part::kDefinition;
  for (const std::string& line : lines) {
    if (line.starts_with("## ")) {
      scenarios.emplace_back().name = line.substr(3);
      part = Part::kDefinition;
      continue;
    }
    if (scenarios.empty()) continue;  // the file's own comment
    Scenario& scenario = scenarios.back();
    if (part == Part::kTranscript) {
      scenario.transcript += line + '\n';
    } else if (line == "----") {
      part = Part::kTranscript;
    } else if (part == Part::kScript) {
      scenario.script.push_back(line);
    } else if (line.empty()) {
      part = Part::kScript;
    } else if (is_setting(line)) {
      scenario.settings.push_back(line);
    } else {
      scenario.definition += line + '\n';
    }
  }
  return scenarios;
}

Limits read_limits(const Scenario& scenario) {
  Limits limits = kAwsLimits;
  for (const std::string& setting : scenario.settings) {
    ScriptLine line(setting);
    if (line.word() != "limit") continue;
    const std::string name = line.word();
    const std::int64_t value = line.number();
    if (name == "payload_bytes_max") limits.payload_bytes_max = static_cast<std::size_t>(value);
    if (name == "history_events_max") limits.history_events_max = value;
    if (name == "map_concurrency_max") limits.map_concurrency_max = static_cast<int>(value);
    if (name == "step_fuel_max") limits.step_fuel_max = value;
  }
  return limits;
}

std::string run(const Scenario& scenario) {
  const asl::ParseOutcome parsed = asl::parse(scenario.definition);
  if (!parsed.ok()) return asl::invalid_definition_message(parsed.diagnostics) + '\n';
  World world(parsed.machine, read_limits(scenario));
  for (const std::string& setting : scenario.settings) {
    ScriptLine line(setting);
    if (line.word() == "missing") world.missing_activities.insert(line.rest());
  }
  std::string transcript;
  for (const std::string& line : scenario.script) {
    transcript += "> " + line + '\n';
    if (const auto clock = read_clock(line)) {
      world.now = *clock;
    } else if (const auto input = read_input(line)) {
      transcript += show_step(world.feed(*input));
    } else {
      transcript += "  what?\n";
    }
  }
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

std::vector<std::filesystem::path> scenario_files() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder = std::string(PAWL_SOURCE_DIR) + "/src/machine/scenarios";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(All, Scenarios, testing::ValuesIn(scenario_files()), [](const auto& file) {
  std::string name = file.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace pawl::machine::test
