// Who hears of commits hears of them when they are durable, and of what was asked for.
#include "store/observed_store.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "store/sim_store.h"

namespace pawl::store {
namespace {

Batch batch_of(const std::string& key) {
  Batch batch;
  batch.put(Space::kState, key, "value");
  return batch;
}

TEST(ObservedStore, TellsAfterTheCommitOfWhatIsWanted) {
  std::vector<std::string> heard;
  ObservedStore store(SimStore::make(),
                      [&heard](ShardId, const Batch& batch) -> std::function<void()> {
                        const std::string key = batch.rows.front().key;
                        if (key == "quiet") return {};
                        heard.push_back("prepared " + key);
                        return [&heard, key] { heard.push_back("told " + key); };
                      });
  const auto commit = [&](const std::string& key) {
    store.commit(3, batch_of(key), [&heard, key](Outcome outcome) {
      EXPECT_EQ(outcome, Outcome::kCommitted);
      heard.push_back("done " + key);
    });
  };
  commit("quiet");
  commit("loud");
  EXPECT_EQ(heard,
            (std::vector<std::string>{"done quiet", "prepared loud", "done loud", "told loud"}));
  EXPECT_EQ(store.get(3, Space::kState, "quiet"), "value");
  EXPECT_EQ(store.get(3, Space::kState, "loud"), "value");
}

}  // namespace
}  // namespace pawl::store
