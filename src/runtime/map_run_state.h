// A Map Run while it runs: its record, and what a restart finds out again. In the memory of its
// parent's shard (map_runs.h).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "machine/map_run_settings.h"
#include "objects/item_stream.h"
#include "runtime/map_run.h"

namespace pawl::runtime {

// What a child begins with.
struct MapChildInput {
  json::Value input;
  MapRunCursor before;
  std::int64_t items = 0;
};

// An item on its way to its child.
struct ReadItem {
  json::Value value;
  std::optional<std::string> key{};       // of an object's member
  std::string source{};                   // empty: the run's
  std::string position;                   // behind it
  std::optional<json::Value> selected{};  // what ItemSelector made of it
};

// Items read off the shard's thread.
struct ReadPage {
  std::uint64_t ticket = 0;
  std::shared_ptr<objects::ItemStream> stream;
  std::vector<ReadItem> items;
  bool at_end = false;
  std::optional<machine::Fault> fault;
};

struct MapRun {
  ExecutionId id;
  ExecutionId parent;
  MapRunRecord record;
  machine::MapRunSettings settings;
  std::string source;  // of its items, as the Context Object shows it
  json::Value state_items;

  // Children asked to start, with the cursor before each of them and their items.
  struct Starting {
    ExecutionId id;
    MapRunCursor before;
    std::int64_t items = 0;
  };
  std::map<std::int64_t, Starting> starting;

  MapRunCursor next;           // of the next child to make
  MapRunCursor read;           // of the next item to read; `child` is not used
  std::deque<ReadItem> ready;  // items from `next` to `read`
  std::uint64_t ticket = 0;    // of the page that is being read; 0: none is
  bool batch_waits = false;    // the next batch needs more items than are ready
  bool end_of_items = false;   // `read` is the end
  std::shared_ptr<objects::ItemStream> stream;
  bool stopped = false;          // the open children were told to stop
  std::uint64_t collecting = 0;  // ticket of the results that are being collected; 0: none are
  // Of a run that ends early: children that may have been started, which nothing says.
  std::set<std::int64_t> doubtful;
  // Of a redrive: children that were asked, and the next one to ask.
  std::set<std::int64_t> redriving;
  std::int64_t redrive_next = 0;
  bool changed = false;  // the row is older than the record
};

}  // namespace pawl::runtime
