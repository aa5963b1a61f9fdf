// Passing answers between threads.
#include "api/mailbox.h"

namespace pawl::api {

void Mailbox::put(Answer answer) {
  const std::lock_guard lock(mutex_);
  if (!wake_) return;
  answers_.push_back(std::move(answer));
  if (answers_.size() == 1) wake_();
}

std::vector<Answer> Mailbox::take() {
  const std::lock_guard lock(mutex_);
  std::vector<Answer> taken;
  taken.swap(answers_);
  return taken;
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
  answers_.clear();
}

Ticket::Ticket(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Counters> counters,
               std::uint64_t connection, std::uint64_t request, Dropped dropped)
    : mailbox_(std::move(mailbox)),
      counters_(std::move(counters)),
      connection_(connection),
      request_(request),
      dropped_(std::move(dropped)) {
  ++counters_->requests_in_flight;
}

Ticket::~Ticket() {
  if (!answered_) answer(dropped_());
}

void Ticket::answer(HttpResponse response) {
  if (answered_.exchange(true)) return;
  --counters_->requests_in_flight;
  if (std::this_thread::get_id() == owner_ && direct_) {
    direct_response_ = std::move(response);
    return;
  }
  mailbox_->put({connection_, request_, std::move(response)});
}

std::optional<HttpResponse> Ticket::take_direct() {
  direct_ = false;
  return std::move(direct_response_);
}

}  // namespace pawl::api
