// Catalog updates of an object that may end before the catalog answers.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/catalog.h"

namespace pawl::lambda {

// Thread-safe.
class CatalogWriter {
 public:
  using Decide =
      std::function<std::vector<runtime::Catalog::Change>(const runtime::Catalog::View& view)>;

  explicit CatalogWriter(runtime::Catalog& catalog) : catalog_(catalog) {}
  CatalogWriter(const CatalogWriter&) = delete;
  CatalogWriter& operator=(const CatalogWriter&) = delete;

  // As Catalog::update; after close() neither function runs any more, and nothing is written.
  void update(Decide decide, std::function<void()> done) {
    catalog_.update(
        [gate = gate_, decide = std::move(decide)](const runtime::Catalog::View& view) {
          const Pass pass(*gate);
          return pass ? decide(view) : std::vector<runtime::Catalog::Change>();
        },
        [gate = gate_, done = std::move(done)] {
          const Pass pass(*gate);
          if (pass) done();
        });
  }
  // Waits for functions that run now. Not from inside one.
  void close() {
    std::unique_lock lock(gate_->mutex);
    gate_->open = false;
    gate_->changed.wait(lock, [this] { return gate_->inside == 0; });
  }
  const runtime::Catalog& catalog() const { return catalog_; }

 private:
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = true;  // guarded by mutex
    int inside = 0;    // guarded by mutex
  };
  // Inside the gate for as long as it lives, if the gate was open.
  class Pass {
   public:
    explicit Pass(Gate& gate) : gate_(gate) {
      const std::lock_guard lock(gate_.mutex);
      entered_ = gate_.open;
      if (entered_) ++gate_.inside;
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass() {
      if (!entered_) return;
      const std::lock_guard lock(gate_.mutex);
      if (--gate_.inside == 0) gate_.changed.notify_all();
    }
    explicit operator bool() const { return entered_; }

   private:
    Gate& gate_;
    bool entered_ = false;
  };

  runtime::Catalog& catalog_;
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
};

}  // namespace pawl::lambda
