#include "runtime/log_pair.h"

#include <gtest/gtest.h>

#include <string>

namespace pawl::runtime {
namespace {

// Notes what is delivered to it, if it takes anything.
class Notes final : public ExecutionLog {
 public:
  Notes(std::string name, std::string& delivered, std::size_t events_min)
      : name_(std::move(name)), delivered_(delivered), events_min_(events_min) {}

  Delivery prepare(const machine::Identity&, std::int32_t redrive_count,
                   const std::vector<machine::Event>& events) const override {
    if (events.size() < events_min_) return nullptr;
    return [this, redrive_count, count = events.size()] {
      delivered_ += name_ + std::to_string(redrive_count) + std::to_string(count) + " ";
    };
  }

 private:
  const std::string name_;
  std::string& delivered_;
  const std::size_t events_min_;
};

struct Case {
  std::size_t events;
  const char* delivered;  // by a log that takes one event, and one that takes two at least
};

TEST(LogPair, EachLogGetsWhatItTakes) {
  for (const Case& one : {Case{0, ""}, Case{1, "a51 "}, Case{2, "a52 b52 "}}) {
    std::string delivered;
    const SharedLog pair = both_logs(std::make_shared<Notes>("a", delivered, 1),
                                     std::make_shared<Notes>("b", delivered, 2));
    const auto deliver = pair->prepare({}, 5, std::vector<machine::Event>(one.events));
    EXPECT_EQ(delivered, "") << "before the events are facts";
    EXPECT_EQ(deliver != nullptr, one.events > 0);
    if (deliver) deliver();
    EXPECT_EQ(delivered, one.delivered);
  }
}

TEST(LogPair, OneLogAloneStaysItself) {
  std::string delivered;
  const SharedLog only = std::make_shared<Notes>("a", delivered, 1);
  EXPECT_EQ(both_logs(only, nullptr), only);
  EXPECT_EQ(both_logs(nullptr, only), only);
  EXPECT_EQ(both_logs(nullptr, nullptr), nullptr);
}

}  // namespace
}  // namespace pawl::runtime
