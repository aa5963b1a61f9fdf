#include "runtime/activities.h"

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

bool Activities::poll(const std::string& activity_arn, std::optional<std::string> worker_name,
                      BootMillis deadline, PollReply reply) {
  {
    const std::lock_guard lock(mutex_);
    std::size_t all = 0;
    for (const auto& [arn, activity] : activities_) all += activity.polls.size();
    auto& polls = activities_[activity_arn].polls;
    if (polls.size() >= kPollersMax || all >= kAllPollersMax) return false;
    last_seen_[activity_arn] = now_;
    polls.push_back({std::move(worker_name), deadline, std::move(reply)});
  }
  match(activity_arn);
  return true;
}

void Activities::match(const std::string& activity_arn) {
  for (;;) {
    std::optional<std::pair<Offer, Poll>> pair;
    {
      const std::lock_guard lock(mutex_);
      Activity& activity = activities_[activity_arn];
      if (activity.offers.empty() || activity.polls.empty()) return;
      pair.emplace(activity.offers.front(), std::move(activity.polls.front()));
      positions_.erase(activity.offers.front());
      activity.offers.pop_front();
      activity.polls.pop_front();
      last_seen_[activity_arn] = now_;
    }
    hand_over(activity_arn, pair->first, std::move(pair->second));
  }
}

void Activities::hand_over(const std::string& activity_arn, Offer offer, Poll poll) {
  machine::TaskTaken taken{offer.task, poll.worker_name};
  deliver_(offer.execution, std::move(taken),
           [this, activity_arn, offer, poll = std::move(poll)](Delivery delivery) mutable {
             if (delivery.kind == Delivery::Kind::kAccepted && delivery.task_input) {
               poll.reply(Assignment{tokens_.make({offer.execution, offer.task}),
                                     std::move(*delivery.task_input)});
               return;
             }
             // The task was gone: the poll goes on waiting, first in line.
             {
               const std::lock_guard lock(mutex_);
               activities_[activity_arn].polls.push_front(std::move(poll));
             }
             match(activity_arn);
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
        expired.push_back(std::move(poll->reply));
        poll = polls.erase(poll);
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
