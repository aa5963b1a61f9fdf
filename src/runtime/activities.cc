#include "runtime/activities.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace pawl::runtime {

// Our own: a waiting poll is a request in flight, and of those the server takes 4,096.
constexpr std::size_t kAllPollersMax = 3'072;

void Activities::offer(const std::string& activity_arn, const ExecutionId& execution,
                       machine::EventId task) {
  {
    const std::lock_guard lock(mutex_);
    const Offer offer{execution, task};
    if (positions_.contains(offer)) return;
    auto& offers = activities_[activity_arn].offers;
    positions_[offer] = {activity_arn, offers.insert(offers.end(), offer)};
  }
  match(activity_arn);
}

void Activities::withdraw(const ExecutionId& execution, machine::EventId task) {
  const std::lock_guard lock(mutex_);
  const auto found = positions_.find({execution, task});
  if (found == positions_.end()) return;
  activities_[found->second.activity_arn].offers.erase(found->second.offer);
  positions_.erase(found);
}

std::optional<Activities::PollId> Activities::poll(const std::string& activity_arn,
                                                   std::optional<std::string> worker_name,
                                                   BootMillis deadline, PollReply reply) {
  PollId id;
  {
    const std::lock_guard lock(mutex_);
    auto& polls = activities_[activity_arn].polls;
    if (polls.size() >= kPollersMax || polls_waiting_ >= kAllPollersMax) return std::nullopt;
    last_seen_[activity_arn] = now_;
    id = PollId{++last_poll_};
    enqueue(polls, polls.end(), {id, std::move(worker_name), deadline, std::move(reply)});
  }
  match(activity_arn);
  return id;
}

void Activities::withdraw_poll(const std::string& activity_arn, PollId poll) {
  std::optional<Poll> withdrawn;
  {
    const std::lock_guard lock(mutex_);
    if (handing_over_.erase(poll) > 0) return;
    const auto activity = activities_.find(activity_arn);
    if (activity == activities_.end()) return;
    auto& polls = activity->second.polls;
    const auto found = std::find_if(polls.begin(), polls.end(),
                                    [&](const Poll& waiting) { return waiting.id == poll; });
    if (found == polls.end()) return;
    withdrawn.emplace(dequeue(polls, found));
  }
  withdrawn->reply(std::nullopt);
}

void Activities::enqueue(std::list<Poll>& polls, std::list<Poll>::iterator before, Poll poll) {
  polls.insert(before, std::move(poll));
  ++polls_waiting_;
}

Activities::Poll Activities::dequeue(std::list<Poll>& polls, std::list<Poll>::iterator poll) {
  Poll taken = std::move(*poll);
  polls.erase(poll);
  --polls_waiting_;
  return taken;
}

void Activities::match(const std::string& activity_arn) {
  for (;;) {
    std::optional<std::pair<Offer, Poll>> pair;
    {
      const std::lock_guard lock(mutex_);
      Activity& activity = activities_[activity_arn];
      if (activity.offers.empty() || activity.polls.empty()) return;
      pair.emplace(activity.offers.front(), dequeue(activity.polls, activity.polls.begin()));
      positions_.erase(activity.offers.front());
      activity.offers.pop_front();
      handing_over_.insert(pair->second.id);
      last_seen_[activity_arn] = now_;
    }
    hand_over(activity_arn, pair->first, std::move(pair->second));
  }
}

void Activities::hand_over(const std::string& activity_arn, Offer offer, Poll poll) {
  machine::TaskTaken taken{offer.task, poll.worker_name};
  deliver_(offer.execution, std::move(taken),
           [this, activity_arn, offer, poll = std::move(poll)](Delivery delivery) mutable {
             const bool is_given =
                 delivery.kind == Delivery::Kind::kAccepted && delivery.task_input.has_value();
             bool is_withdrawn = false;
             {
               const std::lock_guard lock(mutex_);
               is_withdrawn = handing_over_.erase(poll.id) == 0;
               if (!is_given && !is_withdrawn) {
                 // The task was gone: the poll goes on waiting, first in line.
                 auto& polls = activities_[activity_arn].polls;
                 enqueue(polls, polls.begin(), std::move(poll));
               }
             }
             if (is_given) {
               // Also to who has gone: the history says that the task was started.
               poll.reply(Assignment{tokens_.make({offer.execution, offer.task}),
                                     std::move(*delivery.task_input)});
             } else if (is_withdrawn) {
               poll.reply(std::nullopt);
             } else {
               match(activity_arn);
             }
           });
}

Activities::Attendance Activities::attendance(const std::string& activity_arn) {
  const std::lock_guard lock(mutex_);
  Attendance attendance;
  if (const auto found = activities_.find(activity_arn); found != activities_.end()) {
    attendance.polling = found->second.polls.size();
  }
  if (const auto seen = last_seen_.find(activity_arn); seen != last_seen_.end()) {
    attendance.last_seen = seen->second;
  }
  return attendance;
}

void Activities::expire(BootMillis now) {
  std::vector<PollReply> expired;
  {
    const std::lock_guard lock(mutex_);
    if (now != INT64_MAX) now_ = now;
    for (auto& [arn, activity] : activities_) {
      auto& polls = activity.polls;
      for (auto poll = polls.begin(); poll != polls.end();) {
        if (poll->deadline > now) {
          ++poll;
          continue;
        }
        last_seen_[arn] = now_;
        expired.push_back(dequeue(polls, poll++).reply);
      }
    }
    std::erase_if(activities_, [](const auto& entry) {
      return entry.second.polls.empty() && entry.second.offers.empty();
    });
  }
  for (const PollReply& reply : expired) reply(std::nullopt);
}

void Activities::close() { expire(INT64_MAX); }

}  // namespace pawl::runtime
