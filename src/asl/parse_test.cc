// What definitions compile to: templates and their member order, resources, conditions, defaults.
#include "asl/parse.h"

#include <gtest/gtest.h>

#include <iostream>

#include "asl/resource.h"
#include "asl/timestamp.h"

namespace pawl::asl {
namespace {

std::shared_ptr<const Machine> machine_of(const std::string& definition,
                                          const ParseOptions& options = {}) {
  ParseOutcome outcome = parse(definition, options);
  EXPECT_TRUE(outcome.ok()) << invalid_definition_message(outcome.diagnostics);
  return outcome.machine;
}

// The machine whose only state, "/States/X", is `state`.
std::shared_ptr<const Machine> machine_of_state(const std::string& state) {
  return machine_of(R"({"StartAt":"X","States":{"X":)" + state + "}}");
}

// A template as text: literals as JSON, expressions as <text>, JSONata as {%text%}.
std::string shown(const Template& part) {
  struct Show {
    std::string operator()(const TemplateLiteral& literal) const { return print(literal.node); }
    std::string operator()(const TemplateExpression& part) const {
      return "<" + text_of(part.expression) + ">";
    }
    std::string operator()(const TemplateJsonata& jsonata) const {
      return "{%" + jsonata.expression + "%}";
    }
    std::string operator()(const TemplateArray& array) const {
      std::string text;
      for (const Template& element : array.elements) {
        text += (text.empty() ? "" : ",") + shown(element);
      }
      return "[" + text + "]";
    }
    std::string operator()(const TemplateObject& object) const {
      std::string text;
      for (const TemplateMember& member : object.members) {
        text += (text.empty() ? "" : ",") + member.key + ":" + shown(*member.value);
      }
      return "{" + text + "}";
    }
  };
  return std::visit(Show{}, part.form);
}

TEST(Templates, StaticMembersFirstThenHashMapOrder) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"Iterations.$":"$.i","Values.$":"$.v"})", "{Values:<$.v>,Iterations:<$.i>}"},
      {R"({"FunctionName.$":"$.f","Payload":{"a":1}})", R"({Payload:{"a":1},FunctionName:<$.f>})"},
      {R"({"b":1,"x.$":"$.x","a":{"z":[1,{"y.$":"$.y"}]},"1.$":"$$.Execution.Id"})",
       "{b:1,a:{z:[1,{y:<$.y>}]},1:<$$.Execution.Id>,x:<$.x>}"},
      {R"({"a":"$.b","b":[]})", R"({"a":"$.b","b":[]})"},
      {R"({".$":"$v.a[0]"})", "{:<$v.a[0]>}"},
      {R"j([{"a.$":"States.UUID()"}])j", "[{a:<States.UUID()>}]"},
      {R"("{% not jsonata %}")", R"("{% not jsonata %}")"},
  };
  for (const auto& [parameters, expected] : rows) {
    const auto machine = machine_of_state(R"({"Type":"Pass","End":true,"Parameters":)" +
                                          std::string(parameters) + "}");
    ASSERT_TRUE(machine) << parameters;
    const auto& pass = std::get<PassState>(machine->find("/States/X")->form);
    EXPECT_EQ(shown(*pass.parameters), expected);
  }
}

TEST(Templates, JsonataKeepsDefinitionOrder) {
  const auto machine = machine_of_state(
      R"({"Type":"Pass","QueryLanguage":"JSONata","End":true,
          "Output":{"b":"{%  $states.input.b %}","a.$":"$.a","c":[1,"{%$v%}"],"d":{"e":" {% 1 %}"}}})");
  ASSERT_TRUE(machine);
  EXPECT_EQ(shown(*machine->find("/States/X")->output),
            R"({b:{%$states.input.b%},a.$:"$.a",c:[1,{%$v%}],d:{"e":" {% 1 %}"}})");
}

TEST(Machine, FindsStatesByPointer) {
  const auto machine = machine_of(
      R"({"StartAt":"a/b~","States":{"a/b~":{"Type":"Parallel","Branches":[{"StartAt":"I","States":
          {"I":{"Type":"Pass","Next":"J"},"J":{"Type":"Pass","End":true}}}],"Next":"M"},
          "M":{"Type":"Map","Iterator":{"StartAt":"K","States":{"K":{"Type":"Succeed"}}},
          "Parameters":{"v.$":"$$.Map.Item.Value"},"End":true}}})");
  ASSERT_TRUE(machine);
  const State* start = machine->find(machine->top, machine->top.start_at);
  ASSERT_NE(start, nullptr);
  EXPECT_EQ(start->pointer, "/States/a~1b~0");
  const auto& branch = std::get<ParallelState>(start->form).branches.at(0);
  const State* first = machine->find(branch, branch.start_at);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->pointer, "/States/a~1b~0/Branches/0/States/I");
  EXPECT_EQ(machine->sibling(*first, *first->transition.next)->name, "J");
  const auto& map = std::get<MapState>(machine->sibling(*start, "M")->form);
  EXPECT_EQ(map.item_processor.pointer, "/States/M/Iterator");
  EXPECT_EQ(shown(*map.item_selector), "{v:<$$.Map.Item.Value>}");
  EXPECT_EQ(machine->find("/States/nowhere"), nullptr);
}

TEST(Machine, KeepsDefaultsAndNulls) {
  const auto machine = machine_of_state(
      R"({"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},
          "InputPath":null,"ResultPath":null,"OutputPath":"$var.a","TimeoutSecondsPath":"$.t",
          "HeartbeatSeconds":5,"Credentials":{"RoleArn.$":"$.role"},
          "Retry":[{"ErrorEquals":["A","B"]},{"ErrorEquals":["States.ALL"],"BackoffRate":1.5,
            "JitterStrategy":"FULL","MaxDelaySeconds":9}],
          "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"X"}],"End":true})");
  ASSERT_TRUE(machine);
  const State& state = *machine->find("/States/X");
  EXPECT_TRUE(std::holds_alternative<NullPath>(state.input_path));
  EXPECT_TRUE(std::holds_alternative<NullPath>(state.result_path));
  EXPECT_EQ(std::get<jsonpath::Query>(state.output_path).variable, "var");
  EXPECT_FALSE(state.transition.next.has_value());
  EXPECT_EQ(state.retry.at(0).max_attempts, 3);
  EXPECT_EQ(state.retry.at(0).error_equals.size(), 2u);
  EXPECT_EQ(state.retry.at(1).backoff_rate, 1.5);
  EXPECT_EQ(state.retry.at(1).jitter, Retrier::Jitter::kFull);
  EXPECT_EQ(std::get<jsonpath::Path>(state.catchers.at(0).result_path).text(), "$.e");
  const auto& task = std::get<TaskState>(state.form);
  EXPECT_EQ(std::get<jsonpath::Query>(task.timeout_seconds->form).text, "$.t");
  EXPECT_EQ(std::get<std::int64_t>(task.heartbeat_seconds->form), 5);
  EXPECT_EQ(shown(*task.credentials_role_arn), "<$.role>");
}

TEST(Machine, CompilesConditions) {
  const auto machine = machine_of(
      R"({"StartAt":"C","States":{"S":{"Type":"Succeed"},"C":{"Type":"Choice","Choices":[
          {"And":[{"Variable":"$.a","NumericGreaterThanEqualsPath":"$v"},
                  {"Not":{"Or":[{"Variable":"$.b","IsPresent":false}]}}],
           "Assign":{"x":1},"Next":"S"}]}}})");
  ASSERT_TRUE(machine);
  const auto& rule = std::get<ChoiceState>(machine->find("/States/C")->form).choices.at(0);
  EXPECT_EQ(rule.next, "S");
  EXPECT_EQ(shown(*rule.assign), R"({"x":1})");
  const auto& operands = std::get<AndCondition>(rule.condition.form).operands;
  const auto& comparison = std::get<DataTest>(operands.at(0).form);
  EXPECT_EQ(comparison.comparison, Comparison::kNumericGreaterThanEquals);
  EXPECT_EQ(std::get<jsonpath::Query>(comparison.operand).variable, "v");
  const auto& negation = std::get<NotCondition>(operands.at(1).form);
  const auto& inner = std::get<OrCondition>(negation.operand->form).operands.at(0);
  EXPECT_EQ(std::get<DataTest>(inner.form).comparison, Comparison::kIsPresent);
}

TEST(Machine, KeepsJsonataForms) {
  const auto machine = machine_of(
      R"({"QueryLanguage":"JSONata","StartAt":"W","States":{
          "W":{"Type":"Wait","Seconds":"{% $n %}","Next":"M"},
          "M":{"Type":"Map","Items":"{% $states.input %}","MaxConcurrency":"{% 2 %}",
            "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
              "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"Label":"L","Next":"C"},
          "C":{"Type":"Choice","Choices":[{"Condition":"{% $x > 1 %}","Output":{"a":1},"Next":"F"},
            {"Condition":false,"Next":"F"}],"Default":"F"},
          "F":{"Type":"Fail","Error":"{% $e %}","Cause":"plain"}}})");
  ASSERT_TRUE(machine);
  const auto& wait = std::get<WaitState>(machine->find("/States/W")->form);
  EXPECT_EQ(std::get<TemplateJsonata>(wait.seconds->form).expression, "$n");
  const auto& map = std::get<MapState>(machine->find("/States/M")->form);
  EXPECT_EQ(shown(*map.items), "{%$states.input%}");
  EXPECT_EQ(map.mode, MapState::Mode::kDistributed);
  EXPECT_EQ(map.execution_type, MachineType::kExpress);
  EXPECT_EQ(map.label, "L");
  const auto& choice = std::get<ChoiceState>(machine->find("/States/C")->form);
  EXPECT_EQ(std::get<TemplateJsonata>(choice.choices.at(0).condition.form).expression, "$x > 1");
  EXPECT_FALSE(std::get<bool>(choice.choices.at(1).condition.form));
  const auto& fail = std::get<FailState>(machine->find("/States/F")->form);
  EXPECT_EQ(std::get<TemplateJsonata>(*fail.error).expression, "$e");
  EXPECT_EQ(std::get<std::string>(*fail.cause), "plain");
}

TEST(VariableReferences, ComeFromEveryField) {
  const auto machine = machine_of(R"j({"StartAt":"T","States":{
      "T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{
          "FunctionName.$":"$f",
          "Payload":[{"x.$":"States.Format('{}',States.Array($p,$.q,$$.Execution.Id))"}]},
        "TimeoutSecondsPath":"$t",
        "Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"e.$":"$c"},"Next":"C"}],"Next":"C"},
      "C":{"Type":"Choice","Default":"M",
        "Choices":[{"Not":{"Variable":"$g","StringEqualsPath":"$h"},"Next":"M"}]},
      "M":{"Type":"Map","Next":"N","ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
          "Parameters":{"Bucket.$":"$b","Key":"$.k"},
          "ReaderConfig":{"InputType":"JSON","MaxItemsPath":"$m"}},
        "ItemProcessor":{"StartAt":"J","States":{"J":{"Type":"Pass","QueryLanguage":"JSONata",
          "Output":"{% $map($states.input, function($v){ $v + $outer }) %}","End":true}}}},
      "N":{"Type":"Pass","End":true}}})j");
  ASSERT_TRUE(machine);
  const std::map<std::string, std::vector<std::string>> expected = {
      {"T", {"c", "f", "p", "t"}}, {"C", {"g", "h"}}, {"M", {"b", "m"}}, {"J", {"outer"}}};
  EXPECT_EQ(variable_references(*machine), expected);
}

// "kind|type|action|name|pattern": pattern r, s, 2 or t.
std::string shown(const std::optional<TaskResource>& resource) {
  if (!resource) return "none";
  if (!is_recognized(*resource)) return "unknown";
  if (resource->kind == TaskResource::Kind::kLambdaFunction) return "function";
  if (resource->kind == TaskResource::Kind::kActivity) return "activity";
  const char* pattern = resource->pattern == TaskPattern::kWaitForTaskToken ? "t"
                        : resource->pattern == TaskPattern::kSync
                            ? (resource->sync_version == 2 ? "2" : "s")
                            : "r";
  return resource->resource_type + "|" + resource->action + "|" + resource->resource_name + "|" +
         pattern;
}

TEST(Resources, AreTakenApart) {
  const std::pair<const char*, const char*> rows[] = {
      {"arn:aws:lambda:us-east-1:123456789012:function:f", "function"},
      {"arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", "function"},
      {"arn:aws-cn:lambda:cn-north-1:123456789012:function:f:prod", "function"},
      {"arn:aws:lambda:us-east-1:123456789012:function:", "none"},
      {"arn:aws:lambda:us-east-1:123456789012:layer:l", "none"},
      {"arn:aws:states:us-east-1:123456789012:activity:a", "activity"},
      {"arn:aws:states:::activity:a", "unknown"},
      {"arn:aws:states:us-east-1:123456789012:stateMachine:m", "unknown"},
      {"arn:aws:states:::lambda:invoke", "lambda|invoke|invoke|r"},
      {"arn:aws:states:::lambda:invoke.waitForTaskToken",
       "lambda|invoke|invoke.waitForTaskToken|t"},
      {"arn:aws:states:us-east-1:123456789012:lambda:invoke", "lambda|invoke|invoke|r"},
      {"arn:aws-cn:states:cn-north-1:123456789012:aws-sdk:s3:getObject",
       "aws-sdk:s3|getObject|getObject|r"},
      {"arn:aws:states:us-east-1::lambda:invoke", "none"},
      {"arn:aws:states::123456789012:lambda:invoke", "none"},
      {"arn:aws:states:::states:startExecution.sync:2",
       "states|startExecution|startExecution.sync:2|2"},
      {"arn:aws:states:::ecs:runTask.sync", "ecs|runTask|runTask.sync|s"},
      {"arn:aws:states:::batch:submitJob.waitForTaskToken", "unknown"},
      {"arn:aws:states:::aws-sdk:s3:getObject", "aws-sdk:s3|getObject|getObject|r"},
      {"arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken",
       "aws-sdk:sfn|startExecution|startExecution.waitForTaskToken|t"},
      {"arn:aws:states:::aws-sdk:s3:GetObject", "unknown"},
      {"arn:aws:states:::aws-sdk:s3:getObject.sync", "unknown"},
      {"arn:aws:states:::aws-sdk:S3:getObject", "unknown"},
      {"arn:aws:states:::aws-sdk:s3", "none"},
      {"arn:aws:states:::aws-sdk::getObject", "none"},
      {"arn:aws:states:::lambda:", "none"},
      {"arn:aws:states:::lambda:.sync", "none"},
      {"arn:aws:states:::lambda", "none"},
      {"arn:aws", "none"},
      {"arn::states:::lambda:invoke", "none"},
      {"", "none"},
  };
  for (const auto& [arn, expected] : rows) EXPECT_EQ(shown(parse_resource(arn)), expected) << arn;
}

TEST(Timestamps, AreRfc3339WithUpperCase) {
  for (const char* good :
       {"2016-03-14T01:59:00Z", "2016-03-14T01:59:00.123456789012Z", "2016-02-29T00:00:00+01:00",
        "0001-01-01T00:00:00-23:59", "9999-12-31T23:59:59Z"}) {
    EXPECT_TRUE(is_timestamp(good)) << good;
  }
  for (const char* bad :
       {"", "2016-13-05T21:29:29Z", "05-12-2016T21:29:29Z", "2016-03-14t01:59:00Z",
        "2016-03-14T01:59:00z", "2016-03-14T01:59:00", "2016-03-14 01:59:00Z",
        "2015-02-29T00:00:00Z", "2016-03-14T24:00:00Z", "2016-03-14T01:60:00Z",
        "2016-03-14T01:59:00.Z", "2016-03-14T01:59:00+0100", "2016-03-14T01:59:00Z ", "{% 1 %}"}) {
    EXPECT_FALSE(is_timestamp(bad)) << bad;
  }
}

}  // namespace
}  // namespace pawl::asl
