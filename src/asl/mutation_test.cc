// Valid definitions, changed at random: parse never crashes, always gives a machine or an error,
// and never refuses leniently what it accepts strictly.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "asl/parse.h"
#include "base/test_folders.h"
#include "json/writer.h"

namespace pawl::asl {
namespace {

// The committed fuzz corpus holds a valid definition of every kind.
std::vector<json::Value> seeds() {
  std::vector<json::Value> values;
  for (const auto& file : std::filesystem::directory_iterator(source_dir() / "fuzz/corpus/asl")) {
    std::ifstream in(file.path(), std::ios::binary);
    auto value = json::Value::parse(std::string(std::istreambuf_iterator<char>(in), {}));
    if (value.ok() && parse(value->text()).ok()) values.push_back(*value);
  }
  return values;
}

// What is done to the value numbered `target` in the order of the text.
struct Mutation {
  int target;
  enum class Kind { kReplace, kRemove, kRename } kind;
  std::string text;  // the new value, or the new key
};

class Mutator {
 public:
  explicit Mutator(Mutation mutation) : mutation_(std::move(mutation)) {}

  std::string run(json::Node node) {
    value(node);
    return out_;
  }

 private:
  void value(json::Node node) {
    if (next_++ == mutation_.target && mutation_.kind == Mutation::Kind::kReplace) {
      out_ += mutation_.text;
    } else if (node.is_object()) {
      out_ += '{';
      for (const json::Member& child : node.members()) member(child);
      out_ += '}';
    } else if (node.is_array()) {
      out_ += '[';
      for (const json::Node& element : node) {
        separate();
        value(element);
      }
      out_ += ']';
    } else {
      json::print_to(node, out_);
    }
  }

  void member(const json::Member& child) {
    const bool chosen = next_ == mutation_.target;
    if (chosen && mutation_.kind == Mutation::Kind::kRemove) {
      ++next_;
      return;
    }
    separate();
    const bool rename = chosen && mutation_.kind == Mutation::Kind::kRename;
    json::print_string_to(rename ? std::string_view(mutation_.text) : child.key.string(), out_);
    out_ += ':';
    value(child.value);
  }

  void separate() {
    if (out_.back() != '{' && out_.back() != '[') out_ += ',';
  }

  Mutation mutation_;
  int next_ = 0;
  std::string out_;
};

rc::Gen<std::string> values() {
  return rc::gen::element<std::string>("null", "true", "false", "0", "-1", "1.5", "1e400",
                                       "99999999999999999999", "\"\"", "\"$.a[*]\"", "\"$\"",
                                       "\"{% $x %}\"", "\"{%\"", "\"States.ALL\"",
                                       "\"States.Format('{}',$.a)\"", "[]", "[[]]", "{}",
                                       "{\"a.$\":\"$.b\"}", "{\"Type\":\"Pass\",\"End\":true}");
}

rc::Gen<std::string> keys() {
  return rc::gen::element<std::string>("Next", "End", "Type", "Assign", "Output", "Parameters",
                                       "QueryLanguage", "Retry", "InputPath", "Seconds",
                                       "SecondsPath", "Unknown", "", "a.$", "Branches", "Catch");
}

Mutation any_mutation() {
  const int kind = *rc::gen::inRange(0, 3);
  const int target = *rc::gen::inRange(0, 200);
  if (kind == 0) return {target, Mutation::Kind::kReplace, *values()};
  if (kind == 1) return {target, Mutation::Kind::kRemove, {}};
  return {target, Mutation::Kind::kRename, *keys()};
}

// Whether a location ("/States/C/Choices[0]/Next") leads to a value. Names may hold slashes and
// brackets themselves, so that every way to read it counts.
bool leads_to_a_value(std::string_view location, json::Node node) {
  if (location.empty()) return true;
  if (node.is_array()) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      const std::string index = '[' + std::to_string(i) + ']';
      if (!location.starts_with(index)) continue;
      return leads_to_a_value(location.substr(index.size()), node.at(i));
    }
  }
  for (const json::Member& member : node.members()) {
    const std::string name = '/' + std::string(member.key.string());
    if (location.starts_with(name) &&
        leads_to_a_value(location.substr(name.size()), member.value)) {
      return true;
    }
  }
  return false;
}

// What is said of the whole definition has no location, or that of its root or of its text.
bool names_a_value(const Diagnostic& diagnostic, const std::string& text) {
  const std::string& location = diagnostic.location;
  if (location.empty() || location == "/" || location.starts_with("[Source: ")) return true;
  const auto definition = json::Value::parse(text);
  return definition.ok() && leads_to_a_value(location, definition->root());
}

void check(const std::string& text, const ParseOptions& options) {
  const ParseOutcome outcome = parse(text, options);
  bool has_errors = false;
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    RC_ASSERT(diagnostic.line > 0u && diagnostic.column > 0u);
    if (!names_a_value(diagnostic, text))
      RC_FAIL(diagnostic.message + " at " + diagnostic.location);
    has_errors = has_errors || diagnostic.severity == Diagnostic::Severity::kError;
  }
  RC_ASSERT(outcome.ok() == !has_errors);
  if (!outcome.ok()) return;
  ParseOptions lenient = options;
  lenient.mode = ParseOptions::Mode::kLenient;
  const ParseOutcome again = parse(text, lenient);
  RC_ASSERT(again.ok());
  RC_ASSERT(variable_references(*again.machine) == variable_references(*outcome.machine));
}

TEST(Mutations, GiveAMachineOrAnError) {
  const std::vector<json::Value> valid = seeds();
  ASSERT_GE(valid.size(), 4u);
  EXPECT_TRUE(rc::check([&valid] {
    std::string text(valid[*rc::gen::inRange<std::size_t>(0, valid.size())].text());
    const int count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
      text = Mutator(any_mutation()).run(json::Value::trusted(text).root());
    }
    ParseOptions options;
    if (*rc::gen::arbitrary<bool>()) options.type = MachineType::kExpress;
    check(text, options);
  }));
}

TEST(Mutations, OfBytesToo) {
  const std::vector<json::Value> valid = seeds();
  EXPECT_TRUE(rc::check([&valid] {
    std::string text(valid[*rc::gen::inRange<std::size_t>(0, valid.size())].text());
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    text[at] =
        *rc::gen::element('"', '{', '}', '[', ']', ',', ':', '\\', '0', '$', ' ', '\n', '\x80');
    check(text, {});
  }));
}

}  // namespace
}  // namespace pawl::asl
