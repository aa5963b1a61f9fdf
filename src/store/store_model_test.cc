// Any batches, handed over without waiting so that the committer merges them, leave both stores
// with the same rows, before and after reopening.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "store/rocks_store.h"
#include "store/sim_store.h"
#include "store/test_directory.h"

namespace pawl::store {
namespace {

// Few keys, so that batches meet; of different lengths, so that one is another's prefix.
std::string any_key(int bytes_max) {
  return *rc::gen::container<std::string>(*rc::gen::inRange(0, bytes_max + 1),
                                          rc::gen::element('a', 'b', '\0', '\xff'));
}
std::string any_key() { return any_key(8); }
// Insertion hints are for keys that no deleted range begins with.
constexpr int kBoundBytesMax = 3;
bool arrives_in_order(Space, std::string_view key) { return key.size() > kBoundBytesMax; }

Space any_space() { return *rc::gen::element(Space::kState, Space::kHistory); }

Batch any_batch(int number) {
  Batch batch;
  for (int rows = *rc::gen::inRange(0, 6); rows > 0; --rows) {
    if (*rc::gen::inRange(0, 4) == 0) {
      batch.erase(any_space(), any_key());
    } else {
      batch.put(any_space(), any_key(), std::to_string(number));
    }
  }
  if (*rc::gen::inRange(0, 5) == 0) {
    batch.deleted_ranges.push_back({any_space(), any_key(kBoundBytesMax), any_key()});
  }
  return batch;
}

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows scan(const Store& store, ShardId shard, Space space, const std::string& from,
          const std::string& to, Store::Direction direction) {
  Rows rows;
  store.scan(shard, space, from, to, direction, [&](std::string_view key, std::string_view value) {
    rows.emplace_back(key, value);
    return true;
  });
  return rows;
}

void expect_same(const Store& a, const Store& b) {
  for (const ShardId shard : {ShardId{0}, ShardId{1}, ShardId{63}}) {
    for (const Space space : {Space::kState, Space::kHistory}) {
      const std::string from = any_key();
      const std::string to = any_key();
      for (const auto direction : {Store::Direction::kForward, Store::Direction::kBackward}) {
        RC_ASSERT(scan(a, shard, space, "", "", direction) ==
                  scan(b, shard, space, "", "", direction));
        RC_ASSERT(scan(a, shard, space, from, to, direction) ==
                  scan(b, shard, space, from, to, direction));
      }
      const std::string key = any_key();
      RC_ASSERT(a.get(shard, space, key) == b.get(shard, space, key));
    }
  }
}

RC_GTEST_PROP(RocksModel, BehavesAsTheStoreInMemory, ()) {
  const TestDirectory directory;
  RocksOptions options;
  options.directory = directory.path();
  options.arrives_in_order = arrives_in_order;
  auto rocks = open_rocks_store(options).value();
  const auto model = SimStore::make();
  for (int round = 0; round < 2; ++round) {
    std::promise<void> done;
    const int batches = *rc::gen::inRange(1, 40);
    for (int number = 1; number <= batches; ++number) {
      const ShardId shard = *rc::gen::element(ShardId{0}, ShardId{1}, ShardId{63});
      const Batch batch = any_batch(number);
      model->commit(shard, batch, {});
      rocks->commit(shard, batch, [&done, last = number == batches](Outcome) {
        if (last) done.set_value();
      });
    }
    done.get_future().get();
    expect_same(*rocks, *model);
    if (*rc::gen::inRange(0, 4) == 0) {
      rocks.reset();
      rocks = open_rocks_store(options).value();
      expect_same(*rocks, *model);
    }
  }
}

}  // namespace
}  // namespace pawl::store
