// Every definition of the shared conformance cases: what AWS accepted must parse, what it refused
// must be refused in the same words, and the variables it lists must be ours.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <set>

#include "asl/parse.h"
#include "base/test_folders.h"

namespace pawl::asl {
namespace {

std::filesystem::path cases_folder() { return shared_dir() / "conformance" / "cases"; }

std::string string_or(const json::Node* node, std::string fallback) {
  return node != nullptr && node->is_string() ? std::string(node->string()) : std::move(fallback);
}

// Answers of earlier calls stand in definitions as "@@s1.functionArn@@".
std::string fill_placeholders(std::string text) {
  text = std::regex_replace(text, std::regex("@@[^@]*activityArn[^@]*@@"),
                            "arn:aws:states:us-east-1:111111111111:activity:a");
  text = std::regex_replace(text, std::regex("@@region@@"), "us-east-1");
  text = std::regex_replace(text, std::regex("@@account@@"), "111111111111");
  return std::regex_replace(text, std::regex("@@[^@]*@@"),
                            "arn:aws:lambda:us-east-1:111111111111:function:f");
}

struct SharedDefinition {
  std::string id;
  std::string operation;  // empty: an execution's
  std::string text;
  ParseOptions options;
  bool refused = false;
  json::Node expected;
};

ParseOptions options_of(const json::Node* type, bool single_state) {
  ParseOptions options;
  if (string_or(type, "") == "EXPRESS") options.type = MachineType::kExpress;
  if (single_state) options.text = ParseOptions::Text::kState;
  return options;
}

void add_calls(json::Node test, std::vector<SharedDefinition>& all) {
  const json::Node* calls = test.find("calls");
  const json::Node* expected = test.find("expected");
  if (calls == nullptr) return;
  for (const json::Node& call : *calls) {
    const json::Node* arguments = call.find("args");
    const json::Node* text = arguments == nullptr ? nullptr : arguments->find("definition");
    if (text == nullptr || !text->is_string()) continue;
    const std::string operation = string_or(call.find("op"), "");
    const bool single = operation == "TestState" && arguments->find("stateName") == nullptr;
    all.push_back({string_or(test.find("id"), ""), operation,
                   fill_placeholders(std::string(text->string())),
                   options_of(arguments->find("type"), single), call.find("raises") != nullptr,
                   expected == nullptr ? json::Node() : *expected});
  }
}

void add_case(json::Node test, std::vector<SharedDefinition>& all) {
  const json::Node* text = test.find("definition");
  if (text != nullptr && text->is_string()) {
    all.push_back({string_or(test.find("id"), ""), "",
                   fill_placeholders(std::string(text->string())),
                   options_of(test.find("type"), false), false, json::Node()});
  }
  add_calls(test, all);
}

struct SharedCases {
  std::vector<json::Value> documents;  // keep the nodes alive
  std::vector<SharedDefinition> definitions;
};

SharedCases read_shared_cases() {
  SharedCases shared;
  if (!std::filesystem::is_directory(cases_folder())) {
    std::cout << "shared cases not found, not run\n";
    return shared;
  }
  for (const auto& file : std::filesystem::directory_iterator(cases_folder())) {
    std::ifstream in(file.path(), std::ios::binary);
    auto document = json::Value::parse(std::string(std::istreambuf_iterator<char>(in), {}));
    if (!document.ok()) {
      ADD_FAILURE() << file.path();
      continue;
    }
    shared.documents.push_back(*document);
    for (const json::Node& test : *document->root().find("cases")) {
      add_case(test, shared.definitions);
    }
  }
  return shared;
}

// All strings of an answer in which AWS names a refused definition.
void collect_refusals(json::Node node, std::set<std::string>& refusals) {
  constexpr std::string_view kStart = "Invalid State Machine Definition: ";
  if (node.is_string()) {
    const std::size_t start = node.string().find(kStart);
    if (start != std::string_view::npos) {
      refusals.insert(std::regex_replace(std::string(node.string().substr(start)),
                                         std::regex("<partition>"), "aws"));
    }
  }
  for (const json::Node& element : node) collect_refusals(element, refusals);
  for (const json::Member& member : node.members()) collect_refusals(member.value, refusals);
}

TEST(SharedCases, AcceptedAndRefusedAlike) {
  const SharedCases shared = read_shared_cases();
  int accepted = 0;
  int refused = 0;
  for (const SharedDefinition& definition : shared.definitions) {
    SCOPED_TRACE(definition.id + " " + definition.operation);
    if (definition.operation == "ValidateStateMachineDefinition") continue;
    const ParseOutcome outcome = parse(definition.text, definition.options);
    const std::string message = invalid_definition_message(outcome.diagnostics);
    std::set<std::string> refusals;
    if (definition.refused) collect_refusals(definition.expected, refusals);
    if (refusals.empty()) {
      EXPECT_TRUE(outcome.ok()) << message << '\n' << definition.text;
      ++accepted;
    } else {
      EXPECT_FALSE(outcome.ok()) << definition.text;
      EXPECT_EQ(message, *refusals.begin());
      ++refused;
    }
    ParseOptions lenient = definition.options;
    lenient.mode = ParseOptions::Mode::kLenient;
    EXPECT_TRUE(!outcome.ok() || parse(definition.text, lenient).ok());
  }
  std::cout << accepted << " definitions accepted, " << refused << " refused\n";
}

// What ValidateStateMachineDefinition answers for these diagnostics.
std::string as_answer(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    text += diagnostic.code + "|" + diagnostic.location + "|" + diagnostic.message + "\n";
  }
  return text;
}

TEST(SharedCases, ValidatedAlike) {
  const SharedCases shared = read_shared_cases();
  for (const SharedDefinition& definition : shared.definitions) {
    if (definition.operation != "ValidateStateMachineDefinition") continue;
    SCOPED_TRACE(definition.id);
    const json::Node answer = *definition.expected.find("validation_response");
    std::string expected;
    for (const json::Node& diagnostic : *answer.find("diagnostics")) {
      expected += string_or(diagnostic.find("code"), "") + "|" +
                  string_or(diagnostic.find("location"), "") + "|" +
                  string_or(diagnostic.find("message"), "") + "\n";
    }
    EXPECT_EQ(as_answer(parse(definition.text, definition.options).diagnostics), expected);
  }
}

TEST(SharedCases, SameVariableReferences) {
  const SharedCases shared = read_shared_cases();
  for (const SharedDefinition& definition : shared.definitions) {
    if (definition.operation != "CreateStateMachine") continue;
    const json::Node* answer = definition.expected.find("describe_response");
    if (answer == nullptr || definition.id.find("variable_references") == std::string::npos)
      continue;
    SCOPED_TRACE(definition.id);
    std::map<std::string, std::vector<std::string>> expected;
    if (const json::Node* references = answer->find("variableReferences")) {
      for (const json::Member& member : references->members()) {
        for (const json::Node& name : member.value) {
          expected[std::string(member.key.string())].emplace_back(name.string());
        }
      }
    }
    const ParseOutcome outcome = parse(definition.text, definition.options);
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(variable_references(*outcome.machine), expected);
  }
}

}  // namespace
}  // namespace pawl::asl
