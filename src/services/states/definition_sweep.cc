#include "services/states/definition_sweep.h"

#include <algorithm>
#include <iterator>

#include "runtime/revisions_in_use.h"
#include "services/states/past_revisions.h"
#include "services/states/revisions.h"

namespace pawl::states {

namespace {

using runtime::Catalog;

using Hashes = std::set<std::string>;
// Calls back for each record of a table.
using Visit = std::function<void(const std::string& key, const std::string& record)>;
using ForEach = std::function<void(std::string_view table, const Visit& visit)>;

// What state machines, their versions and their past revisions refer to.
Hashes published(const ForEach& for_each) {
  Hashes hashes;
  for_each(kMachineTable, [&](const std::string&, const std::string& record) {
    if (const auto machine = MachineRecord::from_json(json::Value::trusted(record))) {
      hashes.insert(machine->definition_hash);
    }
  });
  for_each(kVersionTable, [&](const std::string&, const std::string& record) {
    if (const auto version = VersionRecord::from_json(json::Value::trusted(record))) {
      hashes.insert(version->machine.definition_hash);
    }
  });
  for_each(kPastRevisionTable, [&](const std::string&, const std::string& record) {
    for (PastRevision& revision : read_past_revisions(record)) {
      hashes.insert(std::move(revision.definition_hash));
    }
  });
  return hashes;
}

}  // namespace

void DefinitionSweep::run(std::chrono::seconds period) {
  thread_ = std::thread([this, period] { loop(period); });
}

void DefinitionSweep::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool DefinitionSweep::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void DefinitionSweep::loop(std::chrono::seconds period) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, period, [this] { return stopping_; })) return;
    }
    pass();
  }
}

std::size_t DefinitionSweep::pass() {
  const ForEach for_each = [this](std::string_view table, const Visit& visit) {
    catalog_.for_each(table, visit);
  };
  Hashes unused;
  for_each(kDefinitionTable,
           [&](const std::string& hash, const std::string&) { unused.insert(hash); });
  for (const std::string& hash : published(for_each)) unused.erase(hash);
  const auto in_use =
      runtime::revisions_in_use(store_, engine_.horizon(), [this] { return !stopping(); });
  if (!in_use) return 0;
  for (const std::string& hash : *in_use) unused.erase(hash);
  Hashes twice;
  std::ranges::set_intersection(unused, unused_, std::inserter(twice, twice.end()));
  unused_ = std::move(unused);
  if (!twice.empty()) erase(twice);
  return twice.size();
}

// But for what a machine refers to again: nothing changes meanwhile.
void DefinitionSweep::erase(const Hashes& hashes) {
  const auto gone = std::make_shared<std::vector<Catalog::Change>>();
  catalog_.update(
      [hashes, gone](const Catalog::View& view) {
        const Hashes kept = published([&](std::string_view table, const Visit& visit) {
          for (const auto& [key, record] : view.table(table)) visit(key, record);
        });
        for (const std::string& hash : hashes) {
          if (!kept.contains(hash)) gone->push_back({std::string(kDefinitionTable), hash, {}});
        }
        return *gone;
      },
      [&directory = directory_, gone] {
        for (const Catalog::Change& change : *gone) directory.forget_definition(change.key);
      });
}

}  // namespace pawl::states
