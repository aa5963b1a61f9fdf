// machine_bench: what deciding and encoding cost, without store and network. One JSON line a row:
// microseconds of processor time a run (median of the repetitions), events and record bytes a run.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "asl/parse.h"
#include "machine/codec.h"
#include "machine/decide.h"

namespace {

using namespace pawl;
using namespace pawl::machine;

constexpr double kSecondsPerRow = 0.5;
constexpr WallMillis kNow = 1'700'000'000'000;

double processor_microseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// The median time of one call, each sample long enough for the clock.
double microseconds_per_call(const std::function<void()>& body) {
  const auto sample = [&body](int calls) {
    const double start = processor_microseconds();
    for (int i = 0; i < calls; ++i) body();
    return processor_microseconds() - start;
  };
  const double once = std::max(0.05, sample(3) / 3);
  const int calls = std::max(1, static_cast<int>(1'000 / once));
  std::vector<double> samples;
  for (double spent = 0; spent < kSecondsPerRow * 1e6; spent += samples.back()) {
    samples.push_back(sample(calls));
  }
  std::ranges::nth_element(samples, samples.begin() + static_cast<long>(samples.size() / 2));
  return samples[samples.size() / 2] / calls;
}

struct Case {
  std::string name;
  std::string definition;
  std::string input;
  std::string task_output = "{}";
};

// Starts an execution, answers its tasks at once, and keeps the records as a shard would.
class Runner {
 public:
  explicit Runner(const Case& the_case)
      : definition_(asl::parse(the_case.definition).machine),
        input_(json::Value::trusted(the_case.input)),
        task_output_(json::Value::trusted(the_case.task_output)) {}

  bool ok() const { return definition_ != nullptr; }

  void run() {
    Execution execution;
    events_ = 0;
    bytes_ = 0;
    std::vector<Command> open = feed(execution, Start{input_});
    while (!execution.closed() && !open.empty()) {
      const Command command = std::move(open.back());
      open.pop_back();
      if (const auto* task = std::get_if<RunTask>(&command)) {
        std::vector<Command> more = feed(execution, TaskReturned{task->task, task_output_});
        std::move(more.begin(), more.end(), std::back_inserter(open));
      }
    }
  }

  std::size_t events() const { return events_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<Command> feed(Execution& execution, const Input& input) {
    const Context context{.definition = *definition_,
                          .identity = identity_,
                          .limits = kAwsLimits,
                          .now = kNow,
                          .seed = 1,
                          .task_token = [](EventId) { return std::string("token"); },
                          .activity_exists = [](std::string_view) { return true; }};
    Step step = decide(execution, input, context);
    std::vector<Command> commands = std::move(step.commands);
    for (;;) {
      events_ += step.events.size();
      bytes_ += encode_events(step.events).size();
      if (!step.more) return commands;
      step = decide(execution, Continue{}, context);
      std::move(step.commands.begin(), step.commands.end(), std::back_inserter(commands));
    }
  }

  std::shared_ptr<const asl::Machine> definition_;
  json::Value input_;
  json::Value task_output_;
  Identity identity_{
      .execution_arn = "arn:aws:states:us-east-1:000000000000:execution:bench:run",
      .execution_name = "run",
      .state_machine_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:bench",
      .state_machine_name = "bench",
      .role_arn = "arn:aws:iam::000000000000:role/bench",
      .region = "us-east-1"};
  std::size_t events_ = 0;
  std::size_t bytes_ = 0;
};

std::string chain(int length, const std::string& fields) {
  std::string states;
  for (int i = 1; i <= length; ++i) {
    const std::string end =
        i == length ? R"("End":true)" : R"("Next":"Pass)" + std::to_string(i + 1) + '"';
    states += (i > 1 ? "," : "") + ('"' + std::string("Pass") + std::to_string(i)) +
              R"(":{"Type":"Pass",)" + fields + end + '}';
  }
  return R"({"StartAt":"Pass1","States":{)" + states + "}}";
}

std::string numbers(int count) {
  std::string list = "[0";
  for (int i = 1; i < count; ++i) list += ',' + std::to_string(i);
  return list + ']';
}

std::vector<Case> cases() {
  const std::string map_of_pass =
      R"("ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true)";
  return {
      {"pass10", chain(10, ""), "{}"},
      {"pass10_1kb", chain(10, ""), R"({"text":")" + std::string(1'000, 'x') + "\"}"},
      {"pass10_100kb", chain(10, ""), R"({"text":")" + std::string(100'000, 'x') + "\"}"},
      {"pass10_parameters",
       chain(10, R"("Parameters":{"id.$":"$.id","name.$":"$$.State.Name","fixed":1},)"),
       R"({"id":7})"},
      {"choice_loop_free",
       R"({"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[
          {"Variable":"$.n","NumericGreaterThan":10,"Next":"S"},
          {"And":[{"Variable":"$.n","IsPresent":true},{"Variable":"$.n","NumericLessThan":5}],"Next":"S"}]},
          "S":{"Type":"Succeed"}}})",
       R"({"n":3})"},
      {"task3",
       R"({"StartAt":"A","States":{
          "A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"ResultPath":"$.a","Next":"B"},
          "B":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"ResultPath":"$.b","Next":"C"},
          "C":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"End":true}}})",
       R"({"order":17})", R"({"Payload":{"ok":true},"StatusCode":200})"},
      {"parallel8",
       [] {
         std::string branches;
         for (int i = 0; i < 8; ++i) {
           const std::string name = "B" + std::to_string(i);
           branches += (i > 0 ? "," : "") + (R"({"StartAt":")" + name) + R"(","States":{")" + name +
                       R"(":{"Type":"Pass","End":true}}})";
         }
         return R"({"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[)" +
                branches + "]}}}";
       }(),
       "{}"},
      {"map100", R"({"StartAt":"M","States":{"M":{"Type":"Map",)" + map_of_pass + "}}}",
       numbers(100)},
      {"map2000", R"({"StartAt":"M","States":{"M":{"Type":"Map",)" + map_of_pass + "}}}",
       numbers(2'000)},
  };
}

}  // namespace

int main(int argc, char** argv) {
  const std::string only = argc > 1 ? argv[1] : "";
  for (const Case& one : cases()) {
    if (one.name.find(only) == std::string::npos) continue;
    Runner runner(one);
    if (!runner.ok()) {
      std::fprintf(stderr, "%s: the definition does not parse\n", one.name.c_str());
      return 1;
    }
    const double micros = microseconds_per_call([&runner] { runner.run(); });
    std::printf(R"({"row":"machine/%s","us":%.2f,"events":%zu,"record_bytes":%zu})"
                "\n",
                one.name.c_str(), micros, runner.events(), runner.bytes());
    std::fflush(stdout);
  }
  return 0;
}
