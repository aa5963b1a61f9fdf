// Random state machines for the properties: every state type, nested Parallel and Map, Retry and
// Catch, all from one seed. They always end: transitions only go forward.
#pragma once

#include <string>
#include <vector>

#include "base/rng.h"

namespace pawl::machine::test {

class MachineMaker {
 public:
  enum class Maps { kInline, kAll };
  explicit MachineMaker(std::uint64_t seed, Maps maps = Maps::kAll) : rng_(seed), maps_(maps) {}

  std::string make() {
    const std::string timeout = one_in(8) ? R"("TimeoutSeconds":7,)" : "";
    return '{' + timeout + block(0) + '}';
  }
  // Its `items` are what the machine's Map states iterate over.
  std::string make_input() {
    return pick({R"({"items": []})", R"({"items": [1]})", R"({"items": ["a", {"b" : []}]})",
                 R"({"items": [null, 4, [5]], "made": 1})"});
  }

 private:
  static constexpr int kDepthMax = 3;

  std::uint64_t below(std::uint64_t bound) { return rng_.next() % bound; }
  bool one_in(std::uint64_t chance) { return below(chance) == 0; }
  std::string pick(const std::vector<std::string>& choices) {
    return choices[below(choices.size())];
  }

  // "StartAt" and "States" of a chain of states; names are unique in the machine.
  std::string block(int depth) {
    const std::uint64_t length = 1 + below(depth == 0 ? 4 : 3);
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < length; ++i) names.push_back("S" + std::to_string(++last_name_));
    std::string states;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) states += ',';
      states += '"' + names[i] + "\":{" + state(names, i, depth) + '}';
    }
    return R"("StartAt":")" + names[0] + R"(","States":{)" + states + '}';
  }

  std::string transition(const std::vector<std::string>& names, std::size_t at) {
    if (at + 1 == names.size()) return R"("End":true)";
    return R"("Next":")" + names[at + 1] + '"';
  }

  std::string state(const std::vector<std::string>& names, std::size_t at, int depth) {
    const bool last = at + 1 == names.size();
    const bool deep = depth < kDepthMax;
    if (one_in(4)) return jsonata_state(names, at, depth);
    switch (below(deep ? 10 : 6)) {
      case 0:
      case 1:
        return pass(depth) + transition(names, at);
      case 2:
        return wait() + transition(names, at);
      case 3:
      case 4:
        return task(names, at) + transition(names, at);
      case 5:
        return last ? ending() : choice(names, at);
      case 6:
      case 7:
        return parallel(names, at, depth) + transition(names, at);
      case 8:
        return map(names, at, depth) + transition(names, at);
      default:
        if (maps_ == Maps::kInline) return map(names, at, depth) + transition(names, at);
        return distributed_map(names, at, depth) + transition(names, at);
    }
  }

  // An inner scope may not assign an outer one's variables.
  static std::string variable(char letter, int depth) { return letter + std::to_string(depth); }

  // States in the other query language; expressions that fail are among them.
  std::string jsonata_state(const std::vector<std::string>& names, std::size_t at, int depth) {
    const std::string language = R"("QueryLanguage":"JSONata",)";
    const std::string v = variable('v', depth);
    const std::string w = variable('w', depth);
    const std::string output = pick(
        {"", R"("Output":{"made":"{% $states.context.State.Name %}"},)",
         R"("Output":"{% $states.input %}",)", R"("Output":"{% $nothing %}",)",
         R"("Assign":{")" + v + R"(":"{% $exists($)" + v + R"() ? $)" + v + R"( & '+' : 'v' %}"},)",
         R"("Assign":{")" + w +
             R"(":[1,"{% $states.input %}"]},"Output":{"w":"{% $random() < 2 %}"},)"});
    switch (below(depth < kDepthMax ? 5 : 3)) {
      case 0:
        return language + R"("Type":"Pass",)" + output + transition(names, at);
      case 1:
        return language + R"("Type":"Wait",)" +
               pick({R"("Seconds":"{% 1 + 1 %}",)", R"("Timestamp":"{% 'never' %}",)"}) + output +
               transition(names, at);
      case 2:
        return language + R"("Type":"Task","Resource":)" +
               R"("arn:aws:lambda:us-east-1:000000000000:function:f","Arguments":)" +
               pick({R"({"in":"{% $states.input %}"},)", R"("{% $states.none %}",)"}) + output +
               jsonata_recovery(names, at) + transition(names, at);
      case 3:
        return language + R"("Type":"Parallel","Arguments":{"a":"{% [1,2] %}"},"Branches":[{)" +
               block(depth + 1) + "}]," + output + jsonata_recovery(names, at) +
               transition(names, at);
      default:
        return language + R"("Type":"Map","Items":)" +
               pick({R"("{% $states.context.Execution.Input.items %}",)", R"(["a","{% 2 %}"],)",
                     R"("{% 'no array' %}",)"}) +
               pick({"", R"("ItemSelector":{"i":"{% $states.context.Map.Item.Index %}"},)",
                     R"("ItemSelector":"{% $states.context.Map.Item.Index < 1 ? 1 %}",)"}) +
               R"("MaxConcurrency":"{% 2 %}","ItemProcessor":{)" + block(depth + 1) + "}," +
               output + jsonata_recovery(names, at) + transition(names, at);
    }
  }

  std::string jsonata_recovery(const std::vector<std::string>& names, std::size_t at) {
    std::string fields;
    if (one_in(2)) {
      fields += R"("Retry":[{"ErrorEquals":[")" +
                pick({"E1", "States.ALL", "States.QueryEvaluationError"}) +
                R"("],"IntervalSeconds":0,"MaxAttempts":1}],)";
    }
    if (at + 1 < names.size() && one_in(2)) {
      fields += R"("Catch":[{"ErrorEquals":["States.ALL"],)" +
                pick({"", R"("Output":"{% $states.errorOutput %}",)", R"("Output":"{% $no %}",)",
                      R"("Assign":{"e":"{% $states.errorOutput.Error %}"},)"}) +
                R"("Next":")" + names[at + 1] + "\"}],";
    }
    return fields;
  }

  // Its children are no business of the core: the run is answered as a task is.
  std::string distributed_map(const std::vector<std::string>& names, std::size_t at, int depth) {
    return R"("Type":"Map",)" +
           pick({R"("ItemsPath":"$$.Execution.Input.items",)",
                 R"("ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":)"
                 R"({"Bucket":"b","Key":"k"},"ReaderConfig":{"InputType":"JSON"}},)"}) +
           pick({"", R"("ToleratedFailureCountPath":"$.no",)",
                 R"("ItemBatcher":{"MaxItemsPerBatch":2},)"}) +
           R"("ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},)" +
           block(depth + 1) + "}," + recovery(names, at);
  }

  std::string ending() {
    return pick({R"("Type":"Succeed")", R"("Type":"Succeed","OutputPath":null)",
                 R"("Type":"Fail","Error":"E1","Cause":"because")", R"("Type":"Fail")",
                 R"("Type":"Fail","ErrorPath":"$.no.such.thing")"});
  }

  std::string pass(int depth) {
    return R"("Type":"Pass",)" +
           pick({"", R"("Result":{"made":[1,2,3]},)",
                 R"("Result":[1,{"a":"b"}],"ResultPath":"$.r",)",
                 R"("Parameters":{"was.$":"$","id.$":"$$.Execution.Id"},)",
                 R"("Assign":{")" + variable('v', depth) + R"(.$":"$$.State.Name"},)",
                 R"("ResultPath":null,)", R"("InputPath":"$.no",)"});
  }

  std::string wait() {
    return R"("Type":"Wait",)" + pick({R"("Seconds":0,)", R"("Seconds":1,)", R"("Seconds":3,)",
                                       R"("Timestamp":"2023-11-14T22:13:25Z",)"});
  }

  std::string choice(const std::vector<std::string>& names, std::size_t at) {
    const std::string other = names[at + 1 + below(names.size() - at - 1)];
    return R"("Type":"Choice","Choices":[{"Variable":"$.made","IsPresent":true,"Next":")" + other +
           R"("}],"Default":")" + names[at + 1] + '"';
  }

  std::string recovery(const std::vector<std::string>& names, std::size_t at) {
    std::string fields;
    if (one_in(2)) {
      fields += R"("Retry":[{"ErrorEquals":[")" + pick({"E1", "States.ALL", "States.Timeout"}) +
                R"("],"IntervalSeconds":)" + pick({"0", "1", "2"}) + R"(,"MaxAttempts":)" +
                pick({"1", "2"}) + "}],";
    }
    if (at + 1 < names.size() && one_in(2)) {
      fields += R"("Catch":[{"ErrorEquals":[")" + pick({"E1", "States.ALL", "States.TaskFailed"}) +
                R"("],)" + pick({"", R"("ResultPath":"$.error",)", R"("ResultPath":null,)"}) +
                R"("Next":")" + names[at + 1] + "\"}],";
    }
    return fields;
  }

  std::string task(const std::vector<std::string>& names, std::size_t at) {
    const std::string resource = pick(
        {R"("Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",)",
         R"("Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},)",
         R"("Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":4,)"
         R"("Parameters":{"QueueUrl":"q","MessageBody":{"t.$":"$$.Task.Token"}},)",
         R"("Resource":"arn:aws:states:us-east-1:000000000000:activity:a",)"});
    return R"("Type":"Task",)" + resource + (one_in(2) ? R"("TimeoutSeconds":5,)" : "") +
           recovery(names, at);
  }

  std::string parallel(const std::vector<std::string>& names, std::size_t at, int depth) {
    std::string branches;
    for (std::uint64_t count = 1 + below(3); count > 0; --count) {
      branches += (branches.empty() ? "{" : ",{") + block(depth + 1) + '}';
    }
    return R"("Type":"Parallel","Branches":[)" + branches + "]," + recovery(names, at);
  }

  std::string map(const std::vector<std::string>& names, std::size_t at, int depth) {
    return R"("Type":"Map","ItemsPath":"$$.Execution.Input.items","MaxConcurrency":)" +
           pick({"0", "1", "2"}) + R"(,"ItemProcessor":{)" + block(depth + 1) + "}," +
           recovery(names, at);
  }

  SeededRng rng_;
  Maps maps_;
  int last_name_ = 0;
};

}  // namespace pawl::machine::test
