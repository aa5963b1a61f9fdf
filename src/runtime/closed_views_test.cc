// What has just closed is told from memory; what is old is forgotten.
#include "runtime/closed_views.h"

#include <gtest/gtest.h>

#include "runtime/shard.h"

namespace pawl::runtime {
namespace {

ExecutionId id_of(int number) { return id_of_execution(std::to_string(number)); }

ClosedViews::View view_of(int number, std::size_t output_bytes = 0) {
  ExecutionView view;
  view.summary.event_count = static_cast<std::uint64_t>(number);
  view.output = json::Value::trusted('"' + std::string(output_bytes, 'x') + '"');
  return std::make_shared<const ExecutionView>(std::move(view));
}

TEST(ClosedViews, TellsWhatWasPutLast) {
  ClosedViews views;
  EXPECT_EQ(views.find(id_of(1)), nullptr);
  views.put(id_of(1), view_of(1));
  views.put(id_of(1), view_of(2));
  ASSERT_NE(views.find(id_of(1)), nullptr);
  EXPECT_EQ(views.find(id_of(1))->summary.event_count, 2u);
  views.erase(id_of(1));
  EXPECT_EQ(views.find(id_of(1)), nullptr);
}

TEST(ClosedViews, TheOldestMakeRoom) {
  ClosedViews views(1u << 20);
  for (int number = 0; number < 5'000; ++number) views.put(id_of(number), view_of(number, 1'000));
  EXPECT_EQ(views.find(id_of(0)), nullptr);
  ASSERT_NE(views.find(id_of(4'999)), nullptr);
  int kept = 0;
  for (int number = 0; number < 5'000; ++number) kept += views.find(id_of(number)) ? 1 : 0;
  EXPECT_GT(kept, 100);
  EXPECT_LT(kept, 1'100);
}

TEST(ClosedViews, OneThatIsTooLargeIsNotKept) {
  ClosedViews views(1u << 20);
  views.put(id_of(1), view_of(1, 2u << 20));
  EXPECT_EQ(views.find(id_of(1)), nullptr);
}

}  // namespace
}  // namespace pawl::runtime
