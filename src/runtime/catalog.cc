#include "runtime/catalog.h"

#include <utility>

namespace pawl::runtime {

namespace {

// The catalog's place in the store: rows "c" table NUL key of shard 0. Table names hold no NUL.
constexpr store::ShardId kCatalogShard = 0;
constexpr char kRowPrefix = 'c';

std::string row_key(std::string_view table, std::string_view key) {
  ENSURE(table.find('\0') == std::string_view::npos, table);
  std::string row(1, kRowPrefix);
  row.append(table).push_back('\0');
  row.append(key);
  return row;
}

}  // namespace

const std::string* Catalog::View::find(std::string_view table, std::string_view key) const {
  const Table& records = this->table(table);
  const auto record = records.find(key);
  return record == records.end() ? nullptr : &record->second;
}

const Catalog::Table& Catalog::View::table(std::string_view name) const {
  static const Table kEmpty;
  const auto found = tables_.find(name);
  return found == tables_.end() ? kEmpty : found->second;
}

Catalog::Catalog(store::Store& store) : store_(store) {
  const std::string from(1, kRowPrefix);
  const std::string to(1, static_cast<char>(kRowPrefix + 1));
  store_.scan(kCatalogShard, store::Space::kState, from, to, store::Store::Direction::kForward,
              [this](std::string_view row, std::string_view record) {
                row.remove_prefix(1);
                const std::size_t end = row.find('\0');
                ENSURE(end != std::string_view::npos, row);
                Table& table = tables_[std::string(row.substr(0, end))];
                table.emplace(row.substr(end + 1), record);
                return true;
              });
}

std::optional<std::string> Catalog::get(std::string_view table, std::string_view key) const {
  const std::shared_lock lock(tables_mutex_);
  const std::string* record = View(tables_).find(table, key);
  if (record == nullptr) return std::nullopt;
  return *record;
}

std::vector<std::pair<std::string, std::string>> Catalog::list(std::string_view table,
                                                               std::string_view after,
                                                               std::size_t limit) const {
  const std::shared_lock lock(tables_mutex_);
  const Table& records = View(tables_).table(table);
  std::vector<std::pair<std::string, std::string>> page;
  for (auto record = after.empty() ? records.begin() : records.upper_bound(after);
       record != records.end() && page.size() < limit; ++record) {
    page.emplace_back(record->first, record->second);
  }
  return page;
}

void Catalog::for_each(
    std::string_view table,
    const std::function<void(const std::string&, const std::string&)>& visit) const {
  const std::shared_lock lock(tables_mutex_);
  for (const auto& [key, record] : View(tables_).table(table)) visit(key, record);
}

void Catalog::update(std::function<std::vector<Change>(const View&)> decide,
                     std::function<void()> done) {
  {
    const std::lock_guard lock(queue_mutex_);
    queue_.push_back({std::move(decide), std::move(done)});
    if (running_) return;
    running_ = true;
  }
  run_next();
}

// Runs updates until one has something to write; its commit goes on with the rest. While
// `running_` is set nobody else writes `tables_`, so `decide` reads it without the lock.
void Catalog::run_next() {
  for (;;) {
    Update next;
    {
      const std::lock_guard lock(queue_mutex_);
      if (queue_.empty()) {
        running_ = false;
        return;
      }
      next = std::move(queue_.front());
      queue_.pop_front();
    }
    std::vector<Change> changes = next.decide(View(tables_));
    if (!changes.empty()) {
      write(std::move(changes), std::move(next.done));
      return;
    }
    if (next.done) next.done();
  }
}

// The catalog is the only writer of its rows and a batch of puts and deletes may be written twice,
// so an outcome other than committed is answered by handing over the same batch again.
void Catalog::write(std::vector<Change> changes, std::function<void()> done) {
  store::Batch batch;
  for (const Change& change : changes) {
    std::string key = row_key(change.table, change.key);
    batch.rows.push_back({store::Space::kState, std::move(key), change.record});
  }
  store_.commit(
      kCatalogShard, std::move(batch),
      [this, changes = std::move(changes), done = std::move(done)](store::Outcome outcome) mutable {
        if (outcome != store::Outcome::kCommitted) {
          write(std::move(changes), std::move(done));
          return;
        }
        finish(changes);
        if (done) done();
        run_next();
      });
}

void Catalog::finish(const std::vector<Change>& changes) {
  const std::unique_lock lock(tables_mutex_);
  for (const Change& change : changes) {
    Table& table = tables_[change.table];
    if (change.record) {
      table.insert_or_assign(change.key, *change.record);
    } else {
      table.erase(change.key);
    }
  }
}

}  // namespace pawl::runtime
