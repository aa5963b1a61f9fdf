// Templates as data: cases/*.txt hold a template with its parameters and what comes of it, resolved
// in creation order, or its error. Ref answers "<Name>" and GetAtt "<Name.Attribute>" of resources.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/test_folders.h"
#include "templates/document.h"
#include "templates/evaluate.h"
#include "templates/limits.h"
#include "templates/references.h"
#include "templates/transform.h"

namespace pawl::templates {

namespace {

using Parameters = std::map<std::string, std::string>;

Knowledge test_knowledge() {
  Knowledge knowledge;
  knowledge.resource =
      [](const std::string& resource,
         const std::string& attribute) -> Result<std::optional<json::Value>, TemplateError> {
    const std::string name = attribute.empty() ? resource : resource + "." + attribute;
    return std::optional(json::Value::of(json::Node::string("<" + name + ">")));
  };
  knowledge.exported =
      [](const std::string& name) -> Result<std::optional<std::string>, TemplateError> {
    if (name == "missing") return template_error("No export named missing found");
    return std::optional("exported " + name);
  };
  return knowledge;
}

Surroundings test_surroundings() {
  return {.account = "123456789012",
          .region = "eu-west-1",
          .stack_name = "shop",
          .stack_id = "arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1",
          .notification_arns = {"arn:topic"}};
}

std::optional<std::string> stored_parameter(const std::string& name) {
  if (name == "/there") return "stored";
  return std::nullopt;
}

Result<std::string, TemplateError> rendered(const std::string& text, const Parameters& given,
                                            const Knowledge& knowledge) {
  const Surroundings surroundings = test_surroundings();
  const Template parsed = TRY(parse_template(
      TRY(apply_transforms(TRY(read_document(text)), {given, stored_parameter, surroundings}))));
  const ParameterValues parameters = TRY(bind_parameters(parsed, given, stored_parameter));
  TRY(check_rules(parsed, parameters, surroundings));
  const ConditionValues conditions = TRY(evaluate_conditions(parsed, parameters, surroundings));
  const Scope scope{parsed, parameters, surroundings, conditions, knowledge};
  std::string out;
  json::Arena arena;
  for (const std::string& name : TRY(creation_order(parsed))) {
    const Resource& resource = *parsed.resource(name);
    if (!resource.condition.empty() && !conditions.at(resource.condition)) continue;
    const Evaluated properties = TRY(evaluate(arena, scope, resource.properties));
    out += name + " " + resource.type + " " + json::print(properties.node) + "\n";
  }
  for (const Output& output : parsed.outputs) {
    if (!output.condition.empty() && !conditions.at(output.condition)) continue;
    out += "-> " + output.name + " " + json::print(TRY(evaluate(arena, scope, output.value)).node);
    if (!output.export_name.is_null()) {
      out += " as " + json::print(TRY(evaluate(arena, scope, output.export_name)).node);
    }
    out += "\n";
  }
  return out;
}

struct Case {
  std::string name;
  Parameters parameters;
  std::string text;
  std::string expected;
  bool partial = false;  // nothing is known of resources
};

// "== name", "? parameter=value" lines, "? partial", the template, "--", what comes of it.
std::vector<Case> read_cases(const std::filesystem::path& path) {
  std::vector<Case> cases;
  std::ifstream file(path);
  bool in_expected = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("== ")) {
      cases.push_back({.name = line.substr(3), .parameters = {}, .text = {}, .expected = {}});
      in_expected = false;
    } else if (cases.empty() || line.starts_with("# ")) {
      continue;
    } else if (line == "? partial") {
      cases.back().partial = true;
    } else if (line.starts_with("? ")) {
      const std::size_t equals = line.find('=');
      cases.back().parameters[line.substr(2, equals - 2)] = line.substr(equals + 1);
    } else if (line == "--") {
      in_expected = true;
    } else {
      (in_expected ? cases.back().expected : cases.back().text) += line + "\n";
    }
  }
  return cases;
}

TEST(Templates, ComeOutAsTheirCasesSay) {
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(source_dir() / "src/templates/cases")) {
    for (const Case& each : read_cases(entry.path())) {
      ++count;
      const auto outcome =
          rendered(each.text, each.parameters, each.partial ? Knowledge{} : test_knowledge());
      EXPECT_EQ(each.expected, outcome.ok() ? *outcome : "! " + outcome.error().message + "\n")
          << entry.path().filename().string() << ": " << each.name;
    }
  }
  EXPECT_GT(count, 60U);
}

TEST(Templates, RefuseWhatIsTooLarge) {
  EXPECT_EQ(read_document(std::string(kTemplateBytesMax + 1, ' ')).error().message,
            "Template may not exceed 1000000 bytes in size.");
  std::string many = "Resources:\n";
  for (int i = 0; i < 10'000; ++i) many += "  R" + std::to_string(i) + ": {Type: A}\n";
  EXPECT_EQ(parse_template(*read_document(many)).error().message,
            "Template format error: Number of resources, 10000, is greater than maximum allowed, "
            "500");
  EXPECT_FALSE(read_document("a: " + std::string(5'000, '[')).ok());
  EXPECT_FALSE(read_document(std::string(5'000, '{').append("}")).ok());
  EXPECT_FALSE(read_document("{\"a\":" + std::string(500, '[') + std::string(500, ']') + "}").ok());
}

TEST(Templates, BoundWhatJoinsGrowTo) {
  // Every level doubles the one before: without a bound this is a terabyte.
  std::string text = "Parameters:\n  P: {Type: String, Default: " + std::string(1'000, 'x') +
                     "}\nResources:\n  R:\n    Type: A\n    Properties:\n      V: ";
  std::string value = "{Ref: P}";
  for (int i = 0; i < 14; ++i) value = "{'Fn::Join': ['', [" + value + "," + value + "]]}";
  text += value + "\n";
  const auto outcome = rendered(text, {}, test_knowledge());
  ASSERT_FALSE(outcome.ok());
}

constexpr const char* kFunctions[] = {
    "Ref",           "Fn::GetAtt",     "Fn::Sub",          "Fn::Join",
    "Fn::Split",     "Fn::Select",     "Fn::If",           "Fn::Base64",
    "Fn::FindInMap", "Fn::Cidr",       "Fn::ImportValue",  "Fn::GetAZs",
    "Fn::Length",    "Fn::Equals",     "Fn::Transform",    "Fn::And",
    "Fn::Or",        "Fn::Not",        "Condition",        "Fn::No",
    "Fn::Contains",  "Fn::ForEach::X", "Fn::ToJsonString", "Fn::EachMemberIn"};
constexpr const char* kArguments[] = {"1",
                                      R"("x")",
                                      R"("")",
                                      "true",
                                      "[]",
                                      "{}",
                                      "[1]",
                                      R"(["x"])",
                                      R"(["A",{}])",
                                      R"([{},"x"])",
                                      R"(["x",["a"]])",
                                      R"(["M","a"])",
                                      R"(["M","a","zz",{}])",
                                      R"(["C",1])",
                                      R"(["C",1,2])",
                                      R"([["a"],"a"])",
                                      R"(["N",["a"],{}])",
                                      R"({"a":{"b":1}})",
                                      R"(["${x}",{"x":[1]}])",
                                      R"("A.")",
                                      R"("${A.B}")",
                                      R"("${}")",
                                      R"([-1,["a"]])",
                                      R"([99999999999999999999,["a"]])",
                                      R"(["10.0.0.0/8",300,99])",
                                      R"([{"Fn::Join":1},{"Fn::Select":[]}])",
                                      R"("{{resolve:ssm}}")"};
constexpr const char* kPlaces[] = {
    R"("Resources":{"A":{"Type":"T","Properties":{"P":%}}})",
    R"("Resources":{"A":{"Type":"T","DeletionPolicy":%,"DependsOn":[%],"Condition":%}})",
    R"("Resources":{"A":%})",
    R"("Resources":{"A":{"Type":"T"}},"Conditions":{"C":{"Fn::Equals":["a",%]}})",
    R"("Resources":{"A":{"Type":"T"}},"Conditions":{"C":%})",
    R"("Resources":{"A":{"Type":"T"}},"Outputs":{"O":{"Value":"a","Export":{"Name":%}}})",
    R"("Resources":{"A":{"Type":"T"}},"Rules":{"R":{"RuleCondition":%,"Assertions":[{"Assert":%}]}})",
    R"("Resources":{"A":{"Type":"T"},"F":{"Type":"AWS::Serverless::Function","Properties":{
        "InlineCode":"x","Policies":%,"Events":{"E":%},"Tags":%}}})"};

// Answers or errors, and never the end of the process.
TEST(Templates, SurviveEveryFunctionWithEveryArgumentInEveryPlace) {
  std::size_t count = 0;
  for (const char* transform : {"", R"("Transform":"AWS::LanguageExtensions",)",
                                R"("Transform":"AWS::Serverless-2016-10-31",)"}) {
    for (const std::string place : kPlaces) {
      for (const char* function : kFunctions) {
        for (const char* argument : kArguments) {
          const std::string call = std::string("{\"") + function + "\":" + argument + "}";
          std::string text = std::string("{") + transform + R"("Mappings":{"M":{"a":{"b":"c"}}},)";
          for (const char byte : place) byte == '%' ? text += call : text += byte;
          static_cast<void>(rendered(text + "}", {}, ++count % 2 ? Knowledge{} : test_knowledge()));
        }
      }
    }
  }
  EXPECT_GT(count, 10'000U);
}

// 500 resources in a chain and a pair in a circle at its end.
TEST(Templates, NameTheCircleAlone) {
  std::string text = "Resources:\n";
  for (int i = 0; i < 498; ++i) {
    text += "  R" + std::to_string(i) + ": {Type: A, DependsOn: R" + std::to_string(i + 1) + "}\n";
  }
  text += "  R498: {Type: A, DependsOn: R499}\n  R499: {Type: A, DependsOn: R498}\n";
  EXPECT_EQ(parse_template(*read_document(text)).error().message,
            "Circular dependency between resources: [R498, R499]");
}

}  // namespace

}  // namespace pawl::templates
