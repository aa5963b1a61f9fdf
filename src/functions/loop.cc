#include "functions/loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "base/ensure.h"

namespace pawl::functions {
namespace {

constexpr int kEventsMax = 64;
constexpr std::size_t kScratchBytes = 256 << 10;
constexpr int kWaitMillisMax = 60'000;

}  // namespace

Loop::Loop()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wakeup_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      scratch_(kScratchBytes) {
  ENSURE(epoll_.open() && wakeup_.open(), errno);
  watch(wakeup_.get(), EPOLLIN, [this](std::uint32_t) {
    std::uint64_t count = 0;
    if (read(wakeup_.get(), &count, sizeof count) < 0) ENSURE(errno == EAGAIN, errno);
  });
}

Loop::~Loop() { stop(); }

void Loop::start() {
  thread_ = std::thread([this] { run(); });
}

void Loop::stop() {
  if (!thread_.joinable()) return;
  post([this] { stopping_ = true; });
  thread_.join();
}

void Loop::post(std::function<void()> work) {
  bool was_empty = false;
  {
    const std::lock_guard lock(posted_mutex_);
    was_empty = posted_.empty();
    posted_.push_back(std::move(work));
  }
  // Whoever made it non-empty has woken the loop; the loop itself looks before it sleeps.
  if (!was_empty || std::this_thread::get_id() == thread_id_.load()) return;
  const std::uint64_t one = 1;
  if (write(wakeup_.get(), &one, sizeof one) < 0) ENSURE(errno == EAGAIN, errno);
}

void Loop::watch(int fd, std::uint32_t epoll_events, Ready ready) {
  auto watch = std::make_unique<Watch>(Watch{fd, false, std::move(ready)});
  epoll_event event{};
  event.events = epoll_events;
  event.data.ptr = watch.get();
  ENSURE(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0, fd, errno);
  watches_[fd] = std::move(watch);
}

void Loop::change(int fd, std::uint32_t epoll_events) {
  const auto found = watches_.find(fd);
  ENSURE(found != watches_.end(), fd);
  epoll_event event{};
  event.events = epoll_events;
  event.data.ptr = found->second.get();
  ENSURE(epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0, fd, errno);
}

void Loop::forget(int fd) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) return;
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  found->second->forgotten = true;
  graveyard_.push_back(std::move(found->second));
  watches_.erase(found);
}

void Loop::run() {
  thread_id_ = std::this_thread::get_id();
  epoll_event events[kEventsMax];
  while (!stopping_) {
    const int count = epoll_wait(epoll_.get(), events, kEventsMax, wait_millis());
    ENSURE(count >= 0 || errno == EINTR, errno);
    for (int i = 0; i < count; ++i) {
      auto* watch = static_cast<Watch*>(events[i].data.ptr);
      if (!watch->forgotten) watch->ready(events[i].events);
    }
    run_posted();
    fire_timers();
    graveyard_.clear();
  }
}

void Loop::run_posted() {
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(posted_mutex_);
    work.swap(posted_);
  }
  for (auto& item : work) item();
}

void Loop::fire_timers() {
  if (timers_.empty()) return;
  const MonotonicMicros now = monotonic_now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const auto fire = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    fire();
  }
}

int Loop::wait_millis() {
  {
    const std::lock_guard lock(posted_mutex_);
    if (!posted_.empty()) return 0;
  }
  if (timers_.empty()) return kWaitMillisMax;
  const MonotonicMicros left = timers_.begin()->first - monotonic_now();
  return static_cast<int>(std::clamp<MonotonicMicros>((left + 999) / 1'000, 0, kWaitMillisMax));
}

}  // namespace pawl::functions
