// The shared JSONata suites: the reference implementation's cases and recorded answers, compared as
// `pawl jsonata` gives them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/test_folders.h"
#include "json/number.h"
#include "json/value.h"
#include "json/writer.h"
#include "jsonata/command.h"

namespace pawl::jsonata {
namespace {

namespace fs = std::filesystem;

fs::path shared_suites() { return shared_dir() / "jsonata"; }

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Numbers as doubles: the reference has no others.
bool same(json::Node expected, json::Node answered, bool ordered) {
  if (expected.is_number() && answered.is_number()) {
    return json::to_double(expected.number_text()) == json::to_double(answered.number_text());
  }
  if (expected.kind() != answered.kind() || expected.size() != answered.size()) return false;
  if (expected.is_object()) {
    for (const json::Member& member : expected.members()) {
      const json::Node* other = answered.find(member.key.string());
      if (other == nullptr || !same(member.value, *other, ordered)) return false;
    }
    return true;
  }
  if (!expected.is_array()) return json::equal(expected, answered);
  std::vector<json::Node> left(answered.begin(), answered.end());
  for (const json::Node& item : expected) {
    auto found = left.begin();
    while (found != left.end() && !same(item, *found, ordered)) {
      if (ordered) return false;
      ++found;
    }
    if (found == left.end()) return false;
    left.erase(found);
  }
  return true;
}

class SharedCases : public testing::Test {
 protected:
  void run(const std::string& cases, Dialect dialect) {
    const fs::path path = shared_suites() / cases;
    if (!fs::exists(path)) {
      std::cout << "shared cases not found, not run: " << cases << "\n";
      return;
    }
    std::ifstream in(path);
    int count = 0;
    for (std::string line; std::getline(in, line); ++count) run_case(line, dialect);
    EXPECT_GT(count, 0);
  }

 private:
  void run_case(const std::string& line, Dialect dialect) {
    json::Arena arena;
    const json::Node shared = json::parse_into(arena, line).value();
    std::string request;
    json::Writer writer(request);
    writer.begin_object();
    for (const json::Member& member : shared.members()) {
      writer.key(member.key.string()).node(member.value);
    }
    if (const json::Node* name = shared.find("dataset")) {
      writer.key("data").raw(dataset(std::string(name->string())));
    }
    writer.end_object();
    const SystemClock clock;
    SeededRng rng(1);
    const std::string answer = answer_line(request, dialect, {clock, rng}).value();
    const json::Node answered = json::parse_into(arena, answer).value();
    const std::string about = std::string(shared.find("id")->string()) + ": " +
                              std::string(shared.find("expr")->string()) + "\n  answered " + answer;
    if (const json::Node* aws = shared.find("aws")) {
      check_aws(*aws, answered, about);
    } else {
      const bool ordered = shared.find("unordered") == nullptr;
      check(*shared.find("expected"), answered, ordered, about);
    }
  }

  static void check(json::Node expected, json::Node answered, bool ordered,
                    const std::string& about) {
    const json::Node* error = expected.find("error");
    if (error == nullptr) {
      EXPECT_TRUE(same(expected, answered, ordered))
          << about << "\n  expected " << json::print(expected);
      return;
    }
    const json::Node* answered_error = answered.find("error");
    ASSERT_NE(answered_error, nullptr) << about << "\n  expected " << json::print(*error);
    for (const json::Member& member : error->members()) {
      const json::Node* other = answered_error->find(member.key.string());
      EXPECT_TRUE(other != nullptr && same(member.value, *other, true))
          << about << "\n  expected " << json::print(*error);
    }
  }

  // What Step Functions answered: a result, a cause or a part of it, a refusal of the definition.
  static void check_aws(json::Node aws, json::Node answered, const std::string& about) {
    if (const json::Node* result = aws.find("result")) {
      const json::Node* other = answered.find("result");
      EXPECT_TRUE(other != nullptr && same(*result, *other, true))
          << about << "\n  expected " << json::print(aws);
      return;
    }
    // Our limits are wider than those of the service.
    if (aws.find("what") != nullptr) return;
    const json::Node* error = answered.find("error");
    ASSERT_NE(error, nullptr) << about << "\n  expected " << json::print(aws);
    const std::string message(error->find("message")->string());
    if (const json::Node* whole = aws.find("cause")) {
      EXPECT_EQ(message, whole->string()) << about;
    }
    if (const json::Node* code = aws.find("code")) {
      ASSERT_NE(error->find("code"), nullptr) << about;
      EXPECT_EQ(error->find("code")->string(), code->string()) << about;
    }
    if (const json::Node* tail = aws.find("tail")) {
      const std::string text = std::string(error->find("code")->string()) + ": " + message;
      EXPECT_EQ(text, tail->string()) << about;
    }
    if (const json::Node* refused = aws.find("definition_refused")) {
      EXPECT_TRUE(refused->string().starts_with(message)) << about << "\n" << message;
    }
  }

  const std::string& dataset(const std::string& name) {
    std::string& text = datasets_[name];
    if (text.empty()) text = read(shared_suites() / "datasets" / (name + ".json"));
    return text;
  }

  std::map<std::string, std::string> datasets_;
};

TEST_F(SharedCases, Reference) { run("cases.visible.jsonl", Dialect::kFull); }
TEST_F(SharedCases, Pitfalls) { run("pitfalls.visible.jsonl", Dialect::kFull); }
TEST_F(SharedCases, StepFunctions) { run("aws-jsonata.jsonl", Dialect::kStepFunctions); }

}  // namespace
}  // namespace pawl::jsonata
