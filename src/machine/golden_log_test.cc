// Golden logs (decision D2): what an execution's records mean is fixed with the release that wrote
// them. machine/golden_logs/VERSION holds, for every scenario of that release, its records as they
// were encoded then and what they replayed to: history, outcome, pending commands. Every later
// build replays them to the same. A folder is written once, by `./dev golden-logs`, and never
// again.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/test_folders.h"
#include "machine/codec.h"
#include "machine/test_scenarios.h"

namespace pawl::machine::test {
namespace {

constexpr int kHexLineBytes = 60;

std::filesystem::path golden_logs() { return source_dir() / "src/machine/golden_logs"; }

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out += kDigits[value >> 4];
    out += kDigits[value & 15];
  }
  return out;
}

std::string unhex(std::string_view digits) {
  const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1]));
  }
  return out;
}

// One record: a line that begins with ':' and lines that begin with a blank.
std::string show_record(std::string_view record) {
  const std::string digits = hex(record);
  std::string out;
  for (std::size_t at = 0; at < digits.size(); at += 2 * kHexLineBytes) {
    out += (at == 0 ? ": " : "  ") + digits.substr(at, 2 * kHexLineBytes) + '\n';
  }
  return out;
}

// What all the records add up to, by `apply` alone.
std::string replay(const std::vector<std::string>& records) {
  Execution execution;
  std::string out;
  for (const std::string& record : records) {
    const auto events = decode_events(record);
    if (!events) return "cannot be read: " + events.error().message + '\n';
    for (const Event& event : *events) {
      apply(execution, event);
      out += "  " + show_event(event) + '\n';
    }
  }
  for (const Command& command : pending_commands(execution)) {
    out += "  ! " + std::visit(ShowCommand(), command) + '\n';
  }
  return out + show_end(execution);
}

struct Log {
  std::string name;
  std::vector<std::string> records;
  std::string meaning;
};

std::vector<Log> read_logs(const std::filesystem::path& path) {
  std::vector<Log> logs;
  bool in_meaning = false;
  for (const std::string& line : read_lines(path)) {
    if (line.starts_with("## ")) {
      logs.emplace_back().name = line.substr(3);
      in_meaning = false;
    } else if (line == "----") {
      in_meaning = true;
    } else if (in_meaning) {
      logs.back().meaning += line + '\n';
    } else if (line.starts_with(": ")) {
      logs.back().records.push_back(unhex(line.substr(2)));
    } else {
      logs.back().records.back() += unhex(line.substr(2));
    }
  }
  return logs;
}

void write_logs(const std::filesystem::path& folder) {
  ASSERT_FALSE(std::filesystem::exists(folder)) << folder << " was written by its release";
  std::filesystem::create_directories(folder);
  for (const std::filesystem::path& file : scenario_files()) {
    std::ofstream out(folder / file.filename());
    for (const Scenario& scenario : read_scenarios(read_lines(file))) {
      const asl::ParseOutcome parsed = asl::parse(scenario.definition);
      if (!parsed.ok()) continue;
      std::vector<std::string> records;
      play(scenario, parsed.machine, [&](const std::string&, const Step* step) {
        if (step && !step->events.empty()) records.push_back(encode_events(step->events));
      });
      out << "## " << scenario.name << '\n';
      for (const std::string& record : records) out << show_record(record);
      out << "----\n" << replay(records);
    }
  }
}

TEST(GoldenLogs, MeanWhatTheyMeantToTheirRelease) {
  if (const char* version = std::getenv("PAWL_GOLDEN_LOGS")) write_logs(golden_logs() / version);
  std::size_t logs = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(golden_logs())) {
    if (!file.is_regular_file()) continue;
    for (const Log& log : read_logs(file.path())) {
      EXPECT_EQ(replay(log.records), log.meaning) << file.path() << ": " << log.name;
      ++logs;
    }
  }
  EXPECT_GT(logs, 0u);
}

TEST(GoldenLogs, ShowARecordSoThatItCanBeReadAgain) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(unhex(hex(bytes)), bytes);
}

}  // namespace
}  // namespace pawl::machine::test
