// Runs what AWS was recorded to answer (the shared conformance cases that need no other service)
// straight through decide, with a clock that jumps to the next timer. The same cases run through
// HTTP elsewhere; this is the fast loop, and it names the events.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>

#include "base/test_folders.h"
#include "json/number.h"
#include "machine/test_world.h"
#include "machine/timestamps.h"

namespace pawl::machine::test {
namespace {

std::filesystem::path cases_folder() { return shared_dir() / "conformance" / "cases"; }

std::string text_of(const json::Node* node) {
  return node != nullptr && node->is_string() ? std::string(node->string()) : std::string();
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Compares an answer with a recording, in which names that differ from run to run are replaced:
// "<uuid:1>", "snf_role_arn", "timestamp" (conformance README, "Case format").
class Matcher {
 public:
  explicit Matcher(const json::Node& recorded) {
    if (const json::Node* tokens = recorded.find("tokens")) {
      for (const json::Node& token : *tokens) bare_.push_back(text_of(&token));
    }
  }

  // Empty when they agree, else where they differ.
  std::string difference(json::Node expected, json::Node actual, const std::string& path) const {
    if (expected.is_object() || expected.is_array()) {
      // Texts that hold JSON were parsed by the recorder.
      if (actual.is_string()) {
        parsed_.push_back(json::Value::trusted(std::string(actual.string())));
        actual = parsed_.back().root();
      }
      return expected.is_object() ? objects(expected, actual, path)
                                  : arrays(expected, actual, path);
    }
    if (expected.is_string()) return texts(expected, actual, path);
    if (expected.is_number() && actual.is_string()) {
      return expected.number_text() == actual.string() ? "" : unequal(expected, actual, path);
    }
    return json::equal(expected, actual) ? "" : unequal(expected, actual, path);
  }

 private:
  static std::string unequal(json::Node expected, json::Node actual, const std::string& path) {
    return path + ": expected " + json::print(expected) + ", got " + json::print(actual);
  }

  std::string objects(json::Node expected, json::Node actual, const std::string& path) const {
    if (!actual.is_object()) return unequal(expected, actual, path);
    for (const json::Member& member : expected.members()) {
      const std::string key(member.key.string());
      const json::Node* found = actual.find(key);
      if (found == nullptr) return path + "." + key + ": missing";
      std::string inner = difference(member.value, *found, path + "." + key);
      if (!inner.empty()) return inner;
    }
    if (expected.size() != actual.size()) return unequal(expected, actual, path);
    return "";
  }

  std::string arrays(json::Node expected, json::Node actual, const std::string& path) const {
    if (!actual.is_array() || actual.size() != expected.size()) {
      return unequal(expected, actual, path);
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
      std::string inner =
          difference(expected.at(i), actual.at(i), path + "[" + std::to_string(i) + "]");
      if (!inner.empty()) return inner;
    }
    return "";
  }

  std::string texts(json::Node expected, json::Node actual, const std::string& path) const {
    const std::string wanted(expected.string());
    if (!actual.is_string()) {
      return is_placeholder(wanted) ? "" : unequal(expected, actual, path);
    }
    if (fits(wanted, std::string(actual.string()))) return "";
    return unequal(expected, actual, path);
  }

  bool is_placeholder(const std::string& text) const {
    return std::find(bare_.begin(), bare_.end(), text) != bare_.end() || text == "timestamp" ||
           text == "datetime";
  }

  // Every placeholder stands for some text.
  bool fits(const std::string& expected, const std::string& actual) const {
    if (expected == actual || is_placeholder(expected)) return true;
    static const std::regex kPlaceholder(
        R"(<<?[A-Za-z][^<>"\\\n]{0,60}?>(?::\d+>)?|111111111111|date)");
    std::string pattern;
    auto at = std::sregex_iterator(expected.begin(), expected.end(), kPlaceholder);
    std::size_t done = 0;
    const auto literal = [&](std::size_t end) {
      for (; done < end; ++done) {
        if (std::string_view("\\^$.|?*+()[]{}").find(expected[done]) != std::string_view::npos) {
          pattern += '\\';
        }
        pattern += expected[done];
      }
    };
    for (; at != std::sregex_iterator(); ++at) {
      literal(static_cast<std::size_t>(at->position()));
      pattern += "[^]+";
      done += static_cast<std::size_t>(at->length());
    }
    literal(expected.size());
    return std::regex_match(actual, std::regex(pattern));
  }

  std::vector<std::string> bare_;
  mutable std::vector<json::Value> parsed_;
};

// `@@now+24855d@@` and the like, as run.py makes them.
std::string fill_in(std::string text) {
  static const std::regex kNow(R"(@@now\+(\d+)d@@)");
  std::smatch found;
  while (std::regex_search(text, found, kNow)) {
    const WallMillis day = std::stoll(found[1]);
    std::string stamp = print_timestamp(kEpoch + day * 86'400'000);
    stamp.pop_back();  // the template has the zone
    text.replace(static_cast<std::size_t>(found.position()),
                 static_cast<std::size_t>(found.length()), stamp);
  }
  return text;
}

void run_to_end(World& world, const std::string& input, bool expect_running) {
  Step step = world.feed(Start{json::Value::trusted(input)});
  for (int rounds = 0; rounds < 10'000 && !world.execution.closed(); ++rounds) {
    if (step.more) {
      step = world.feed(Continue{});
      continue;
    }
    if (expect_running || world.open.timers().empty()) return;
    const auto next = std::min_element(
        world.open.timers().begin(), world.open.timers().end(),
        [](const auto& left, const auto& right) { return left.second < right.second; });
    world.now = std::max(world.now, next->second);
    step = world.feed(TimerFired{next->first});
  }
}

std::string status_name(Status status) {
  static constexpr const char* kNames[] = {"",       "RUNNING",   "SUCCEEDED",
                                           "FAILED", "TIMED_OUT", "ABORTED"};
  return kNames[static_cast<int>(status)];
}

std::string outcome_difference(const Matcher& matcher, const json::Node& expected,
                               const Execution& execution) {
  json::Arena arena;
  const auto check = [&](std::string_view member, const std::optional<std::string>& actual) {
    const json::Node* wanted = expected.find(member);
    if (wanted == nullptr) return actual ? std::string(member) + ": not expected" : std::string();
    if (!actual) return std::string(member) + ": missing";
    return matcher.difference(*wanted, arena.string(*actual), std::string(member));
  };
  std::string difference = check("status", status_name(execution.status));
  if (execution.status == Status::kSucceeded) {
    // The outcome's output is compared as JSON.
    const json::Node* wanted = expected.find("output");
    const json::Value text = json::Value::trusted(text_of(wanted));
    const json::Node output = wanted != nullptr && wanted->is_string() ? text.root() : *wanted;
    if (difference.empty())
      difference = matcher.difference(output, execution.output.root(), "output");
  }
  if (difference.empty()) difference = check("error", execution.fault.error);
  if (difference.empty()) difference = check("cause", execution.fault.cause);
  return difference;
}

// A recorded event without what the machine does not make: times, and `...Details` of data.
std::string details_difference(const Matcher& matcher, const json::Node& expected,
                               const Event& event) {
  const json::Value actual = json::Value::trusted(details(event));
  json::Arena arena;
  json::ObjectBuilder wanted(arena);
  for (const json::Member& member : expected.members()) {
    if (!member.key.string().ends_with("EventDetails")) continue;
    for (const json::Member& inner : member.value.members()) {
      if (inner.key.string().ends_with("Details")) continue;
      wanted.set(inner.key.string(), inner.value);
    }
  }
  return matcher.difference(wanted.finish(), actual.root(), text_of(expected.find("type")));
}

std::string event_difference(const Matcher& matcher, const json::Node& expected,
                             const Event& event) {
  if (text_of(expected.find("type")) != type_name(event)) {
    return "expected " + text_of(expected.find("type")) + ", got " + type_name(event);
  }
  return details_difference(matcher, expected, event);
}

std::vector<Event> visible(const std::vector<Event>& events) {
  std::vector<Event> kept;
  std::copy_if(events.begin(), events.end(), std::back_inserter(kept),
               [](const Event& event) { return event.visible(); });
  return kept;
}

// The recorder took ids off what ran in parallel branches and sorted it: any order fits.
std::string as_multiset(const Matcher& matcher, const json::Node& expected,
                        std::vector<Event> events) {
  for (const json::Node& wanted : expected) {
    const auto found = std::find_if(events.begin(), events.end(), [&](const Event& event) {
      return event_difference(matcher, wanted, event).empty();
    });
    if (found == events.end()) return "no event fits " + json::print(wanted);
    events.erase(found);
  }
  // Its slip: ParallelStateSucceeded before an Exited vanished, and inner ParallelStateExited too.
  for (const Event& event : events) {
    if (!type_name(event).starts_with("ParallelState")) return "not expected: " + type_name(event);
  }
  return "";
}

std::string history_difference(const Matcher& matcher, const json::Node& recorded,
                               std::vector<Event> events) {
  const json::Node* expected = recorded.find("expected")->find("events");
  if (expected == nullptr) return "";
  if (recorded.find("parallel_sorted") != nullptr) return as_multiset(matcher, *expected, events);
  const bool reversed = text_of(expected->at(0).find("type")) != "ExecutionStarted";
  if (reversed) std::reverse(events.begin(), events.end());
  for (std::size_t i = 0; i < std::min(expected->size(), events.size()); ++i) {
    const json::Node& wanted = expected->at(i);
    const auto id = json::to_int64(wanted.find("id")->number_text());
    const auto previous = json::to_int64(wanted.find("previousEventId")->number_text());
    const std::string at = "event " + std::to_string(i + 1) + ": ";
    std::string difference = event_difference(matcher, wanted, events[i]);
    if (!difference.empty()) return at + difference;
    if (id != events[i].id) return at + "id";
    if (previous != events[i].previous) {
      return at + "previousEventId " + std::to_string(events[i].previous) + ", expected " +
             std::to_string(*previous);
    }
  }
  if (expected->size() != events.size()) {
    return std::to_string(events.size()) + " events, expected " + std::to_string(expected->size());
  }
  return "";
}

bool is_ours(const json::Node& recorded) {
  if (text_of(recorded.find("kind")) != "execution" || recorded.find("needs")->size() != 0 ||
      recorded.find("definition") == nullptr) {
    return false;
  }
  // The children of Distributed Maps are executions of their own: more than one World holds.
  const std::string definition = text_of(recorded.find("definition"));
  return definition.find("\"DISTRIBUTED\"") == std::string::npos;
}

std::string run_case(const json::Node& recorded) {
  const asl::ParseOutcome parsed = asl::parse(fill_in(text_of(recorded.find("definition"))));
  if (!parsed.ok()) return asl::invalid_definition_message(parsed.diagnostics);
  const json::Node& expected = *recorded.find("expected");
  World world(parsed.machine);
  const json::Node* input = recorded.find("input");
  run_to_end(world, input != nullptr && input->is_string() ? fill_in(text_of(input)) : "{}",
             text_of(expected.find("status")) == "RUNNING");
  const Matcher matcher(recorded);
  std::string difference = outcome_difference(matcher, expected, world.execution);
  if (!difference.empty()) return difference;
  return history_difference(matcher, recorded, visible(world.events));
}

TEST(Recorded, CasesThatNeedNoOtherService) {
  const std::filesystem::path folder = cases_folder();
  if (!std::filesystem::exists(folder)) {
    std::cout << "shared cases not found, not run: " << folder << '\n';
    return;
  }
  const char* only = std::getenv("PAWL_CASE");
  int count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    const json::Value suite = json::Value::trusted(read_file(file.path()));
    for (const json::Node& recorded : *suite.root().find("cases")) {
      const std::string id = text_of(recorded.find("id"));
      if (!is_ours(recorded) || (only != nullptr && id.find(only) == std::string::npos)) continue;
      ++count;
      const std::string difference = run_case(recorded);
      EXPECT_EQ(difference, "") << id;
    }
  }
  std::cout << count << " recorded cases run\n";
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace pawl::machine::test
