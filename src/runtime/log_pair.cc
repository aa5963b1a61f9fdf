#include "runtime/log_pair.h"

#include <utility>

namespace pawl::runtime {

namespace {

class LogPair final : public ExecutionLog {
 public:
  LogPair(SharedLog first, SharedLog second)
      : first_(std::move(first)), second_(std::move(second)) {}

  Delivery prepare(const machine::Identity& identity, std::int32_t redrive_count,
                   const std::vector<machine::Event>& events) const override {
    Delivery first = first_->prepare(identity, redrive_count, events);
    Delivery second = second_->prepare(identity, redrive_count, events);
    if (!first) return second;
    if (!second) return first;
    return [first = std::move(first), second = std::move(second)] {
      first();
      second();
    };
  }

 private:
  const SharedLog first_;
  const SharedLog second_;
};

}  // namespace

SharedLog both_logs(SharedLog first, SharedLog second) {
  if (!first) return second;
  if (!second) return first;
  return std::make_shared<LogPair>(std::move(first), std::move(second));
}

}  // namespace pawl::runtime
