// Deletes stored definitions that nothing refers to any more: no state machine, no version, no
// past revision that is kept, no execution within the retention.
//
// Definitions become unreferenced, and a start or a fork that has read one may be on its way
// meanwhile; so a definition goes only when two passes, hours apart, have found it without use.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "runtime/engine.h"
#include "services/states/directory.h"

namespace pawl::states {

class DefinitionSweep {
 public:
  // All outlive it.
  DefinitionSweep(const runtime::Engine& engine, store::Store& store, runtime::Catalog& catalog,
                  Directory& directory)
      : engine_(engine), store_(store), catalog_(catalog), directory_(directory) {}
  ~DefinitionSweep() { stop(); }

  // A pass every `period`, on a thread of its own.
  void run(std::chrono::seconds period);
  void stop();

  // One pass. Answers how many definitions it asks to delete; the deletion follows.
  std::size_t pass();

 private:
  using Hashes = std::set<std::string>;
  void loop(std::chrono::seconds period);
  bool stopping();
  void erase(const Hashes& hashes);

  const runtime::Engine& engine_;
  store::Store& store_;
  runtime::Catalog& catalog_;
  Directory& directory_;
  Hashes unused_;  // what the last pass found
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace pawl::states
