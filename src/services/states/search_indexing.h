// Executions that were there before their machine declared a search attribute get their values in
// the background (docs/search.md, docs/adr/0027): shard after shard, some executions at a time.
//
// How far that has come is a record of the catalog, made together with the declaration, so that the
// next process goes on there. Doing a part twice does no harm.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "json/writer.h"
#include "runtime/catalog.h"
#include "runtime/engine.h"

namespace pawl::states {

// By machine ARN; a machine whose executions are all indexed has none.
inline constexpr std::string_view kIndexingTable = "search-indexing";

class SearchIndexing {
 public:
  struct Progress {
    store::ShardId shard = 0;  // those before it are done
    std::string key;           // where it goes on there; empty: at the beginning
    std::int64_t examined = 0;
    std::int64_t indexed = 0;
  };

  // Both outlive it.
  SearchIndexing(runtime::Engine& engine, runtime::Catalog& catalog)
      : engine_(engine), catalog_(catalog) {}

  // The record of a machine's indexing that has not begun.
  static std::string first_record();
  // A record is about to be made or replaced by first_record(), in this update of the catalog: what
  // is under way writes none any more.
  void give_way(const std::string& machine);
  // It was made: begins, from the first execution.
  void begin(const std::string& machine);
  // At start-up: goes on with all that records say is not done.
  void resume();
  // The machines under way, as members of an open array.
  void write(json::Writer& out, std::string_view only) const;

 private:
  struct Job {
    std::uint64_t number =
        0;  // of the declaration it is for: an older one's answers are passed over
    Progress progress;
    int unsaved = 0;  // pages since the record was written
  };

  void start(const std::string& machine, Progress from);
  void step(const std::string& machine, std::uint64_t number, const Progress& from);
  void page_came(const std::string& machine, std::uint64_t number,
                 const runtime::IndexedPage& page);
  // Writes the record, or removes it when there is nothing left to do, and then goes on.
  void save(const std::string& machine, std::uint64_t number, const Progress& progress);

  runtime::Engine& engine_;
  runtime::Catalog& catalog_;
  mutable std::mutex mutex_;
  std::map<std::string, Job, std::less<>> jobs_;
  std::uint64_t last_number_ = 0;
};

}  // namespace pawl::states
