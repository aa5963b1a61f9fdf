// Runs conformance/validation: every diagnostic with its text, order and place, and the matrix of
// fields, state types and query languages.
#include "asl/diagnostics.h"

#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include "asl/field_table.h"
#include "asl/parse.h"
#include "base/test_folders.h"

namespace pawl::asl {
namespace {

const std::string kFolder = source_dir() / "conformance/validation/";

struct Case {
  std::string name;
  std::string definition;
  ParseOptions options;
  std::vector<std::string> expected;
};

bool has_flag(const std::string& header, const std::string& flag) {
  return header.find(" [" + flag + "]") != std::string::npos;
}

// "state {...}" stands for a machine of that state alone.
void set_definition(Case& test, const std::string& text) {
  const std::size_t blank = text.find(' ');
  const std::string kind = text.substr(0, blank);
  test.definition = text.substr(blank + 1);
  if (kind == "state") {
    test.definition = R"({"StartAt":"X","States":{"X":)" + test.definition + "}}";
  } else if (kind == "single") {
    test.options.text = ParseOptions::Text::kState;
  } else {
    EXPECT_EQ(kind, "machine") << test.name;
  }
}

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  std::ifstream in(kFolder + "diagnostics.txt");
  std::string definition;
  bool in_definition = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("== ")) {
      cases.emplace_back();
      cases.back().name = line.substr(3);
      if (has_flag(line, "express")) cases.back().options.type = MachineType::kExpress;
      if (has_flag(line, "lenient")) cases.back().options.mode = ParseOptions::Mode::kLenient;
      definition.clear();
      in_definition = true;
    } else if (line == "--") {
      set_definition(cases.back(), definition);
      in_definition = false;
    } else if (in_definition) {
      definition += (definition.empty() ? "" : "\n") + line;
    } else if (!line.empty() && !line.starts_with("#")) {
      cases.back().expected.push_back(line);
    }
  }
  return cases;
}

std::string escaped(const std::string& text) {
  std::string line;
  for (const char byte : text) {
    if (byte == '\n') {
      line += "\\n";
    } else {
      line += byte;
    }
  }
  return line;
}

std::string shown(const Diagnostic& diagnostic) {
  const bool error = diagnostic.severity == Diagnostic::Severity::kError;
  return std::string(error ? "error " : "warning ") + diagnostic.code + ": " +
         escaped(diagnostic.message) + " at " +
         (diagnostic.location.empty() ? "null" : escaped(diagnostic.location));
}

std::string shown(const std::vector<Diagnostic>& diagnostics) {
  std::string lines;
  for (const Diagnostic& diagnostic : diagnostics) lines += shown(diagnostic) + "\n";
  return lines;
}

// An expected line, with "line:column " at its front where it has one.
std::string at_place(const Diagnostic& diagnostic, const std::string& expected) {
  const bool placed = !expected.empty() && expected[0] >= '0' && expected[0] <= '9';
  if (!placed) return shown(diagnostic);
  return std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column) + " " +
         shown(diagnostic);
}

TEST(Diagnostics, SayWhatTheServiceSays) {
  const std::vector<Case> cases = read_cases();
  EXPECT_GT(cases.size(), 100u);
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const ParseOutcome outcome = parse(test.definition, test.options);
    if (outcome.diagnostics.size() != test.expected.size()) {
      ADD_FAILURE() << shown(outcome.diagnostics);
      continue;
    }
    bool errors = false;
    for (std::size_t i = 0; i < test.expected.size(); ++i) {
      EXPECT_EQ(at_place(outcome.diagnostics[i], test.expected[i]), test.expected[i]);
      errors = errors || outcome.diagnostics[i].severity == Diagnostic::Severity::kError;
    }
    EXPECT_EQ(outcome.ok(), !errors);
  }
}

TEST(Diagnostics, AreOneSentenceForCreateStateMachine) {
  const ParseOutcome outcome =
      parse(R"({"StartAt":"A","States":{"A":{"Type":"Pass","Result":"$.a","Next":"NOPE"}}})");
  EXPECT_EQ(invalid_definition_message(outcome.diagnostics),
            "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: "
            "NOPE at /States/A/Next, MISSING_END_STATE: Workflow has no terminal state at null'");
}

TEST(Diagnostics, AreBounded) {
  std::string definition = R"({"StartAt":"A","States":{)";
  for (int i = 0; i < 5'000; ++i) definition += "\"s" + std::to_string(i) + "\":1,";
  definition += R"("A":{"Type":"Succeed"}}})";
  EXPECT_EQ(parse(definition).diagnostics.size(), 1'000u);
  const ParseOutcome too_long = parse(std::string(1'048'577, ' '));
  ASSERT_EQ(too_long.diagnostics.size(), 1u);
  EXPECT_EQ(too_long.diagnostics[0].message, "Definition exceeds the limit of 1048576 bytes");
}

TEST(Diagnostics, WarnOfServicesThatAreNotHere) {
  ParseOptions options;
  options.has_service = [](std::string_view type) { return type == "sqs"; };
  const std::string task = R"({"Type":"Task","Parameters":{},"End":true,"Resource":)";
  const ParseOutcome outcome = parse(
      R"({"StartAt":"A","States":{"A":)" + task + R"("arn:aws:states:::aws-sdk:s3:getObject"}}})",
      options);
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(shown(outcome.diagnostics),
            "warning SERVICE_NOT_AVAILABLE: The service 'aws-sdk:s3' is not available here: the "
            "task will fail with States.Runtime. at /States/A/Resource\n");
}

// ---- fields x types x languages

struct FieldRow {
  std::string type;
  std::map<std::string, Languages> fields;
};

std::vector<FieldRow> read_field_rows() {
  std::vector<FieldRow> rows;
  std::ifstream in(kFolder + "fields.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t colon = line.find(':');
    FieldRow row{line.substr(0, colon), {}};
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) {
      const Languages languages = word[0] == '~'   ? Languages::kJsonPath
                                  : word[0] == '%' ? Languages::kJsonata
                                                   : Languages::kBoth;
      row.fields.emplace(languages == Languages::kBoth ? word : word.substr(1), languages);
    }
    for (const char* field : {"Type", "Comment", "QueryLanguage"}) {
      row.fields.emplace(field, Languages::kBoth);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Shape::Verdict expected_verdict(const FieldRow& row, const std::string& field,
                                QueryLanguage language) {
  const auto found = row.fields.find(field);
  if (found == row.fields.end()) return Shape::Verdict::kUnknown;
  const Languages own =
      language == QueryLanguage::kJsonPath ? Languages::kJsonPath : Languages::kJsonata;
  return found->second == Languages::kBoth || found->second == own ? Shape::Verdict::kAllowed
                                                                   : Shape::Verdict::kOtherLanguage;
}

TEST(FieldTable, IsTheServices) {
  const std::vector<FieldRow> rows = read_field_rows();
  ASSERT_EQ(rows.size(), 8u);
  std::set<std::string> fields = {"States", "StartAt", "Version", "Parameter", "next", ""};
  for (const FieldRow& row : rows) {
    for (const auto& [field, languages] : row.fields) fields.insert(field);
  }
  for (const FieldRow& row : rows) {
    const std::optional<StateType> type = state_type_named(row.type);
    ASSERT_TRUE(type.has_value()) << row.type;
    for (const QueryLanguage language : {QueryLanguage::kJsonPath, QueryLanguage::kJsonata}) {
      for (const std::string& field : fields) {
        EXPECT_EQ(state_shape(*type, language).verdict(field),
                  expected_verdict(row, field, language))
            << row.type << ' ' << field;
      }
    }
  }
}

}  // namespace
}  // namespace pawl::asl
