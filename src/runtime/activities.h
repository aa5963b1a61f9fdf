// Activities: tasks that wait for a worker to poll them (States Language, "Activity"; AWS
// GetActivityTask). A volatile matchmaker: the tasks themselves are durable in their executions
// and offered again at start-up. Being handed out is an Input of its own, durable before the worker
// gets the token.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/clock.h"
#include "json/value.h"
#include "runtime/shard_environment.h"
#include "runtime/tasks.h"

namespace pawl::runtime {

class Activities {
 public:
  // AWS: "no more than 1,000 pollers per activity ARN".
  static constexpr std::size_t kPollersMax = 1'000;

  struct Assignment {
    std::string task_token;
    json::Value input;
  };
  // Without an assignment: nothing came in time.
  using PollReply = std::function<void(std::optional<Assignment>)>;
  using Deliver =
      std::function<void(const ExecutionId&, machine::Input, std::function<void(Delivery)>)>;

  Activities(const TaskTokens& tokens, Deliver deliver)
      : tokens_(tokens), deliver_(std::move(deliver)) {}

  void offer(const std::string& activity_arn, const ExecutionId& execution, machine::EventId task);
  void withdraw(const ExecutionId& execution, machine::EventId task);

  enum class PollId : std::uint64_t {};
  // Answers nothing, and never replies, when the activity has its most pollers already. The reply
  // may come before the answer.
  std::optional<PollId> poll(const std::string& activity_arn,
                             std::optional<std::string> worker_name, BootMillis deadline,
                             PollReply reply);
  // Nobody waits for this poll any more: it is answered now, without an assignment. One that has
  // been given a task gets it all the same: that it was taken is an Input on its way to the
  // execution's history. One that was answered is left alone.
  void withdraw_poll(const std::string& activity_arn, PollId poll);
  // Who works for an activity.
  struct Attendance {
    std::size_t polling = 0;
    // When a worker last polled, to a second; nothing: none has since the server started.
    std::optional<BootMillis> last_seen{};
  };
  Attendance attendance(const std::string& activity_arn);
  // Replies to polls whose deadline has come.
  void expire(BootMillis now);
  // Replies to every poll: the server stops.
  void close();

 private:
  struct Offer {
    ExecutionId execution;
    machine::EventId task;
    friend bool operator==(const Offer&, const Offer&) = default;
  };
  struct Poll {
    PollId id;
    std::optional<std::string> worker_name;
    BootMillis deadline;
    PollReply reply;
  };
  struct Activity {
    std::list<Offer> offers;
    std::list<Poll> polls;
  };
  struct Position {
    std::string activity_arn;
    std::list<Offer>::iterator offer;
  };
  struct OfferHash {
    std::size_t operator()(const Offer& offer) const {
      return ExecutionIdHash{}(offer.execution) ^
             static_cast<std::size_t>(offer.task) * 0x9e3779b9u;
    }
  };

  // All polls come and go through these two, under the lock.
  void enqueue(std::list<Poll>& polls, std::list<Poll>::iterator before, Poll poll);
  Poll dequeue(std::list<Poll>& polls, std::list<Poll>::iterator poll);
  // Pairs offers and polls as long as there are both.
  void match(const std::string& activity_arn);
  void hand_over(const std::string& activity_arn, Offer offer, Poll poll);

  const TaskTokens& tokens_;
  Deliver deliver_;
  std::mutex mutex_;
  std::map<std::string, Activity> activities_;
  std::unordered_map<Offer, Position, OfferHash> positions_;
  std::size_t polls_waiting_ = 0;                // of all activities
  std::uint64_t last_poll_ = 0;                  // the id of the latest
  std::unordered_set<PollId> handing_over_{};    // given a task, not answered, not withdrawn
  std::map<std::string, BootMillis> last_seen_;  // of a worker, by activity
  BootMillis now_ = 0;                           // of the last expire()
};

}  // namespace pawl::runtime
