// The shared conformance cases of the intrinsic functions, as far as they need no engine: the calls
// in a single Pass state's Parameters, against the recorded output.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "base/rng.h"
#include "base/test_folders.h"
#include "intrinsics/call.h"

namespace pawl::intrinsics {
namespace {

namespace fs = std::filesystem;

std::string read_shared_cases() {
  std::ifstream in(shared_dir() / "conformance/cases/intrinsic_functions.json", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Parameters of the only state, if that is all there is to the machine.
const json::Node* parameters_of(json::Node definition) {
  const json::Node* states = definition.find("States");
  if (states == nullptr || states->size() != 1) return nullptr;
  return states->member(0).value.find("Parameters");
}

// Checks one call; false when it reads the Context Object, which a recording hides.
bool check(const std::string& id, std::string_view text, json::Node input, json::Node expected) {
  const auto call = Call::compile(text);
  EXPECT_TRUE(call.ok()) << id;
  if (!call.ok() || text.find("$$") != std::string_view::npos) return false;
  json::Arena arena;
  SeededRng rng(1);
  const auto result = call->evaluate({input, {}, {}}, arena, rng);
  EXPECT_TRUE(result.ok()) << id << ": " << (result.ok() ? "" : result.error().cause);
  if (result.ok()) {
    EXPECT_TRUE(json::equal(*result, expected))
        << id << ": " << json::print(*result) << " is not " << json::print(expected);
  }
  return true;
}

int run_case(json::Node shared) {
  const json::Node* definition_text = shared.find("definition");
  if (definition_text == nullptr || !definition_text->is_string()) return 0;
  json::Arena arena;
  const json::Node definition = json::parse_into(arena, definition_text->string()).value();
  const json::Node input = json::parse_into(arena, shared.find("input")->string()).value();
  const json::Node* output = shared.find("expected")->find("output");
  const json::Node* parameters = parameters_of(definition);
  if (parameters == nullptr || output == nullptr) return 0;
  int checked = 0;
  for (const json::Member& parameter : parameters->members()) {
    const std::string_view key = parameter.key.string();
    if (!key.ends_with(".$")) continue;
    const json::Node* expected = output->find(key.substr(0, key.size() - 2));
    if (expected == nullptr || !parameter.value.string().starts_with("States.")) continue;
    const std::string id(shared.find("id")->string());
    checked += check(id, parameter.value.string(), input, *expected) ? 1 : 0;
  }
  return checked;
}

TEST(SharedCases, Intrinsics) {
  const std::string text = read_shared_cases();
  if (text.empty()) {
    std::cout << "shared cases not found, not run: intrinsic_functions.json\n";
    return;
  }
  json::Arena arena;
  const json::Node shared = json::parse_into(arena, text).value();
  int checked = 0;
  for (const json::Node& each : *shared.find("cases")) checked += run_case(each);
  EXPECT_GT(checked, 80);
}

}  // namespace
}  // namespace pawl::intrinsics
