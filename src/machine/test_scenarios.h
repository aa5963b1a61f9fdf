// Scenarios: machine/scenarios/*.txt. A file holds scenarios: a line `## name`, `limit NAME VALUE`
// and `missing ACTIVITY` lines, the definition, an empty line, the script, `----`, and what the
// script made the machine do.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/test_folders.h"
#include "machine/test_script.h"

namespace pawl::machine::test {

struct Scenario {
  std::string name;
  std::vector<std::string> settings;
  std::string definition;
  std::vector<std::string> script;
  std::string transcript;
};

inline std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline bool is_setting(const std::string& line) {
  return line.starts_with("limit ") || line.starts_with("missing ");
}

inline std::vector<Scenario> read_scenarios(const std::vector<std::string>& lines) {
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

inline Limits read_limits(const Scenario& scenario) {
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

// What a script line is about: a Step of the scenario's world, or nothing that decides.
using Watch = std::function<void(const std::string& line, const Step* step)>;

// Plays the script and answers the world as it is at the end. The definition must be valid.
inline World play(const Scenario& scenario, std::shared_ptr<const asl::Machine> definition,
                  const Watch& watch) {
  World world(std::move(definition), read_limits(scenario));
  for (const std::string& setting : scenario.settings) {
    ScriptLine line(setting);
    if (line.word() == "missing") world.missing_activities.insert(line.rest());
  }
  for (const std::string& line : scenario.script) {
    if (const auto clock = read_clock(line)) {
      world.now = *clock;
      watch(line, nullptr);
    } else if (const auto motion = read_motion(line)) {
      world.motion = *motion;
      watch(line, nullptr);
    } else if (const auto on_failure = read_on_failure(line)) {
      world.on_failure = *on_failure;
      watch(line, nullptr);
    } else if (const auto input = read_input(line)) {
      const Step step = world.feed(*input);
      watch(line, &step);
    } else {
      watch(line + "\n  what?", nullptr);
    }
  }
  return world;
}

inline std::vector<std::filesystem::path> scenario_files() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder = source_dir() / "src/machine/scenarios";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace pawl::machine::test
