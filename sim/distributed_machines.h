// Random machines of one Distributed Map: concurrency, tolerated failures, batches, children of
// both types that succeed, fail, wait, and call functions.
#pragma once

#include <string>
#include <vector>

#include "base/rng.h"

namespace pawl::sim {

class DistributedMaker {
 public:
  explicit DistributedMaker(std::uint64_t seed) : rng_(seed) {}

  std::string make() {
    return R"({"StartAt":"M","States":{"M":{"Type":"Map",)" + numbers() +
           R"("ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":)" +
           pick({R"("STANDARD")", R"("EXPRESS")"}) + "}," + child() + "}," + recovery() +
           R"("End":true}}})";
  }

  std::string make_input() {
    std::string items;
    for (std::uint64_t left = rng_.next() % 14; left > 0; --left) {
      items += (items.empty() ? "" : ",") + std::to_string(left);
    }
    return "[" + items + "]";
  }

 private:
  std::string pick(const std::vector<std::string>& choices) {
    return choices[rng_.next() % choices.size()];
  }

  std::string numbers() {
    return pick({"", R"("MaxConcurrency":1,)", R"("MaxConcurrency":3,)"}) +
           pick({"", R"("ToleratedFailureCount":1,)", R"("ToleratedFailureCount":100,)",
                 R"("ToleratedFailurePercentage":30,)"}) +
           pick({"", "", R"("ItemBatcher":{"MaxItemsPerBatch":3},)"});
  }

  std::string child() {
    const std::string function =
        R"("Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",)";
    return pick({R"("StartAt":"T","States":{"T":{)" + function + R"("End":true}})",
                 R"("StartAt":"T","States":{"T":{)" + function +
                     R"("Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],"End":true}})",
                 R"("StartAt":"P","States":{"P":{"Type":"Pass","End":true}})",
                 R"("StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"T"},"T":{)" +
                     function + R"("End":true}})",
                 R"("StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}})"});
  }

  std::string recovery() {
    return pick({"", "", R"("Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],)"});
  }

  SeededRng rng_;
};

}  // namespace pawl::sim
