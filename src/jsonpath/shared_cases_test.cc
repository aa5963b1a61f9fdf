// The shared JSONPath suites: answers of Jayway 2.0.0, compared as `pawl jsonpath` gives them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/test_folders.h"
#include "json/writer.h"
#include "jsonpath/command.h"

namespace pawl::jsonpath {
namespace {

namespace fs = std::filesystem;

fs::path shared_suites() { return shared_dir() / "jsonpath"; }

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> known_failures() {
  std::ifstream in(source_dir() / "conformance/jsonpath/known_failures.txt");
  std::set<std::string> ids;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() != '#') ids.insert(line.substr(0, line.find('\t')));
  }
  return ids;
}

struct Suite {
  std::string cases;
  std::string documents;  // empty: each case brings its own
};

class SharedCases : public testing::Test {
 protected:
  void run(const Suite& suite) {
    if (!fs::exists(shared_suites() / suite.cases)) {
      std::cout << "shared cases not found, not run: " << suite.cases << "\n";
      return;
    }
    json::Arena documents_arena;
    const std::string documents_text =
        suite.documents.empty() ? "{}" : read(shared_suites() / suite.documents);
    const json::Node documents = json::parse_into(documents_arena, documents_text).value();
    std::ifstream in(shared_suites() / suite.cases);
    for (std::string line; std::getline(in, line);) run_case(line, documents);
    EXPECT_GT(count_, 0);
  }

 private:
  void run_case(const std::string& line, json::Node documents) {
    json::Arena arena;
    const json::Node shared = json::parse_into(arena, line).value();
    const json::Node* reference = shared.find("docref");
    const json::Node* document =
        reference != nullptr ? documents.find(reference->string()) : shared.find("doc");
    ASSERT_NE(document, nullptr) << line;
    const std::string id(shared.find("id")->string());
    check(id, *shared.find("path"), *document, *shared.find("jayway_2_0_0"), Provider::kMap);
    // The file says of the other provider only where it differs.
    const json::Node* other = shared.find("node_provider_differs");
    if (other != nullptr)
      check(id + "#node", *shared.find("path"), *document, *other, Provider::kNode);
  }

  void check(const std::string& id, json::Node path, json::Node document, json::Node expected,
             Provider provider) {
    ++count_;
    std::string request;
    json::Writer(request)
        .begin_object()
        .key("path")
        .node(path)
        .key("json")
        .string(json::print(document))
        .end_object();
    const std::string answer = answer_line(request, provider).value();
    json::Arena arena;
    const bool passes = json::equal(json::parse_into(arena, answer).value(), expected);
    EXPECT_NE(passes, known_failures_.contains(id))
        << id << ": " << json::print(path) << "\n  expected " << json::print(expected)
        << "\n  answered " << answer;
  }

  std::set<std::string> known_failures_ = known_failures();
  int count_ = 0;
};

TEST_F(SharedCases, Aws) { run({"aws.jsonl", ""}); }
TEST_F(SharedCases, Generated) { run({"generated.visible.jsonl", "generated-docs.json"}); }
TEST_F(SharedCases, Jayway) { run({"jayway.visible.jsonl", "jayway-docs.json"}); }

}  // namespace
}  // namespace pawl::jsonpath
