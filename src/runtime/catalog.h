// The catalog: small durable records of the control plane (machines, activities, functions, tags),
// all of them in memory, kept in one shard of the store. Few writes, many reads.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace pawl::runtime {

class Catalog {
 public:
  using Table = std::map<std::string, std::string, std::less<>>;

  // One record written (or, without a value, deleted).
  struct Change {
    std::string table;
    std::string key;
    std::optional<std::string> record;
  };

  // What an update may look at: nothing else changes the catalog meanwhile.
  class View {
   public:
    explicit View(const std::map<std::string, Table, std::less<>>& tables) : tables_(tables) {}
    const std::string* find(std::string_view table, std::string_view key) const;
    const Table& table(std::string_view name) const;

   private:
    const std::map<std::string, Table, std::less<>>& tables_;
  };

  // Loads every record. `store` outlives the catalog.
  explicit Catalog(store::Store& store);

  // Reads show durable records only. Thread-safe.
  std::optional<std::string> get(std::string_view table, std::string_view key) const;
  // Records with key > `after`, at most `limit`, in key order.
  std::vector<std::pair<std::string, std::string>> list(std::string_view table,
                                                        std::string_view after,
                                                        std::size_t limit) const;
  void for_each(std::string_view table,
                const std::function<void(const std::string&, const std::string&)>& visit) const;

  // Updates run one at a time, in call order: `decide` sees all earlier updates' changes and
  // answers its own (none: nothing is written); `done` runs when they are durable and readable.
  // Either may run on another thread. Thread-safe.
  void update(std::function<std::vector<Change>(const View&)> decide, std::function<void()> done);

 private:
  struct Update {
    std::function<std::vector<Change>(const View&)> decide;
    std::function<void()> done;
  };
  void run_next();
  void write(std::vector<Change> changes, std::function<void()> done);
  void finish(const std::vector<Change>& changes);

  store::Store& store_;
  mutable std::shared_mutex tables_mutex_;
  std::map<std::string, Table, std::less<>> tables_;
  std::mutex queue_mutex_;
  std::deque<Update> queue_;
  bool running_ = false;
};

}  // namespace pawl::runtime
