#include "runtime/task_token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pawl::runtime {
namespace {

const TaskTokens::Task kTask{id_of_execution("arn"), 17};

TEST(TaskToken, NamesItsTask) {
  const TaskTokens tokens("secret");
  const auto task = tokens.parse(tokens.make(kTask));
  ASSERT_TRUE(task);
  EXPECT_EQ(task->execution, kTask.execution);
  EXPECT_EQ(task->task, kTask.task);
}

TEST(TaskToken, IsNotAcceptedUnderAnotherKey) {
  EXPECT_FALSE(TaskTokens("other").parse(TaskTokens("secret").make(kTask)));
}

RC_GTEST_PROP(TaskToken, ChangedOrForeignTokensAreRefused, (std::string foreign)) {
  const TaskTokens tokens("secret");
  RC_ASSERT(!tokens.parse(foreign));
  std::string changed = tokens.make(kTask);
  const auto at = *rc::gen::inRange<std::size_t>(0, changed.size());
  const char other = *rc::gen::arbitrary<char>();
  RC_PRE(changed[at] != other);
  changed[at] = other;
  RC_ASSERT(!tokens.parse(changed));
}

}  // namespace
}  // namespace pawl::runtime
